#nullable enable

namespace EdgeInference.ModelFormat;

/// <summary>Tensors, operators and decision of a validated file, kept as they were read. nanoFramework has a form that reads them again.</summary>
/// <param name="bytes">The file.</param>
/// <param name="records">Byte offset of each tensor's record in the file.</param>
/// <param name="tensors">All tensors.</param>
/// <param name="operators">All operators, in the order of execution.</param>
/// <param name="decision">What the contract says about decisions.</param>
#pragma warning disable CS9113 // The other form needs what this one does not.
internal sealed class ModelTables(ModelBytes bytes, int[] records, TensorInfo[] tensors, OperatorRecord[] operators, DecisionMetadata decision)
#pragma warning restore CS9113
{
    /// <summary>Number of tensors.</summary>
    public int TensorCount => tensors.Length;

    /// <summary>Number of operators.</summary>
    public int OperatorCount => operators.Length;

    /// <summary>All tensors.</summary>
    public TensorInfo[] Tensors => tensors;

    /// <summary>All operators, in the order of execution.</summary>
    public OperatorRecord[] Operators => operators;

    /// <summary>A tensor.</summary>
    public TensorInfo Tensor(int index) => tensors[index];

    /// <summary>An operator.</summary>
    public OperatorRecord Operator(int index) => operators[index];

    /// <summary>What the contract says about decisions.</summary>
#pragma warning disable IDE0060 // The other form needs what this one does not.
    public DecisionMetadata Decision(ModelMetadata metadata, TensorInfo[] inputs, TensorInfo[] outputs) => decision;
#pragma warning restore IDE0060
}
