namespace EdgeRuntime.Devices;

/// <summary>An output that has to know which class is which. The loop asks it before it starts, and tells it whenever the classes of the model change.</summary>
public interface IClassBoundOutput : IDecisionOutput
{
    /// <summary>Why the output cannot act on a model's decisions, as one sentence; null where it can. May be called from any thread.</summary>
    /// <param name="classTexts">A text for each class; empty where the model has none.</param>
    /// <param name="classes">Number of classes.</param>
    string? Refusal(IReadOnlyList<string> classTexts, int classes);

    /// <summary>Says which class each label is from now on. The output is in its safe state, and the model is one that it does not refuse.</summary>
    /// <param name="classTexts">A text for each class; empty where the model has none.</param>
    void Bind(IReadOnlyList<string> classTexts);
}
