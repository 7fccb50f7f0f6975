namespace EdgeInference.Mutation;

/// <summary>The sources as the repository has them.</summary>
internal sealed class Originals(string root)
{
    private readonly Dictionary<string, string> texts = [];

    /// <summary>The text of a file named from the root.</summary>
    internal string this[string file]
    {
        get
        {
            if (!texts.TryGetValue(file, out string? text))
            {
                string path = Path.Combine(root, file);
                texts[file] = text = File.Exists(path) ? File.ReadAllText(path) : throw new MutationException($"There is no file {file} in {root}.");
            }

            return text;
        }
    }
}
