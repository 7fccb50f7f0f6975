using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// LSTM in float32: i = f(Wi·x + Ri·h + Pi∘c + bi), f = f(Wf·x + Rf·h + Pf∘c + bf) or 1 − i where they are coupled,
    /// c' = f∘c + i∘g(Wc·x + Rc·h + bc), o = f(Wo·x + Ro·h + Po∘c' + bo), h' = o∘h(c'). Gates lie in the order i, o, f, c.
    /// </summary>
    internal sealed class LSTMFloat32 : RecurrentCell
    {
        private readonly FloatMatrix recurrent;
        private readonly Activation f;
        private readonly Activation g;
        private readonly Activation h;
        private readonly float[] peepholes;
        private readonly float[] dots;
        private readonly float[] gate;
        private readonly float[] forget;
        private readonly float[] candidate;

        internal LSTMFloat32(BindContext context)
            : base(context, 4)
        {
            recurrent = Recurrent(context, 0, 4);
            f = Function(context, 0);
            g = Function(context, 1);
            h = Function(context, 2);
            peepholes = context.InputFloats(6);
            dots = new float[4 * Hidden];
            gate = new float[Hidden];
            forget = new float[Hidden];
            candidate = new float[Hidden];
        }

        protected override void Step(float[] products)
        {
            float[] sums = Gates;
            float[] b = Bias;
            float[] cell = Cell;
            int n = Hidden;
            int all = 4 * n;
            Array.Clear(dots, 0, all);
            recurrent.Accumulate(State, 0, dots);
            for (int i = 0; i < all; i++)
            {
                sums[i] = b[i] + b[all + i] + products[i] + dots[i];
            }

            // Peepholes come in ONNX's order: input, output, forget.
            Take(0, 0, gate);
            Take(2, 2, forget);
            Take(3, -1, candidate);
            Activate(f, gate);
            Activate(f, forget);
            Activate(g, candidate);
            for (int i = 0; i < n; i++)
            {
                float keep = IsVariant ? 1f - gate[i] : forget[i];
                float value = (keep * cell[i]) + (gate[i] * candidate[i]);
                cell[i] = value;
                candidate[i] = value;
            }

            Take(1, 1, gate);
            Activate(f, gate);
            Activate(h, candidate);
            float[] state = State;
            for (int i = 0; i < n; i++)
            {
                state[i] = gate[i] * candidate[i];
            }
        }

        private void Take(int index, int peephole, float[] target)
        {
            int n = Hidden;
            Array.Copy(Gates, index * n, target, 0, n);
            if (peepholes == null || peephole < 0)
            {
                return;
            }

            int from = peephole * n;
            for (int i = 0; i < n; i++)
            {
                target[i] += peepholes[from + i] * Cell[i];
            }
        }
    }
}
