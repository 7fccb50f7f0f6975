using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>The values of a model file's decision records; null for a record that is left out.</summary>
internal sealed record DecisionSettings
{
    /// <summary>Label 1 when its calibrated probability is at least this.</summary>
    public float? Threshold { get; init; }

    /// <summary>Values of the Calibration record.</summary>
    public float[]? Calibration { get; init; }

    /// <summary>Low and high of the AbstainBand record.</summary>
    public float[]? AbstainBand { get; init; }

    /// <summary>Values of the InputStatistics record.</summary>
    public float[]? InputStatistics { get; init; }

    /// <summary>Values of the InputLimits record.</summary>
    public float[]? InputLimits { get; init; }

    /// <summary>Share of the tuning rows that lie in the abstain band, 0 to 1.</summary>
    public double AbstainedShare { get; init; }

    /// <summary>Metadata with these records in it; records that are null here stay as they are.</summary>
    public GraphMetadata ApplyTo(GraphMetadata metadata)
    {
        var floats = metadata.Floats.ToDictionary();
        (MetadataKey Key, float[]? Values)[] records =
        [
            (MetadataKey.Calibration, Calibration),
            (MetadataKey.AbstainBand, AbstainBand),
            (MetadataKey.InputStatistics, InputStatistics),
            (MetadataKey.InputLimits, InputLimits),
        ];
        foreach ((MetadataKey key, float[]? values) in records)
        {
            if (values is not null)
            {
                floats[key] = values;
            }
        }

        return metadata with { Threshold = Threshold ?? metadata.Threshold, Floats = floats };
    }
}
