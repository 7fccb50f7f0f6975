namespace EdgeRuntime.Devices;

/// <summary>The class that something is bound to: by its text, or by its number where the model has no texts.</summary>
internal sealed class ClassBinding
{
    private readonly string? text;

    internal ClassBinding(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        this.text = text;
        Label = Unbound;
    }

    internal ClassBinding(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        Label = label;
    }

    internal static int Unbound => -1;

    /// <summary>The label of the class, <see cref="Unbound"/> while a text is not bound to a model.</summary>
    internal int Label { get; private set; }

    /// <summary>The class in words.</summary>
    internal string Description => text is null ? $"class {Label}, by number: the model has no class texts" : $"'{text}'";

    internal string? Refusal(string owner, IReadOnlyList<string> classTexts, int classes)
    {
        string known = string.Join(", ", classTexts.Select(known => $"'{known}'"));
        if (text is null)
        {
            return classTexts.Count > 0 ? $"{owner} is bound to class number {Label}, and the model's classes have texts; bind it to one of {known}."
                : Label >= classes ? $"{owner} is bound to class number {Label}, and the model has {classes} classes, 0 to {classes - 1}."
                : null;
        }

        if (classTexts.Count == 0)
        {
            return $"{owner} is bound to the class '{text}', and the model's classes have no texts; export the model with them, or bind it by number.";
        }

        return classTexts.Count(known => known == text) switch
        {
            0 => $"{owner} is bound to the class '{text}', which the model does not have; nearest is '{NearestText.Of(text, classTexts)}' of {known}.",
            1 => null,
            _ => $"{owner} is bound to the class '{text}', which the model has more than once; export it with other texts.",
        };
    }

    internal void Bind(IReadOnlyList<string> classTexts)
    {
        for (int i = 0; text is not null && i < classTexts.Count; i++)
        {
            if (classTexts[i] == text)
            {
                Label = i;
            }
        }
    }
}
