using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Local response normalisation over the last axis in float32.</summary>
    internal sealed class LRNFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int depth;
        private readonly int elements;
        private readonly int before;
        private readonly int after;
        private readonly float factor;
        private readonly float exponent;
        private readonly float bias;

        internal LRNFloat32(BindContext context)
        {
            int size = context.Operator.Int(LRNRule.Size);
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            depth = context.Input(0).LastDimension;
            elements = context.Input(0).Elements;
            before = (size - 1) / 2;
            after = size - 1 - before;
            factor = context.Operator.Float(LRNRule.Alpha) / size;
            exponent = context.Operator.Float(LRNRule.Beta);
            bias = context.Operator.Float(LRNRule.Bias);
        }

        internal override void Run()
        {
            float[] x = input;
            float[] y = output;
            for (int start = 0; start < elements; start += depth)
            {
                int end = start + depth;
                for (int c = start; c < end; c++)
                {
                    int i = c - before < start ? start : c - before;
                    int last = c + after >= end ? end - 1 : c + after;
                    float squares = 0f;
                    for (; i <= last; i++)
                    {
                        float value = x[i];
                        squares += value * value;
                    }

                    y[c] = FloatMath.Divide(x[c], FloatPowers.Pow(bias + (factor * squares), exponent));
                }
            }
        }
    }
}
