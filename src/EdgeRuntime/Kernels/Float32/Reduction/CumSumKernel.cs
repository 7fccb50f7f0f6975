using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>CumSum in float32; the sums are kept in double, and rounded once for each element.</summary>
internal static unsafe class CumSumKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        int axis = context.Operator.Int(CumSumRule.Axis);
        nint step = 1;
        for (int i = axis + 1; i < x.Rank; i++)
        {
            step *= x.Dimension(i);
        }

        int size = x.Dimension(axis);
        bool reverse = context.Operator.Int(CumSumRule.Reverse) != 0;
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Inner = step,
            Outer = x.Elements / step / size,
            Size = size,
            First = reverse ? (size - 1) * step : 0,
            Step = reverse ? -step : step,
            Exclusive = context.Operator.Int(CumSumRule.Exclusive) != 0,
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint outer = 0; outer < a.Outer; outer++)
        {
            for (nint inner = 0; inner < a.Inner; inner++)
            {
                nint at = (outer * a.Size * a.Inner) + inner + a.First;
                double sum = 0;
                for (nint i = 0; i < a.Size; i++)
                {
                    double after = sum + a.Input[at];
                    a.Output[at] = (float)(a.Exclusive ? sum : after);
                    sum = after;
                    at += a.Step;
                }
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal nint Inner;
        internal nint Outer;
        internal nint Size;
        internal nint First;
        internal nint Step;
        internal bool Exclusive;
    }
}
