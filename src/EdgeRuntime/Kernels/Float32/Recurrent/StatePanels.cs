using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// The product of a state with packed weights: sums across the lanes of a vector, elements of the state broadcast, no horizontal
/// sums. Weights lie as <see cref="DensePanels{TVector}"/> packs them.
/// </summary>
internal static unsafe class StatePanels<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    internal static long Bytes(int rows, int columns) => (long)Vectors(rows) * TVector.Count * columns * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forwards(in StateProduct product, float* state, float* addend, float* sums)
    {
        int panels = Vectors(product.Rows) / 4;
        for (int panel = 0; panel < panels; panel++)
        {
            Four(in product, panel, state, addend, sums);
        }

        Rest(in product, state, addend, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backwards(in StateProduct product, float* state, float* addend, float* sums)
    {
        Rest(in product, state, addend, sums);
        for (int panel = (Vectors(product.Rows) / 4) - 1; panel >= 0; panel--)
        {
            Four(in product, panel, state, addend, sums);
        }
    }

    private static int Vectors(int rows) => (rows + TVector.Count - 1) / TVector.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rest(in StateProduct product, float* state, float* addend, float* sums)
    {
        int vectors = Vectors(product.Rows);
        int done = vectors & ~3;
        if ((vectors & 2) != 0)
        {
            Two(in product, done, state, addend, sums);
            done += 2;
        }

        if (done < vectors)
        {
            One(in product, done, state, addend, sums);
        }
    }

    // Two sets of sums keep eight multiply-adds in flight: four cycles of latency times two a cycle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(in StateProduct product, int panel, float* state, float* addend, float* sums)
    {
        nint columns = product.Columns;
        int first = panel * 4 * TVector.Count;
        float* w = product.Weights + (first * columns);
        addend += first;
        TVector s0 = TVector.Load(addend);
        TVector s1 = TVector.Load(addend + TVector.Count);
        TVector s2 = TVector.Load(addend + (2 * TVector.Count));
        TVector s3 = TVector.Load(addend + (3 * TVector.Count));
        TVector t0 = default, t1 = default, t2 = default, t3 = default;
        float* end = state + (columns & ~1);
        for (; state < end; state += 2)
        {
            TVector h = state[0];
            s0 = TVector.MultiplyAdd(h, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(h, TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(h, TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(h, TVector.Load(w + (3 * TVector.Count)), s3);
            h = state[1];
            t0 = TVector.MultiplyAdd(h, TVector.Load(w + (4 * TVector.Count)), t0);
            t1 = TVector.MultiplyAdd(h, TVector.Load(w + (5 * TVector.Count)), t1);
            t2 = TVector.MultiplyAdd(h, TVector.Load(w + (6 * TVector.Count)), t2);
            t3 = TVector.MultiplyAdd(h, TVector.Load(w + (7 * TVector.Count)), t3);
            w += 8 * TVector.Count;
        }

        if ((columns & 1) != 0)
        {
            TVector h = state[0];
            s0 = TVector.MultiplyAdd(h, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(h, TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(h, TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(h, TVector.Load(w + (3 * TVector.Count)), s3);
        }

        sums += first;
        TVector.Store(s0 + t0, sums);
        TVector.Store(s1 + t1, sums + TVector.Count);
        TVector.Store(s2 + t2, sums + (2 * TVector.Count));
        StoreLast(s3 + t3, sums + (3 * TVector.Count), product.Rows - first - (3 * TVector.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(in StateProduct product, int vector, float* state, float* addend, float* sums)
    {
        nint columns = product.Columns;
        int first = vector * TVector.Count;
        float* w = product.Weights + (first * columns);
        TVector s0 = TVector.Load(addend + first);
        TVector s1 = TVector.Load(addend + first + TVector.Count);
        TVector t0 = default, t1 = default;
        float* end = state + (columns & ~1);
        for (; state < end; state += 2)
        {
            TVector h = state[0];
            s0 = TVector.MultiplyAdd(h, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(h, TVector.Load(w + TVector.Count), s1);
            h = state[1];
            t0 = TVector.MultiplyAdd(h, TVector.Load(w + (2 * TVector.Count)), t0);
            t1 = TVector.MultiplyAdd(h, TVector.Load(w + (3 * TVector.Count)), t1);
            w += 4 * TVector.Count;
        }

        if ((columns & 1) != 0)
        {
            s0 = TVector.MultiplyAdd(state[0], TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(state[0], TVector.Load(w + TVector.Count), s1);
        }

        TVector.Store(s0 + t0, sums + first);
        StoreLast(s1 + t1, sums + first + TVector.Count, product.Rows - first - TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(in StateProduct product, int vector, float* state, float* addend, float* sums)
    {
        nint columns = product.Columns;
        int first = vector * TVector.Count;
        float* w = product.Weights + (first * columns);
        TVector s0 = TVector.Load(addend + first);
        TVector s1 = default, s2 = default, s3 = default;
        float* end = state + (columns & ~3);
        float* stop = state + columns;
        for (; state < end; state += 4)
        {
            s0 = TVector.MultiplyAdd(state[0], TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(state[1], TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(state[2], TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(state[3], TVector.Load(w + (3 * TVector.Count)), s3);
            w += 4 * TVector.Count;
        }

        for (; state < stop; state++)
        {
            s0 = TVector.MultiplyAdd(state[0], TVector.Load(w), s0);
            w += TVector.Count;
        }

        StoreLast(s0 + s1 + (s2 + s3), sums + first, product.Rows - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLast(TVector x, float* sums, int left)
    {
        if (left >= TVector.Count)
        {
            TVector.Store(x, sums);
        }
        else
        {
            TVector.StoreFirst(x, sums, left);
        }
    }
}
