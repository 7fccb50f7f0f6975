namespace EdgeInference.ModelConverter.Import;

/// <summary>What makes the highest score that of the label.</summary>
internal enum LabelChange
{
    /// <summary>Nothing: it is.</summary>
    None,

    /// <summary>Each score less the other one.</summary>
    Difference,

    /// <summary>Each score with the other sign.</summary>
    Negation,

    /// <summary>The score less the number that it is compared with, where a threshold cannot be that number.</summary>
    Shift,
}
