using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Softmax in float32 over the last axis; the maximum is subtracted first, so that nothing overflows.</summary>
    internal sealed class SoftmaxFloat32 : RowsFloat32
    {
        private readonly float beta;

        internal SoftmaxFloat32(BindContext context)
            : base(context)
        {
            beta = context.Operator.Float(SoftmaxRule.Beta);
        }

        protected override void RunRow(float[] x, float[] y, int start, int end)
        {
            float max = x[start];
            for (int i = start; i < end; i++)
            {
                max = max < x[i] || x[i] != x[i] ? x[i] : max;
            }

            float sum = 0f;
            float error = 0f;
            for (int from = start; from < end;)
            {
                int to = end - from < FloatSums.Part ? end : from + FloatSums.Part;
                float part = 0f;
                for (; from < to; from++)
                {
                    float e = FloatFunctions.Exp(beta * (x[from] - max));
                    y[from] = e;
                    part += e;
                }

                float after = sum + part;
                error += FloatSums.Lost(sum, part, after);
                sum = after;
            }

            sum = FloatSums.Total(sum, error);
            for (int i = start; i < end; i++)
            {
                y[i] = FloatMath.Divide(y[i], sum);
            }
        }
    }
}
