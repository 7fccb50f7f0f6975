namespace EdgeRuntime.Devices;

/// <summary>Calls a delegate with the label, or with −1 for the safe state. What a label stands for is the model's; <see cref="ClassTextOutput"/> gives its text.</summary>
public sealed class CallbackOutput : IDecisionOutput
{
    /// <summary>What the delegate is given for the safe state.</summary>
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
