using ModelFormat;
using ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>The operators that can apply an activation as they write.</summary>
internal static class FusedActivation
{
    /// <summary>Position of the three activation parameters, or null if the operator has none.</summary>
    internal static int? Position(Opcode opcode) => opcode switch
    {
        Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose => DenseRule.Activation,
        _ => null,
    };
}
