namespace EdgeInference.ModelConverter;

/// <summary>What the numbers at a model's output mean, if its file does not define it.</summary>
public enum HeadKind
{
    /// <summary>Values before a sigmoid (one value) or a softmax, which is added.</summary>
    Logits,

    /// <summary>Probabilities, 0 to 1.</summary>
    Probability,

    /// <summary>Scores: the highest decides, or the sign of a single one.</summary>
    Scores,

    /// <summary>Quantities on which nothing is decided.</summary>
    Value,
}
