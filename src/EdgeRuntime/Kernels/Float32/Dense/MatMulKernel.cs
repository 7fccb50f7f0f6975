using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>MatMul in float32: each row of the output is the sum of b's rows, each times an element of a; fast in vectors, reference one by one.</summary>
internal static unsafe class MatMulKernel
{
    private const int Axes = FormatLayout.MaxRank - 2;

    // Rows of a product are short: wider vectors would leave more columns that are done one by one.
    private const int MaxLanes = 8;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo a = context.Input(0);
        TensorInfo b = context.Input(1);
        var arguments = new Arguments
        {
            A = (float*)context.InputData(0),
            B = (float*)context.InputData(1),
            Output = (float*)context.OutputData(),
            M = a.Dimension(-2),
            K = a.Dimension(-1),
            N = b.Dimension(-1),
            Fast = context.Fast,
        };
        int strideA = arguments.M * arguments.K;
        int strideB = arguments.K * arguments.N;
        for (int axis = 3; axis < 3 + Axes; axis++)
        {
            int left = axis <= a.Rank ? a.Dimension(-axis) : 1;
            int right = axis <= b.Rank ? b.Dimension(-axis) : 1;
            int slot = Axes + 2 - axis;
            arguments.Shape[slot] = Math.Max(left, right);
            arguments.StridesA[slot] = left == 1 ? 0 : strideA;
            arguments.StridesB[slot] = right == 1 ? 0 : strideB;
            strideA *= left;
            strideB *= right;
        }

        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref Arguments arguments = ref Unsafe.AsRef<Arguments>(pointer);
        Batch(ref arguments, 0, arguments.A, arguments.B, arguments.Output);
    }

    private static float* Batch(ref Arguments arguments, int axis, float* a, float* b, float* output)
    {
        if (axis == Axes)
        {
            return Multiply(ref arguments, a, b, output);
        }

        for (int i = 0; i < arguments.Shape[axis]; i++)
        {
            output = Batch(ref arguments, axis + 1, a, b, output);
            a += arguments.StridesA[axis];
            b += arguments.StridesB[axis];
        }

        return output;
    }

    private static float* Multiply(ref Arguments arguments, float* a, float* b, float* output)
    {
        var product = new Product { A = a, B = b, Output = output, M = arguments.M, K = arguments.K, N = arguments.N };
        if (arguments.Fast)
        {
            FloatLadder.All<MultiplyStep, Product>(ref product);
        }
        else
        {
            FloatLadder.Scalar<MultiplyStep, Product>(ref product);
        }

        return output + ((nint)arguments.M * arguments.N);
    }

    private readonly struct MultiplyStep : IFloatStep<Product>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static bool Run<TVector>(ref Product product)
            where TVector : struct, IFloatVector<TVector>
        {
            if (TVector.Count > MaxLanes)
            {
                return false;
            }

            int n = product.N;
            float* a = product.A;
            float* output = product.Output;
            for (int row = 0; row < product.M; row++, a += product.K, output += n)
            {
                new Span<float>(output, n).Clear();
                for (int k = 0; k < product.K; k++)
                {
                    AddRow<TVector>(a[k], product.B + ((nint)k * n), output, n);
                }
            }

            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddRow<TVector>(float factor, float* source, float* output, int n)
            where TVector : struct, IFloatVector<TVector>
        {
            int column = 0;
            if (TVector.Count > 1)
            {
                TVector factors = factor;
                for (; column <= n - TVector.Count; column += TVector.Count)
                {
                    TVector.Store(TVector.MultiplyAdd(factors, TVector.Load(source + column), TVector.Load(output + column)), output + column);
                }
            }

            for (; column < n; column++)
            {
                output[column] += factor * source[column];
            }
        }
    }

    // One matrix [M, K] times one matrix [K, N].
    private struct Product
    {
        internal float* A;
        internal float* B;
        internal float* Output;
        internal int M;
        internal int K;
        internal int N;
    }

    private struct Arguments
    {
        internal float* A;
        internal float* B;
        internal float* Output;
        internal int M;
        internal int K;
        internal int N;
        internal bool Fast;
        internal fixed int Shape[Axes];
        internal fixed int StridesA[Axes];
        internal fixed int StridesB[Axes];
    }
}
