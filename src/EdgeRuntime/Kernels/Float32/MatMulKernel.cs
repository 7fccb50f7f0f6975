using System.Numerics;
using System.Runtime.CompilerServices;
using ModelFormat;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>MatMul in float32: each row of the output is the sum of b's rows, each times an element of a; fast in vectors, reference one by one.</summary>
internal static unsafe class MatMulKernel
{
    private const int Axes = FormatLayout.MaxRank - 2;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord a = context.Input(0);
        TensorRecord b = context.Input(1);
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
        int n = arguments.N;
        for (int row = 0; row < arguments.M; row++, a += arguments.K, output += n)
        {
            new Span<float>(output, n).Clear();
            for (int k = 0; k < arguments.K; k++)
            {
                float* source = b + ((nint)k * n);
                int column = 0;
                if (arguments.Fast)
                {
                    var factor = new Vector<float>(a[k]);
                    for (; column <= n - Vector<float>.Count; column += Vector<float>.Count)
                    {
                        Vector.FusedMultiplyAdd(factor, Vector.Load(source + column), Vector.Load(output + column)).Store(output + column);
                    }
                }

                for (; column < n; column++)
                {
                    output[column] += a[k] * source[column];
                }
            }
        }

        return output;
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
