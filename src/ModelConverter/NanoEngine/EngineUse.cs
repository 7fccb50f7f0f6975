using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>What of the engine a model uses: its operators by the type of their first input, and the types of its tensors.</summary>
internal sealed class EngineUse
{
    private readonly HashSet<(Opcode Opcode, TensorType Type)> operators;
    private readonly HashSet<MetadataKey> records;

    internal EngineUse(ModelFile file)
    {
        operators = [.. file.Operators.Select(record => (record.Info.Opcode, record.Inputs[0].Type))];
        Types = file.Tensors.Select(tensor => tensor.Type).ToHashSet();
        PortTypes = file.Inputs.Concat(file.Outputs).Select(tensor => tensor.Type).ToHashSet();
        records = [.. Enum.GetValues<MetadataKey>().Where(key => file.Metadata.PayloadOffset(key) >= 0)];
    }

    /// <summary>The operators with their types, in the order of their numbers.</summary>
    public IEnumerable<(Opcode Opcode, TensorType Type)> Operators => operators.Order();

    /// <summary>Whether the model has the operator.</summary>
    public bool Has(Opcode opcode) => operators.Any(pair => pair.Opcode == opcode);

    /// <summary>Whether its contract has the record.</summary>
    public bool Has(MetadataKey key) => records.Contains(key);

    /// <summary>The types of all tensors.</summary>
    public IReadOnlySet<TensorType> Types { get; }

    /// <summary>The types of inputs and outputs.</summary>
    public IReadOnlySet<TensorType> PortTypes { get; }

    /// <summary>Whether one of some operators has this type.</summary>
    public bool Has(IReadOnlyList<Opcode> among, TensorType type) => among.Any(opcode => operators.Contains((opcode, type)));
}
