using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// LogSoftmax in float32 over the last axis: (x − max) − ln(1 + s), s the sum of e^(x − max) without the maximum's own 1.
    /// </summary>
    internal sealed class LogSoftmaxFloat32 : RowsFloat32
    {
        // Below it 1 + s would lose digits of s, and three terms of the series have them all.
        private const float SmallSum = 0.002f;

        internal LogSoftmaxFloat32(BindContext context)
            : base(context)
        {
        }

        protected override void RunRow(float[] x, float[] y, int start, int end)
        {
            int largest = start;
            for (int i = start; i < end; i++)
            {
                largest = x[largest] < x[i] || x[i] != x[i] ? i : largest;
            }

            float max = x[largest];
            float sum = max - max;
            float error = 0f;
            for (int from = start; from < end;)
            {
                int to = end - from < FloatSums.Part ? end : from + FloatSums.Part;
                float part = 0f;
                for (; from < to; from++)
                {
                    if (from != largest)
                    {
                        part += FloatFunctions.Exp(x[from] - max);
                    }
                }

                float after = sum + part;
                error += FloatSums.Lost(sum, part, after);
                sum = after;
            }

            sum = FloatSums.Total(sum, error);

            float log = sum < SmallSum ? sum * (1f - (sum * (0.5f - (sum * (1f / 3f))))) : FloatFunctions.Log(1f + sum);
            for (int i = start; i < end; i++)
            {
                y[i] = x[i] - max - log;
            }
        }
    }
}
