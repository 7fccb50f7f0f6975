using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>ArgMax and ArgMin in float32; a NaN wins, as in numpy.</summary>
internal static unsafe class ArgReduceKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        int axis = context.Operator.Int(ArgReduceRule.Axis);
        int inner = 1;
        for (int i = axis + 1; i < x.Rank; i++)
        {
            inner *= x.Dimension(i);
        }

        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Inner = inner,
            Size = x.Dimension(axis),
            Outer = x.Elements / inner / x.Dimension(axis),
            Sign = context.Operator.Int(ArgReduceRule.Smallest) == 0 ? 1f : -1f,
            Last = context.Operator.Int(ArgReduceRule.Last) != 0,
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        float* output = a.Output;
        for (nint outer = 0; outer < a.Outer; outer++)
        {
            for (nint inner = 0; inner < a.Inner; inner++)
            {
                float* x = a.Input + (outer * a.Size * a.Inner) + inner;
                float best = a.Sign * x[0];
                int index = 0;
                for (int i = 1; i < a.Size; i++)
                {
                    float value = a.Sign * x[i * a.Inner];
                    if (value > best || (a.Last && value == best) || (float.IsNaN(value) && !float.IsNaN(best)))
                    {
                        best = value;
                        index = i;
                    }
                }

                *output++ = index;
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal nint Inner;
        internal nint Outer;
        internal int Size;
        internal float Sign;
        internal bool Last;
    }
}
