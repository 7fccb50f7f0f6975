using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>Reduce in float32: goes once through x and adds each element to its output's sum, in double precision.</summary>
internal static unsafe class ReduceKernel
{
    private const int Axes = ReduceAxes.Count;

    private interface IReduction
    {
        static abstract double Initial { get; }

        static abstract double Add(double sum, double x);

        /// <summary>Adds a row to one sum; false where there are no vectors for it.</summary>
        static virtual bool AddRow(double* sum, float* x, nint count) => false;

        /// <summary>Adds each element of a row to a sum of its own; false where there are no vectors for it.</summary>
        static virtual bool AddEach(double* sums, float* x, nint count) => false;
    }

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        int elements = context.Output().Elements;
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Sums = (double*)context.Scratch((long)elements * sizeof(double)),
            Elements = elements,
            Count = x.Elements / elements,
            IsFast = context.Fast,
            Kind = (ReduceKind)context.Operator.Int(ReduceRule.Kind),
        };
        ReduceAxes.Bind(in context, arguments.Shape, arguments.Strides);
        MergedAxes.Merge(arguments.Shape, arguments.Strides, 1, Axes);

        if (arguments.Kind == ReduceKind.LogSumExp)
        {
            arguments.Maxima = (double*)context.Scratch((long)elements * sizeof(double));
        }

        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        switch (a.Kind)
        {
            case ReduceKind.Max:
                Collect<Largest>(ref a, a.Sums);
                break;
            case ReduceKind.Min:
                Collect<Smallest>(ref a, a.Sums);
                break;
            case ReduceKind.Prod:
                Collect<Product>(ref a, a.Sums);
                break;
            case ReduceKind.L1:
                Collect<Magnitude>(ref a, a.Sums);
                break;
            case ReduceKind.L2 or ReduceKind.SumSquare:
                Collect<Square>(ref a, a.Sums);
                break;
            case ReduceKind.LogSumExp:
                RunLogSumExp(ref a);
                return;
            case ReduceKind.Sum or ReduceKind.Mean or ReduceKind.LogSum:
                Collect<Total>(ref a, a.Sums);
                break;
            default:
                throw new InvalidOperationException($"There is no float32 kernel of {a.Kind}.");
        }

        for (int i = 0; i < a.Elements; i++)
        {
            double sum = a.Sums[i];
            a.Output[i] = (float)(a.Kind switch
            {
                ReduceKind.Mean => sum / a.Count,
                ReduceKind.L2 => Math.Sqrt(sum),
                ReduceKind.LogSum => Math.Log(sum),
                _ => sum,
            });
        }
    }

    private static void RunLogSumExp(ref Arguments a)
    {
        Collect<Largest>(ref a, a.Maxima);
        for (int i = 0; i < a.Elements; i++)
        {
            a.Sums[i] = 0;
        }

        AddExponentials(ref a, 0, a.Input, 0);
        for (int i = 0; i < a.Elements; i++)
        {
            double max = a.Maxima[i];
            a.Output[i] = (float)(double.IsInfinity(max) ? max : max + Math.Log(a.Sums[i]));
        }
    }

    private static float* AddExponentials(ref Arguments a, int axis, float* x, nint output)
    {
        for (int i = 0; i < a.Shape[axis]; i++, output += a.Strides[axis])
        {
            if (axis < Axes - 1)
            {
                x = AddExponentials(ref a, axis + 1, x, output);
            }
            else
            {
                a.Sums[output] += Math.Exp(*x++ - a.Maxima[output]);
            }
        }

        return x;
    }

    private static void Collect<TReduction>(ref Arguments a, double* sums)
        where TReduction : struct, IReduction
    {
        for (int i = 0; i < a.Elements; i++)
        {
            sums[i] = TReduction.Initial;
        }

        Collect<TReduction>(ref a, 0, a.Input, sums);
    }

    private static float* Collect<TReduction>(ref Arguments a, int axis, float* x, double* sums)
        where TReduction : struct, IReduction
    {
        int size = a.Shape[axis];
        nint stride = a.Strides[axis];
        if (axis < Axes - 1)
        {
            for (int i = 0; i < size; i++, sums += stride)
            {
                x = Collect<TReduction>(ref a, axis + 1, x, sums);
            }

            return x;
        }

        if (a.IsFast && (stride == 0 ? TReduction.AddRow(sums, x, size) : TReduction.AddEach(sums, x, size)))
        {
            return x + size;
        }

        if (stride == 0)
        {
            double sum = *sums;
            for (int i = 0; i < size; i++)
            {
                sum = TReduction.Add(sum, x[i]);
            }

            *sums = sum;
        }
        else
        {
            for (int i = 0; i < size; i++)
            {
                sums[i] = TReduction.Add(sums[i], x[i]);
            }
        }

        return x + size;
    }

    private readonly struct Total : IReduction
    {
        public static double Initial => 0;

        public static double Add(double sum, double x) => sum + x;

        public static bool AddRow(double* sum, float* x, nint count)
        {
            *sum += VectorReduction.Sum(x, count);
            return true;
        }

        public static bool AddEach(double* sums, float* x, nint count)
        {
            VectorReduction.AddEach(sums, x, count);
            return true;
        }
    }

    private readonly struct Largest : IReduction
    {
        public static double Initial => double.NegativeInfinity;

        public static double Add(double sum, double x) => Math.Max(sum, x);

        public static bool AddRow(double* sum, float* x, nint count)
        {
            *sum = Math.Max(*sum, VectorExtreme<Larger>.Of(x, count));
            return true;
        }
    }

    private readonly struct Smallest : IReduction
    {
        public static double Initial => double.PositiveInfinity;

        public static double Add(double sum, double x) => Math.Min(sum, x);

        public static bool AddRow(double* sum, float* x, nint count)
        {
            *sum = Math.Min(*sum, VectorExtreme<Smaller>.Of(x, count));
            return true;
        }
    }

    private readonly struct Product : IReduction
    {
        public static double Initial => 1;

        public static double Add(double sum, double x) => sum * x;
    }

    private readonly struct Magnitude : IReduction
    {
        public static double Initial => 0;

        public static double Add(double sum, double x) => sum + Math.Abs(x);
    }

    private readonly struct Square : IReduction
    {
        public static double Initial => 0;

        public static double Add(double sum, double x) => sum + (x * x);
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal double* Sums;
        internal double* Maxima;
        internal int Elements;
        internal int Count;
        internal bool IsFast;
        internal ReduceKind Kind;
        internal fixed int Shape[Axes];
        internal fixed int Strides[Axes];
    }
}
