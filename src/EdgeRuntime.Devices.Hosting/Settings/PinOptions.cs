using System.Device.Gpio;

namespace EdgeInference.Devices.Hosting;

/// <summary>The settings of a pin that follows a class; the section "Edge:Output" of the sample.</summary>
public sealed class PinOptions
{
    /// <summary>The pin's number (BCM), 0 to 1,023; −1 for no pin.</summary>
    public int Pin { get; set; } = -1;

    /// <summary>Text of the class for which the pin is on.</summary>
    public string Class { get; set; } = "";

    /// <summary>Number of the class for which the pin is on, for a model whose classes have no texts.</summary>
    public int? Label { get; set; }

    /// <summary>Whether on is low.</summary>
    public bool ActiveLow { get; set; }

    /// <summary>Whether the safe state is on.</summary>
    public bool SafeOn { get; set; }

    /// <summary>Whether the pin's levels are written to the console instead of driving a pin.</summary>
    public bool Simulated { get; set; }

    /// <summary>Says of each wrong value which it is and what it must be.</summary>
    /// <param name="path">Path of the section, for the sentences.</param>
    /// <returns>A sentence for each; empty if there is none.</returns>
    public IReadOnlyList<string> Faults(string path) =>
        new SettingsFaults(path)
            .Range(nameof(Pin), Pin, -1, 1023)
            .Range(nameof(Label), Label ?? 0, 0, int.MaxValue)
            .Add(Pin >= 0 && Class.Length > 0 && Label is not null, $"{path}:{nameof(Class)} is '{Class}' and {path}:{nameof(Label)} is {Label}; leave one of them out.")
            .Sentences;

    /// <summary>Why the settings do not say which class of a model drives the pin, as one sentence; null where they do.</summary>
    /// <param name="path">Path of the section, for the sentence.</param>
    /// <param name="classTexts">A text for each class; empty if the model has none.</param>
    /// <param name="classes">Number of classes.</param>
    public string? Refusal(string path, IReadOnlyList<string> classTexts, int classes)
    {
        ArgumentNullException.ThrowIfNull(classTexts);
        return this switch
        {
            { Pin: < 0 } => null,
            { Class: "", Label: null } when classTexts.Count > 0 => $"{path}:Pin is {Pin} and no class drives it; set {path}:Class to one of {string.Join(", ", classTexts.Select(text => $"'{text}'"))}.",
            { Class: "", Label: null } => $"{path}:Pin is {Pin} and no class drives it; the model has no class texts, so set {path}:Label to the number of a class.",
            { Label: { } label } => new ClassBinding(label).Refusal($"GPIO {Pin}", classTexts, classes),
            _ => new ClassBinding(Class).Refusal($"GPIO {Pin}", classTexts, classes),
        };
    }

    /// <summary>Opens the pin in its safe state.</summary>
    /// <param name="controller">The controller of the pin; the caller keeps ownership.</param>
    public PinOutput Open(GpioController controller) => Label is { } label
        ? new PinOutput(controller, Pin, label, ActiveLow, SafeOn)
        : new PinOutput(controller, Pin, Class, ActiveLow, SafeOn);
}
