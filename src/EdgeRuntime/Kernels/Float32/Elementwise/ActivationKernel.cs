using System.Runtime.CompilerServices;
using EdgeRuntime.Activations;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32.Elementwise;

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

        arguments.Function = context.Fast ? Function(kind) : Reference(kind);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    /// <summary>The function that applies an activation to n elements: (source, destination, n, α, β).</summary>
    internal static delegate*<float*, float*, nint, float, float, void> Function(ActivationKind kind) => kind switch
    {
        ActivationKind.Linear => &Linear,
        ActivationKind.Step => &VectorFunction.Apply<Step.Float32>,
        ActivationKind.Sigmoid => &VectorFunction.Apply<Sigmoid.Float32>,
        ActivationKind.HardSigmoid => &VectorFunction.Apply<HardSigmoid.Float32>,
        ActivationKind.Tanh => &VectorFunction.Apply<Tanh.Float32>,
        ActivationKind.ReLU => &VectorFunction.Apply<ReLU.Float32>,
        ActivationKind.ReLU6 => &VectorFunction.Apply<ReLU6.Float32>,
        ActivationKind.LeakyReLU => &VectorFunction.Apply<LeakyReLU.Float32>,
        ActivationKind.ELU => &VectorFunction.Apply<ELU.Float32>,
        ActivationKind.SELU => &VectorFunction.Apply<SELU.Float32>,
        ActivationKind.CELU => &VectorFunction.Apply<CELU.Float32>,
        ActivationKind.GELU => &VectorFunction.Apply<GELU.Float32>,
        ActivationKind.GELUTanh => &VectorFunction.Apply<GELUTanh.Float32>,
        ActivationKind.SiLU => &VectorFunction.Apply<SiLU.Float32>,
        ActivationKind.HardSwish => &VectorFunction.Apply<HardSwish.Float32>,
        ActivationKind.Mish => &VectorFunction.Apply<Mish.Float32>,
        ActivationKind.Softplus => &VectorFunction.Apply<Softplus.Float32>,
        ActivationKind.Softsign => &VectorFunction.Apply<Softsign.Float32>,
        ActivationKind.ThresholdedReLU => &VectorFunction.Apply<ThresholdedReLU.Float32>,
        _ => null,
    };

    /// <summary>Its scalar twin, which gives the same bits one element at a time.</summary>
    internal static delegate*<float*, float*, nint, float, float, void> Reference(ActivationKind kind) => kind switch
    {
        ActivationKind.Linear => &Linear,
        ActivationKind.Step => &VectorFunction.ApplyScalar<Step.Float32>,
        ActivationKind.Sigmoid => &VectorFunction.ApplyScalar<Sigmoid.Float32>,
        ActivationKind.HardSigmoid => &VectorFunction.ApplyScalar<HardSigmoid.Float32>,
        ActivationKind.Tanh => &VectorFunction.ApplyScalar<Tanh.Float32>,
        ActivationKind.ReLU => &VectorFunction.ApplyScalar<ReLU.Float32>,
        ActivationKind.ReLU6 => &VectorFunction.ApplyScalar<ReLU6.Float32>,
        ActivationKind.LeakyReLU => &VectorFunction.ApplyScalar<LeakyReLU.Float32>,
        ActivationKind.ELU => &VectorFunction.ApplyScalar<ELU.Float32>,
        ActivationKind.SELU => &VectorFunction.ApplyScalar<SELU.Float32>,
        ActivationKind.CELU => &VectorFunction.ApplyScalar<CELU.Float32>,
        ActivationKind.GELU => &VectorFunction.ApplyScalar<GELU.Float32>,
        ActivationKind.GELUTanh => &VectorFunction.ApplyScalar<GELUTanh.Float32>,
        ActivationKind.SiLU => &VectorFunction.ApplyScalar<SiLU.Float32>,
        ActivationKind.HardSwish => &VectorFunction.ApplyScalar<HardSwish.Float32>,
        ActivationKind.Mish => &VectorFunction.ApplyScalar<Mish.Float32>,
        ActivationKind.Softplus => &VectorFunction.ApplyScalar<Softplus.Float32>,
        ActivationKind.Softsign => &VectorFunction.ApplyScalar<Softsign.Float32>,
        ActivationKind.ThresholdedReLU => &VectorFunction.ApplyScalar<ThresholdedReLU.Float32>,
        _ => null,
    };

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

    private static void Linear(float* x, float* y, nint n, float alpha, float beta)
    {
        if (x != y)
        {
            Buffer.MemoryCopy(x, y, n * 4, n * 4);
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
