namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>The graphs that passes are tried on: what a pass is for, and what it must leave alone because one thing is different.</summary>
internal static partial class PassCases
{
    internal static PassCase[] All { get; } = [.. Activations(), .. Recognised(), .. Biases(), .. InputScales(), .. OutputScales(), .. Pads(), .. Constants(), .. Reshapes(), .. Transposes(), .. Scales()];
}
