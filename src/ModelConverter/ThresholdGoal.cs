namespace EdgeInference.ModelConverter;

/// <summary>What a threshold is tuned for.</summary>
public enum ThresholdGoal
{
    /// <summary>Highest F1.</summary>
    F1,

    /// <summary>Highest recall + specificity − 1.</summary>
    Youden,

    /// <summary>Least FP + R·FN; R is the cost of a missed 1 over that of a false alarm.</summary>
    Cost,

    /// <summary>Fewest false alarms with a recall of at least R.</summary>
    Recall,
}
