using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>RNN in float32: h' = f(W·x + R·h + b).</summary>
    internal sealed class RNNFloat32 : RecurrentCell
    {
        private readonly FloatMatrix recurrent;
        private readonly Activation f;
        private readonly float[] dots;

        internal RNNFloat32(BindContext context)
            : base(context, 1)
        {
            recurrent = Recurrent(context, 0, 1);
            f = Function(context, 0);
            dots = new float[Hidden];
        }

        protected override void Step(float[] products)
        {
            float[] sums = Gates;
            float[] b = Bias;
            int n = Hidden;
            Array.Clear(dots, 0, n);
            recurrent.Accumulate(State, 0, dots);
            for (int i = 0; i < n; i++)
            {
                sums[i] = b[i] + b[n + i] + products[i] + dots[i];
            }

            Activate(f, sums);
            Array.Copy(sums, State, n);
        }
    }
}
