using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>A run of operators whose methods take one array and fill another.</summary>
/// <param name="Prefix">Which stage it is.</param>
/// <param name="Inputs">Tensors that lie side by side in the array taken.</param>
/// <param name="Outputs">Tensors that lie side by side in the array filled.</param>
/// <param name="Operators">The operators.</param>
internal sealed record EmitStage(string Prefix, TensorInfo[] Inputs, TensorInfo[] Outputs, OperatorRecord[] Operators)
{
    /// <summary>What the names of its methods begin with, where the prefix would say something else.</summary>
    internal string Name { get; init; } = Prefix;

    /// <summary>From counts to the quantized input, or to the outputs of trees, in place of <see cref="Quantize"/>.</summary>
    internal const string Scale = "Scale";

    /// <summary>From real inputs to the quantized one, or to the outputs of trees.</summary>
    internal const string Quantize = "Quantize";

    /// <summary>The model, or what of it computes with integers.</summary>
    internal const string Step = "Step";

    /// <summary>From quantized outputs to real ones.</summary>
    internal const string Dequantize = "Dequantize";
}
