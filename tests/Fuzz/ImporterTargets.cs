using EdgeInference.Tool.Stress;

namespace Fuzz;

/// <summary>The files that the tool reads.</summary>
internal static class ImporterTargets
{
    /// <summary>Makes what reads one.</summary>
    /// <param name="ending">The kind of file, such as onnx.</param>
    /// <param name="companions">A folder with <c>layers.json</c> and <c>weights.safetensors</c>, which weights and lists of layers need.</param>
    internal static Func<byte[], string?> Find(string ending, string companions)
    {
        ImporterTarget target = ImporterTarget.All.Single(target => target.Extension == "." + ending);
        string folder = Directory.CreateTempSubdirectory("edge-fuzz-").FullName;
        foreach (string name in new[] { "layers.json", "weights.safetensors" })
        {
            if (File.Exists(Path.Combine(companions, name)))
            {
                File.Copy(Path.Combine(companions, name), Path.Combine(folder, name));
            }
        }

        return file => target.Refusal(file, folder);
    }
}
