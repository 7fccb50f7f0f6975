using ModelFormat;
using ModelFormat.Numerics;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>
    /// LogSoftmax in float32 over the last axis: (x − max) − ln(1 + s), s the sum of e^(x − max) without the maximum's own 1.
    /// </summary>
    internal sealed class LogSoftmaxFloat32 : NanoKernel
    {
        // Below it 1 + s would lose digits of s, and three terms of the series have them all.
        private const float SmallSum = 0.002f;

        private readonly float[] input;
        private readonly float[] output;
        private readonly int depth;
        private readonly int rows;

        internal LogSoftmaxFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = (float[])context.OutputElements();
            depth = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / depth;
        }

        internal override void Run()
        {
            float[] x = input;
            float[] y = output;
            for (int row = 0; row < rows; row++)
            {
                int start = row * depth;
                int end = start + depth;
                int largest = start;
                for (int i = start; i < end; i++)
                {
                    largest = x[largest] < x[i] || x[i] != x[i] ? i : largest;
                }

                float max = x[largest];
                float sum = max - max;
                for (int i = start; i < end; i++)
                {
                    if (i != largest)
                    {
                        sum += FloatFunctions.Exp(x[i] - max);
                    }
                }

                float log = sum < SmallSum ? sum * (1f - (sum * (0.5f - (sum * (1f / 3f))))) : FloatFunctions.Log(1f + sum);
                for (int i = start; i < end; i++)
                {
                    y[i] = x[i] - max - log;
                }
            }
        }
    }
}
