#nullable enable

namespace EdgeInference.ModelFormat;

/// <summary>One operator of <see cref="OperatorTable"/>, for tools.</summary>
/// <param name="opcode">The operator.</param>
internal sealed class OperatorInfo(Opcode opcode)
{
    private readonly int form = OperatorTable.FormOf((int)opcode);

    /// <summary>The operator.</summary>
    public Opcode Opcode => opcode;

    /// <summary>Its name in messages and documents.</summary>
    public string Name { get; } = OperatorNames.Of(opcode);

    /// <summary>Fewest inputs.</summary>
    public int MinInputs => OperatorTable.MinInputs(form);

    /// <summary>Most inputs.</summary>
    public int MaxInputs => OperatorTable.MaxInputs(form);

    /// <summary>Names of the parameters in order.</summary>
    public string[] Parameters { get; } = OperatorNames.Parameters(opcode);

    /// <summary>Whether a parameter is a float32; the others are int32.</summary>
    public bool IsFloat(int parameter) => OperatorTable.IsFloat(form, parameter);
}
