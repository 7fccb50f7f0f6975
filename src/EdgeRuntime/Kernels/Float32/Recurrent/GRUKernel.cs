using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// GRU in float32: z = f(Wz·x + Rz·h + bz), r = f(Wr·x + Rr·h + br), h̃ = g(Wh·x + Rh·(r∘h) + bh), or, where the reset gate
/// applies after the matrix, g(Wh·x + r∘(Rh·h + rbh) + wbh); h' = (1 − z)∘h̃ + z∘h.
/// </summary>
internal static unsafe class GRUKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        if (context.Operator.Int(RecurrentRule.Variant) != 0)
        {
            return RecurrentCell.Bind<ResetAfter>(in context, RecurrentCell.Of(in context, 3, 3, 2));
        }

        RecurrentCell cell = RecurrentCell.Of(in context, 3, 2, 3);
        cell.Candidate = StateProduct.Of(in context, 2, 1);
        return RecurrentCell.Bind<ResetBefore>(in context, cell);
    }

    private readonly struct ResetBefore : IRecurrentStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TVector>(ref RecurrentCell a, float* sums, float* state, float* cell)
            where TVector : struct, IFloatVector<TVector>
        {
            int hidden = a.Hidden;
            float* z = a.Gates;
            float* r = z + hidden;
            float* candidate = r + hidden;
            a.Product.Run(state, sums, z);
            a.Activate(in a.F, z, 2 * hidden);
            int i = 0;
            for (; i <= hidden - TVector.Count; i += TVector.Count)
            {
                TVector.Store(TVector.Load(r + i) * TVector.Load(state + i), r + i);
            }

            for (; i < hidden; i++)
            {
                r[i] *= state[i];
            }

            a.Candidate.Run(r, sums + (2 * hidden), candidate);
            a.Activate(in a.G, candidate, hidden);
            Next<TVector>(z, candidate, state, hidden);
        }
    }

    private readonly struct ResetAfter : IRecurrentStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TVector>(ref RecurrentCell a, float* sums, float* state, float* cell)
            where TVector : struct, IFloatVector<TVector>
        {
            int hidden = a.Hidden;
            float* z = a.Gates;
            float* r = z + hidden;
            float* reset = r + hidden;

            // What the third gate gets of the input comes later; here it begins with the state's own bias.
            new ReadOnlySpan<float>(sums, 2 * hidden).CopyTo(new Span<float>(z, 2 * hidden));
            if (a.Bias == null)
            {
                new Span<float>(reset, hidden).Clear();
            }
            else
            {
                new ReadOnlySpan<float>(a.Bias + (5 * hidden), hidden).CopyTo(new Span<float>(reset, hidden));
            }

            a.Product.Run(state, z, z);
            a.Activate(in a.F, z, 2 * hidden);
            float* candidate = reset;
            sums += 2 * hidden;
            int i = 0;
            for (; i <= hidden - TVector.Count; i += TVector.Count)
            {
                TVector.Store((TVector.Load(r + i) * TVector.Load(reset + i)) + TVector.Load(sums + i), candidate + i);
            }

            for (; i < hidden; i++)
            {
                candidate[i] = (r[i] * reset[i]) + sums[i];
            }

            a.Activate(in a.G, candidate, hidden);
            Next<TVector>(z, candidate, state, hidden);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next<TVector>(float* z, float* candidate, float* state, int hidden)
        where TVector : struct, IFloatVector<TVector>
    {
        int i = 0;
        for (; i <= hidden - TVector.Count; i += TVector.Count)
        {
            Blend<TVector>(z + i, candidate + i, state + i);
        }

        for (; i < hidden; i++)
        {
            Blend<FloatScalar>(z + i, candidate + i, state + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blend<TVector>(float* z, float* candidate, float* state)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector old = TVector.Load(z);

        // Not fused: EdgeInference.Nano has the bits of the scalar kernel.
        TVector.Store((old * TVector.Load(state)) + (((TVector)1f - old) * TVector.Load(candidate)), state);
    }
}
