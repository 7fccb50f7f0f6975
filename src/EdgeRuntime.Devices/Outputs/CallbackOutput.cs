namespace EdgeInference.Devices;

/// <summary>Calls a delegate with the label, or with −1 for the safe state. The model defines what a label means; <see cref="ClassTextOutput"/> gives its text.</summary>
public sealed class CallbackOutput : IDecisionOutput
{
    /// <summary>The label that the delegate gets for the safe state.</summary>
    public const int Safe = -1;

    private readonly Action<int> callback;

    /// <summary>Creates an output.</summary>
    public CallbackOutput(Action<int> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        this.callback = callback;
    }

    /// <inheritdoc/>
    public void Apply(int label) => callback(label);

    /// <inheritdoc/>
    public void ApplySafe() => callback(Safe);
}
