namespace EdgeInference.Devices;

/// <summary>An output that is bound to classes. The loop checks it before it starts, and updates it when the classes of the model change.</summary>
public interface IClassBoundOutput : IDecisionOutput
{
    /// <summary>Why the output cannot act on a model's decisions, as one sentence; null if it can. May be called from any thread.</summary>
    /// <param name="classTexts">A text for each class; empty if the model has none.</param>
    /// <param name="classes">Number of classes.</param>
    string? Refusal(IReadOnlyList<string> classTexts, int classes);

    /// <summary>Sets the class of each label. The output is in its safe state, and it accepts the model.</summary>
    /// <param name="classTexts">A text for each class; empty if the model has none.</param>
    void Bind(IReadOnlyList<string> classTexts);
}
