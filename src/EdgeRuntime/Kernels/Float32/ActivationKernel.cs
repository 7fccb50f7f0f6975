using System.Runtime.CompilerServices;
using EdgeRuntime.Activations;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

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

        arguments.Function = Function(kind);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    /// <summary>The function that applies an activation to n elements: (source, destination, n, α, β).</summary>
    internal static delegate*<float*, float*, nint, float, float, void> Function(ActivationKind kind) => kind switch
    {
        ActivationKind.Linear => &Linear,
        ActivationKind.ReLU => &ReLU,
        ActivationKind.LeakyReLU => &LeakyReLU,
        ActivationKind.Step => &Scalar<Step>,
        ActivationKind.Sigmoid => &Scalar<Sigmoid>,
        ActivationKind.HardSigmoid => &Scalar<HardSigmoid>,
        ActivationKind.Tanh => &Scalar<Tanh>,
        ActivationKind.ReLU6 => &Scalar<ReLU6>,
        ActivationKind.ELU => &Scalar<ELU>,
        ActivationKind.SELU => &Scalar<SELU>,
        ActivationKind.CELU => &Scalar<CELU>,
        ActivationKind.GELU => &Scalar<GELU>,
        ActivationKind.GELUTanh => &Scalar<GELUTanh>,
        ActivationKind.SiLU => &Scalar<SiLU>,
        ActivationKind.HardSwish => &Scalar<HardSwish>,
        ActivationKind.Mish => &Scalar<Mish>,
        ActivationKind.Softplus => &Scalar<Softplus>,
        ActivationKind.Softsign => &Scalar<Softsign>,
        ActivationKind.ThresholdedReLU => &Scalar<ThresholdedReLU>,
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

    private static void ReLU(float* x, float* y, nint n, float alpha, float beta)
    {
        for (nint i = 0; i < n; i++)
        {
            y[i] = x[i] < 0f ? 0f : x[i];
        }
    }

    private static void LeakyReLU(float* x, float* y, nint n, float alpha, float beta)
    {
        for (nint i = 0; i < n; i++)
        {
            y[i] = x[i] >= 0f ? x[i] : alpha * x[i];
        }
    }

    // Through double precision and the one definition: within half an ULP, and slow.
    private static void Scalar<TActivation>(float* x, float* y, nint n, float alpha, float beta)
        where TActivation : ActivationFunction
    {
        TActivation function = Holder<TActivation>.Instance;
        for (nint i = 0; i < n; i++)
        {
            y[i] = (float)function.Value(x[i], alpha, beta);
        }
    }

    private static class Holder<TActivation>
        where TActivation : ActivationFunction
    {
        internal static readonly TActivation Instance = ActivationFunctions.All.OfType<TActivation>().Single();
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
