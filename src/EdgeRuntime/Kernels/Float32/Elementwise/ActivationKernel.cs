using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>Activation functions in float32, element by element; input and output may be the same memory.</summary>
internal static unsafe class ActivationKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        var kind = (ActivationKind)context.Operator.Int(ActivationRule.Kind);
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Slopes = (float*)context.InputData(1),
            Output = (float*)context.OutputData(),
            Elements = context.Elements(0),
            Channels = context.Input(0).LastDimension,
            Alpha = context.Operator.Float(ActivationRule.Alpha),
            Beta = context.Operator.Float(ActivationRule.Beta),
        };
        if (kind == ActivationKind.PReLU)
        {
            return new BoundKernel(&RunPReLU, context.Keep(arguments));
        }

        ActivationFormula formula = ActivationFormulas.Get(kind);
        arguments.Function = context.Fast ? formula.Fast : formula.Scalar;
        var kept = (Arguments*)context.Keep(arguments);
        return new BoundKernel(&Run, kept, &kept->Input);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        a.Function(a.Input, a.Output, a.Elements, a.Alpha, a.Beta);
    }

    private static void RunPReLU(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i += a.Channels)
        {
            for (nint c = 0; c < a.Channels; c++)
            {
                float x = a.Input[i + c];
                a.Output[i + c] = x >= 0f ? x : a.Slopes[c] * x;
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Slopes;
        internal float* Output;
        internal nint Elements;
        internal nint Channels;
        internal float Alpha;
        internal float Beta;
        internal delegate*<float*, float*, nint, float, float, void> Function;
    }
}
