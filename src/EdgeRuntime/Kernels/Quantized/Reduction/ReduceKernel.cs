using System.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Quantized.Reduction;

/// <summary>Sum, Mean, Max and Min of int8 or int16 over some axes; sums are int32, which ReduceRule proves to hold them, and requantized once, bit-exact with TensorFlow Lite's reference.</summary>
internal static unsafe class ReduceKernel
{
    private const int Axes = ReduceAxes.Count;

    internal static BoundKernel Bind<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        TensorInfo x = context.Input(0);
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            Input = context.InputData(0),
            Output = context.OutputData(),
            Totals = (int*)context.Scratch((long)output.Elements * sizeof(int)),
            Elements = output.Elements,
            Kind = (ReduceKind)context.Operator.Int(ReduceRule.Kind),
            ZeroPoints = x.ZeroPoint * (x.Elements / output.Elements),
            ZeroPoint = output.ZeroPoint,
            Multiplier = context.Operator.Int(ReduceRule.Multiplier),
            Shift = context.Operator.Int(ReduceRule.Shift),
        };
        ReduceAxes.Bind(in context, arguments.Shape, arguments.Strides);

        return new BoundKernel(&Run<T>, context.Keep(arguments));
    }

    private static void Run<T>(void* pointer)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Arguments* a = (Arguments*)pointer;
        bool isSum = a->Kind is ReduceKind.Sum or ReduceKind.Mean;
        int initial = isSum ? 0 : a->Kind == ReduceKind.Max ? int.MinValue : int.MaxValue;
        new Span<int>(a->Totals, a->Elements).Fill(initial);
        T* input = (T*)a->Input;
        Gather(a, 0, ref input, a->Totals);
        for (int i = 0; i < a->Elements; i++)
        {
            long value = isSum
                ? (long)FixedPoint.Requantize(a->Totals[i] - a->ZeroPoints, a->Multiplier, a->Shift) + a->ZeroPoint
                : a->Totals[i];
            ((T*)a->Output)[i] = T.CreateSaturating(value);
        }
    }

    private static void Gather<T>(Arguments* a, int axis, ref T* input, int* totals)
        where T : unmanaged, IBinaryInteger<T>
    {
        int size = a->Shape[axis];
        int stride = a->Strides[axis];
        for (int i = 0; i < size; i++, totals += stride)
        {
            if (axis < Axes - 1)
            {
                Gather(a, axis + 1, ref input, totals);
                continue;
            }

            int value = int.CreateTruncating(*input++);
            *totals = a->Kind switch
            {
                ReduceKind.Max => Math.Max(*totals, value),
                ReduceKind.Min => Math.Min(*totals, value),
                _ => *totals + value,
            };
        }
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int* Totals;
        internal int Elements;
        internal ReduceKind Kind;
        internal int ZeroPoints;
        internal int ZeroPoint;
        internal int Multiplier;
        internal int Shift;
        internal fixed int Shape[Axes];
        internal fixed int Strides[Axes];
    }
}
