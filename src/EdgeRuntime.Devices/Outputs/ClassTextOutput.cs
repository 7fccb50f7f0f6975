using System.Globalization;

namespace EdgeInference.Devices;

/// <summary>Calls a delegate with the text of the decided class, or with null for the safe state.</summary>
public sealed class ClassTextOutput : IClassBoundOutput
{
    private readonly Action<string?> callback;
    private IReadOnlyList<string> classTexts = [];

    /// <summary>Creates an output.</summary>
    /// <param name="callback">Gets the text of the class, its number if the model's classes have no texts, or null.</param>
    public ClassTextOutput(Action<string?> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        this.callback = callback;
    }

    /// <inheritdoc/>
    public string? Refusal(IReadOnlyList<string> classTexts, int classes) => null;

    /// <inheritdoc/>
    public void Bind(IReadOnlyList<string> classTexts) => this.classTexts = classTexts;

    /// <inheritdoc/>
    public void Apply(int label) => callback(label < classTexts.Count ? classTexts[label] : label.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void ApplySafe() => callback(null);
}
