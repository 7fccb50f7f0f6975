using ModelFormat;
using ModelFormat.Numerics;
using ModelFormat.Rules;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Softmax in float32 over the last axis; the maximum is subtracted first, so that nothing overflows.</summary>
    internal sealed class SoftmaxFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int depth;
        private readonly int rows;
        private readonly float beta;

        internal SoftmaxFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = (float[])context.OutputElements();
            depth = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / depth;
            beta = context.Operator.Float(SoftmaxRule.Beta);
        }

        internal override void Run()
        {
            float[] x = input;
            float[] y = output;
            for (int row = 0; row < rows; row++)
            {
                int start = row * depth;
                int end = start + depth;
                float max = x[start];
                for (int i = start; i < end; i++)
                {
                    max = max < x[i] || x[i] != x[i] ? x[i] : max;
                }

                float sum = 0f;
                for (int i = start; i < end; i++)
                {
                    float e = FloatFunctions.Exp(beta * (x[i] - max));
                    y[i] = e;
                    sum += e;
                }

                for (int i = start; i < end; i++)
                {
                    y[i] = FloatMath.Divide(y[i], sum);
                }
            }
        }
    }
}
