using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>What of the engine a model uses: its operators by the type of their first input, and the types of its tensors.</summary>
internal sealed class EngineUse
{
    private readonly HashSet<(Opcode Opcode, TensorType Type)> operators;
    private readonly HashSet<MetadataKey> records;
    private readonly HashSet<SignalFeature> features = [];
    private readonly bool hasFilters;

    internal EngineUse(ModelFile file)
    {
        operators = [.. file.Operators.Select(record => (record.Info.Opcode, record.Inputs[0].Type))];
        Types = file.Tensors.Select(tensor => tensor.Type).ToHashSet();
        PortTypes = file.Inputs.Concat(file.Outputs).Select(tensor => tensor.Type).ToHashSet();
        if (SignalsRecord.Read(file.Bytes, file.Metadata) is { } signals)
        {
            hasFilters = signals.Filters.Length > 0;
            features = [.. Enum.GetValues<SignalFeature>().Where(feature => HasFeature(signals.Plan, feature))];
        }

        records = [.. Enum.GetValues<MetadataKey>().Where(key => file.Metadata.PayloadOffset(key) >= 0)];
    }

    /// <summary>The operators with their types, in the order of their numbers.</summary>
    public IEnumerable<(Opcode Opcode, TensorType Type)> Operators => operators.Order();

    /// <summary>Whether the model has the operator.</summary>
    public bool Has(Opcode opcode) => operators.Any(pair => pair.Opcode == opcode);

    /// <summary>Whether its contract has the record.</summary>
    public bool Has(MetadataKey key) => records.Contains(key);

    /// <summary>Whether its signal pipeline makes the feature.</summary>
    public bool Has(SignalFeature feature) => features.Contains(feature);

    /// <summary>Whether a file of a part of signal pipelines is used, by the word before its ending; true for other words.</summary>
    public bool HasSignalPart(string part) => part switch
    {
        "Filters" => hasFilters,
        "Bands" => features.Any(feature => SignalPlan.HasBands((int)feature)),
        "Triangles" => Has(SignalFeature.MelPower) || Has(SignalFeature.LogMelPower),
        _ => true,
    };

    /// <summary>The types of all tensors.</summary>
    public IReadOnlySet<TensorType> Types { get; }

    /// <summary>The types of inputs and outputs.</summary>
    public IReadOnlySet<TensorType> PortTypes { get; }

    /// <summary>Whether one of some operators has this type.</summary>
    public bool Has(IReadOnlyList<Opcode> among, TensorType type) => among.Any(opcode => operators.Contains((opcode, type)));

    private static bool HasFeature(int[] plan, SignalFeature feature)
    {
        for (int i = 0; i < plan.Length; i++)
        {
            if (plan[i] == (int)feature)
            {
                return true;
            }

            i += SignalPlan.HasBands(plan[i]) ? 1 + SignalPlan.Edges(plan[i], plan[i + 1]) : 0;
        }

        return false;
    }
}
