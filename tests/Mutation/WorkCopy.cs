namespace EdgeInference.Mutation;

/// <summary>The working tree, copied: the sources of the repository itself are never touched.</summary>
internal sealed class WorkCopy
{
    private static readonly string[] Left = ["bin", "obj", ".git", "TestResults", ".vs", ".idea", "node_modules"];

    internal WorkCopy(string root, string folder)
    {
        Folder = Path.Combine(folder, "repository");
        Originals = new Originals(root);
        CopyFolder(root, Folder, folder);
        // Tests look for it beside the checkout.
        string shared = Path.GetFullPath(Path.Combine(root, "..", "shared"));
        if (Directory.Exists(shared) && !Path.Exists(Path.Combine(folder, "shared")))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "shared"), shared);
        }

        Write(".mutation/EdgeMutant.cs", Switch.Source);
        Write(".mutation/EdgeMutantStub.cs", Switch.Stub);
        string targets = Path.Combine(Folder, "Directory.Build.targets");
        string text = File.Exists(targets) ? File.ReadAllText(targets) : "<Project>\n</Project>\n";
        File.WriteAllText(targets, text.Insert(text.LastIndexOf("</Project>", StringComparison.Ordinal), Switch.Targets + Environment.NewLine));
    }

    internal string Folder { get; }

    internal Originals Originals { get; }

    /// <summary>The sources of the areas, named from the root with slashes.</summary>
    internal List<string> Files(IReadOnlyCollection<string> areas) =>
        [.. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(file => Areas.Of(file) is { } area && areas.Contains(area) && !file.Split('/').Any(part => Left.Contains(part)))
            .Order(StringComparer.Ordinal)];

    internal void Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static void CopyFolder(string from, string to, string except)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            if (!Left.Contains(Path.GetFileName(folder)) && Path.GetFullPath(folder) != Path.GetFullPath(except))
            {
                CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)), except);
            }
        }
    }
}
