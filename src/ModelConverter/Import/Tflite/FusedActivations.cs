using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>The activation that an operator carries: a clamp where the output is quantized, a function where it is float32.</summary>
internal static class FusedActivations
{
    /// <summary>The quantized range that an activation leaves, by TensorFlow Lite's rule: its bounds rounded to the output's scale.</summary>
    internal static (int Min, int Max) Clamp(FusedActivation activation, Value output)
    {
        (int low, int high) = output.Type == TensorType.Int8 ? (sbyte.MinValue, (int)sbyte.MaxValue) : (short.MinValue, short.MaxValue);
        Quantization quantization = TfliteNodeContext.Quantized(output);
        return activation switch
        {
            FusedActivation.None => (low, high),
            FusedActivation.Relu => (Quantized(0), high),
            FusedActivation.Relu6 => (Quantized(0), Quantized(6)),
            FusedActivation.ReluN1To1 => (Quantized(-1), Quantized(1)),
            _ => throw TfliteNodeContext.Unsupported($"applies the activation {activation} to a quantized result"),
        };

        // Beyond a million a bound clamps nothing in int8 or int16.
        int Quantized(float bound) =>
            Math.Clamp(quantization.ZeroPoint + (int)MathF.Round(Math.Clamp(bound / quantization.Scale, -1e6f, 1e6f), MidpointRounding.AwayFromZero), low, high);
    }

    /// <summary>The activation function that Dense and Conv can apply themselves, or null if it needs its own node.</summary>
    internal static ActivationKind? Own(FusedActivation activation) => activation switch
    {
        FusedActivation.None => ActivationKind.Linear,
        FusedActivation.Relu => ActivationKind.ReLU,
        FusedActivation.Relu6 => ActivationKind.ReLU6,
        FusedActivation.Tanh => ActivationKind.Tanh,
        _ => null,
    };

    /// <summary>The value that a node without its own activation should write so that the activation's result is <paramref name="output"/>; call <see cref="Finish"/> once the node is there.</summary>
    internal static Value Before(FusedActivation activation, Value output) => activation == FusedActivation.None
        ? output
        : new Value(output.Name + ".before_activation", output.Type, output.Shape);

    /// <summary>Adds the activation's own node where there is one.</summary>
    internal static void Finish(TfliteNodeContext source, FusedActivation activation, Value before, Value output)
    {
        if (before == output)
        {
            return;
        }

        if (activation == FusedActivation.ReluN1To1)
        {
            source.Add(Opcode.Unary, [before], output).With(UnaryRule.Kind, (int)UnaryKind.Clip).With(UnaryRule.Alpha, -1f).With(UnaryRule.Beta, 1f);
            return;
        }

        ActivationKind kind = Own(activation) ?? throw TfliteNodeContext.Unsupported($"applies the activation {activation}, which is not supported");
        source.Add(Opcode.Activation, [before], output).WithActivation(ActivationRule.Kind, kind);
    }
}
