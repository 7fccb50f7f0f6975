using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>Functions of two numbers over a row; the output may be the memory of an input that is not repeated.</summary>
internal static unsafe class BinaryRows
{
    /// <summary>By the widest vectors of this processor. A stride is 1, or 0 for one number throughout.</summary>
    internal static void Vectors<TFunction>(float* a, float* b, float* output, nint count, nint strideA, nint strideB)
        where TFunction : struct, IVectorBinaryFunction
    {
        var row = new Row { A = a, B = b, Output = output, Left = count, StrideA = strideA, StrideB = strideB };
        FloatLadder.All<Step<TFunction>, Row>(ref row);
    }

    /// <summary>One number at a time: the scalar twin, equal to the bit.</summary>
    internal static void Scalars<TFunction>(float* a, float* b, float* output, nint count, nint strideA, nint strideB)
        where TFunction : struct, IVectorBinaryFunction
    {
        var row = new Row { A = a, B = b, Output = output, Left = count, StrideA = strideA, StrideB = strideB };
        FloatLadder.Scalar<Step<TFunction>, Row>(ref row);
    }

    /// <summary>Functions that have no formula in vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Calls<TFunction>(float* a, float* b, float* output, nint count, nint strideA, nint strideB)
        where TFunction : struct, IBinaryFunction
    {
        for (nint i = 0; i < count; i++)
        {
            output[i] = TFunction.Invoke(a[i * strideA], b[i * strideB]);
        }
    }

    private readonly struct Step<TFunction> : IFloatStep<Row>
        where TFunction : struct, IVectorBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
            => row.Left >= TVector.Count && Loop<TVector>(ref row);

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static bool Loop<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
        {
            float* a = row.A;
            float* b = row.B;
            float* output = row.Output;
            nint n = row.Left;
            nint i = 0;
            if (row.StrideA == 0)
            {
                TVector number = *a;
                for (; i <= n - TVector.Count; i += TVector.Count)
                {
                    TVector.Store(TFunction.Of(number, row.StrideB == 0 ? *b : TVector.Load(b + i)), output + i);
                }
            }
            else if (row.StrideB == 0)
            {
                TVector number = *b;
                for (; i <= n - TVector.Count; i += TVector.Count)
                {
                    TVector.Store(TFunction.Of(TVector.Load(a + i), number), output + i);
                }
            }
            else
            {
                for (; i <= n - TVector.Count; i += TVector.Count)
                {
                    TVector.Store(TFunction.Of(TVector.Load(a + i), TVector.Load(b + i)), output + i);
                }
            }

            row.A = a + (i * row.StrideA);
            row.B = b + (i * row.StrideB);
            row.Output = output + i;
            row.Left = n - i;
            return i == n;
        }
    }

    private struct Row
    {
        internal float* A;
        internal float* B;
        internal float* Output;
        internal nint Left;
        internal nint StrideA;
        internal nint StrideB;
    }
}
