using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>The product of a state with weights where the file has them: a dot product for each sum.</summary>
internal static unsafe class StateDots<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(in StateProduct product, float* state, float* addend, float* sums)
    {
        int columns = product.Columns;
        float* row = product.Weights;
        for (int i = 0; i < product.Rows; i++, row += columns)
        {
            sums[i] = addend[i] + Dot(row, state, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* a, float* b, int length)
    {
        float sum = 0f;
        int i = 0;
        if (TVector.Count > 1)
        {
            TVector sums = default;
            for (; i <= length - TVector.Count; i += TVector.Count)
            {
                sums = TVector.MultiplyAdd(TVector.Load(a + i), TVector.Load(b + i), sums);
            }

            sum = TVector.Sum(sums);
        }

        for (; i < length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
