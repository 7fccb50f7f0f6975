namespace EdgeInference.Devices;

/// <summary>The class that an output is bound to: by its text, or by its number where the model has no texts.</summary>
public sealed class ClassBinding
{
    /// <summary><see cref="Label"/> while a text is not bound to a model.</summary>
    public const int Unbound = -1;

    private readonly string? text;

    /// <summary>Names a class by its text.</summary>
    /// <param name="text">The text, as the model has it.</param>
    public ClassBinding(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        this.text = text;
        Label = Unbound;
    }

    /// <summary>Names a class by its number, for models whose classes have no texts.</summary>
    /// <param name="label">The number, from 0.</param>
    public ClassBinding(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        Label = label;
    }

    /// <summary>The label of the class, <see cref="Unbound"/> while a text is not bound to a model.</summary>
    public int Label { get; private set; }

    /// <summary>The class in words.</summary>
    public string Description => text is null ? $"class {Label}, by number: the model has no class texts" : $"'{text}'";

    /// <summary>Why the model does not have the class, as one sentence that names the nearest; null if it has it.</summary>
    /// <param name="owner">The bound object, as the subject of the sentence: "GPIO 18".</param>
    /// <param name="classTexts">A text for each class; empty if the model has none.</param>
    /// <param name="classes">Number of classes.</param>
    public string? Refusal(string owner, IReadOnlyList<string> classTexts, int classes)
    {
        ArgumentNullException.ThrowIfNull(classTexts);
        string known = string.Join(", ", classTexts.Select(known => $"'{known}'"));
        if (text is null)
        {
            return classTexts.Count > 0 ? $"{owner} is bound to class number {Label}, but the model's classes have texts; bind it to one of {known}."
                : Label >= classes ? $"{owner} is bound to class number {Label}, but the model has {classes} classes, 0 to {classes - 1}."
                : null;
        }

        if (classTexts.Count == 0)
        {
            return $"{owner} is bound to the class '{text}', but the model's classes have no texts; export the model with them, or bind it by number.";
        }

        return classTexts.Count(known => known == text) switch
        {
            0 => $"{owner} is bound to the class '{text}', which the model does not have; the nearest is '{NearestText.Of(text, classTexts)}' of {known}.",
            1 => null,
            _ => $"{owner} is bound to the class '{text}', which the model has more than once; export it with other texts.",
        };
    }

    /// <summary>Finds the label of the class in a model that is accepted.</summary>
    /// <param name="classTexts">A text for each class; empty if the model has none.</param>
    public void Bind(IReadOnlyList<string> classTexts)
    {
        ArgumentNullException.ThrowIfNull(classTexts);
        for (int i = 0; text is not null && i < classTexts.Count; i++)
        {
            if (classTexts[i] == text)
            {
                Label = i;
            }
        }
    }
}
