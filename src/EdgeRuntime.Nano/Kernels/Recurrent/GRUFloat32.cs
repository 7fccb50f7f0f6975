using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// GRU in float32: z = f(Wz·x + Rz·h + bz), r = f(Wr·x + Rr·h + br), h̃ = g(Wh·x + Rh·(r∘h) + bh), or, where the reset gate
    /// applies after the matrix, g(Wh·x + r∘(Rh·h + rbh) + wbh); h' = (1 − z)∘h̃ + z∘h.
    /// </summary>
    internal sealed class GRUFloat32 : RecurrentCell
    {
        private readonly FloatMatrix gateWeights;
        private readonly FloatMatrix candidateWeights;
        private readonly Activation f;
        private readonly Activation g;
        private readonly float[] gates;
        private readonly float[] candidate;
        private readonly float[] reset;
        private readonly float[] dots;

        internal GRUFloat32(BindContext context)
            : base(context, 3)
        {
            gateWeights = Recurrent(context, 0, 2);
            candidateWeights = Recurrent(context, 2, 1);
            f = Function(context, 0);
            g = Function(context, 1);
            gates = new float[2 * Hidden];
            dots = new float[2 * Hidden];
            candidate = new float[Hidden];
            reset = new float[Hidden];
        }

        protected override void Step(float[] products)
        {
            float[] b = Bias;
            float[] h = State;
            int n = Hidden;
            int all = 3 * n;
            Array.Clear(dots, 0, 2 * n);
            gateWeights.Accumulate(h, 0, dots);
            for (int i = 0; i < 2 * n; i++)
            {
                gates[i] = b[i] + b[all + i] + products[i] + dots[i];
            }

            Activate(f, gates);
            Propose(products);
            Activate(g, candidate);
            for (int i = 0; i < n; i++)
            {
                float z = gates[i];
                h[i] = ((1f - z) * candidate[i]) + (z * h[i]);
            }
        }

        private void Propose(float[] products)
        {
            float[] b = Bias;
            float[] h = State;
            int n = Hidden;
            if (IsVariant)
            {
                // The bias of the recurrent weights goes through the gate too.
                Array.Clear(dots, 0, n);
                candidateWeights.Accumulate(h, 0, dots);
                for (int i = 0; i < n; i++)
                {
                    candidate[i] = b[(2 * n) + i] + products[(2 * n) + i] + (gates[n + i] * (b[(5 * n) + i] + dots[i]));
                }

                return;
            }

            for (int i = 0; i < n; i++)
            {
                reset[i] = gates[n + i] * h[i];
            }

            Array.Clear(dots, 0, n);
            candidateWeights.Accumulate(reset, 0, dots);
            for (int i = 0; i < n; i++)
            {
                candidate[i] = b[(2 * n) + i] + b[(5 * n) + i] + products[(2 * n) + i] + dots[i];
            }
        }
    }
}
