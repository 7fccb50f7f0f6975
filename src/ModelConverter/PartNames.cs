namespace EdgeInference.ModelConverter;

/// <summary>The parts of a file as command lines and messages call them.</summary>
internal static class PartNames
{
    private static readonly (FileParts Part, string Option, string Text)[] all =
    [
        (FileParts.TensorNames, "names", "tensor names"), (FileParts.SelfTest, "self-test", "self-test vectors"),
        (FileParts.Provenance, "provenance", "provenance"), (FileParts.FeatureNames, "features", "feature names and units"),
    ];

    /// <summary>What a list of parts may name, with commas between.</summary>
    internal static string Known => string.Join(", ", all.Select(part => part.Option));

    /// <summary>The parts that a list names, with commas between.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="list">Its value.</param>
    /// <exception cref="InputException">A part is not known or named twice.</exception>
    internal static FileParts Parse(string option, string list)
    {
        FileParts parts = FileParts.None;
        foreach (string name in list.Split(',', StringSplitOptions.TrimEntries))
        {
            FileParts part = Array.Find(all, known => known.Option == name).Part;
            if (part == FileParts.None || parts.HasFlag(part))
            {
                throw new InputException(part == FileParts.None
                    ? $"{option} has the unknown part '{name}'; expected a list of {Known}."
                    : $"{option} names '{name}' twice; name each part once.");
            }

            parts |= part;
        }

        return parts;
    }

    /// <summary>Each part as an option names it.</summary>
    internal static string[] Options(FileParts parts) => [.. all.Where(part => parts.HasFlag(part.Part)).Select(part => part.Option)];

    /// <summary>The parts in words, with commas between.</summary>
    internal static string Text(FileParts parts) => string.Join(", ", all.Where(part => parts.HasFlag(part.Part)).Select(part => part.Text));
}
