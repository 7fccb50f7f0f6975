using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// LayerNormalization and its form without a mean in float32. The sum for the mean carries its rounding errors along, and what
    /// the mean is off by, the mean of the deviations, is taken back in the second pass.
    /// </summary>
    internal sealed class LayerNormalizationFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly float[] scale;
        private readonly float[] bias;
        private readonly int depth = 1;
        private readonly int elements;
        private readonly bool centers;
        private readonly float epsilon;

        internal LayerNormalizationFloat32(BindContext context)
        {
            TensorInfo x = context.Input(0);
            for (int axis = 1; axis <= context.Operator.Int(LayerNormalizationRule.Axes); axis++)
            {
                depth *= x.Dimension(-axis);
            }

            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            scale = context.InputFloats(1);
            bias = context.InputFloats(2);
            elements = x.Elements;
            centers = context.Operator.Int(LayerNormalizationRule.Center) != 0;
            epsilon = context.Operator.Float(LayerNormalizationRule.Epsilon);
        }

        internal override void Run()
        {
            for (int start = 0; start < elements; start += depth)
            {
                Normalize(start);
            }
        }

        private void Normalize(int start)
        {
            float[] x = input;
            float[] y = output;
            float[] factors = scale;
            float[] terms = bias;
            int end = start + depth;
            float mean = centers ? Sum(start, end) / depth : 0f;
            float squares = 0f;
            float error = 0f;
            float rest = 0f;
            for (int from = start; from < end;)
            {
                int to = end - from < FloatSums.Part ? end : from + FloatSums.Part;
                float part = 0f;
                float deviations = 0f;
                for (; from < to; from++)
                {
                    float deviation = x[from] - mean;
                    part += deviation * deviation;
                    deviations += deviation;
                }

                float after = squares + part;
                error += FloatSums.Lost(squares, part, after);
                squares = after;
                rest += deviations;
            }

            squares = FloatSums.Total(squares, error);
            rest = centers ? rest / depth : 0f;
            float factor = FloatMath.Divide(1f, FloatPowers.Sqrt((squares / depth) - (rest * rest) + epsilon));
            int k = 0;
            for (int i = start; i < end; i++)
            {
                float value = ((x[i] - mean) - rest) * factor;
                value = factors == null ? value : value * factors[k];
                y[i] = terms == null ? value : value + terms[k];
                k++;
            }
        }

        private float Sum(int start, int end)
        {
            float[] x = input;
            float sum = 0f;
            float error = 0f;
            for (int i = start; i < end; i++)
            {
                float value = x[i];
                float after = sum + value;
                float added = after - sum;
                error += (sum - (after - added)) + (value - added);
                sum = after;
            }

            return FloatSums.Total(sum, error);
        }
    }
}
