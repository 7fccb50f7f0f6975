using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// GRU in float32: z = f(Wz·x + Rz·h + bz), r = f(Wr·x + Rr·h + br), h̃ = g(Wh·x + Rh·(r∘h) + bh), or, where the reset gate
/// applies after the matrix, g(Wh·x + r∘(Rh·h + rbh) + wbh); h' = (1 − z)∘h̃ + z∘h.
/// </summary>
internal static unsafe class GRUKernel
{
    internal static BoundKernel Bind(in BindContext context) => new(&Run, context.Keep(RecurrentCell.Of(in context, 3)));

    private static void Run(void* pointer) => RecurrentCell.Run(ref Unsafe.AsRef<RecurrentCell>(pointer), &Step);

    private static void Step(ref RecurrentCell a, float* x)
    {
        int hidden = a.Hidden;
        float* z = a.Gates;
        float* r = z + hidden;
        float* candidate = r + hidden;
        float* reset = candidate + hidden;
        a.AddInput(x, 0, 2, bothBiases: true, z);
        a.AddRecurrent(a.State, 0, 2, z);
        a.Activate(in a.F, z, 2 * hidden);
        a.AddInput(x, 2, 1, bothBiases: !a.Variant, candidate);
        if (a.Variant)
        {
            for (int i = 0; i < hidden; i++)
            {
                reset[i] = a.Bias == null ? 0f : a.Bias[(5 * hidden) + i];
            }

            a.AddRecurrent(a.State, 2, 1, reset);
            for (int i = 0; i < hidden; i++)
            {
                candidate[i] += r[i] * reset[i];
            }
        }
        else
        {
            for (int i = 0; i < hidden; i++)
            {
                reset[i] = r[i] * a.State[i];
            }

            a.AddRecurrent(reset, 2, 1, candidate);
        }

        a.Activate(in a.G, candidate, hidden);
        for (int i = 0; i < hidden; i++)
        {
            a.State[i] = ((1f - z[i]) * candidate[i]) + (z[i] * a.State[i]);
        }
    }
}
