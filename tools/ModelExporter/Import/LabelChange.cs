namespace ModelExporter.Import;

/// <summary>What makes the highest score that of the label.</summary>
internal enum LabelChange
{
    /// <summary>Nothing: it is.</summary>
    None,

    /// <summary>Each score less the other one.</summary>
    Difference,

    /// <summary>Each score with the other sign.</summary>
    Negation,
}
