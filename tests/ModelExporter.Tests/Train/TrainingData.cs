using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>The real data sets of data/, and small made-up ones.</summary>
internal static class TrainingData
{
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    internal static LabelledTable XOR { get; } = new(["a", "b"], [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], ["0", "1"]);

    internal static LabelledTable Read(string name, string label, LabelledTable? like = null) =>
        CsvTable.ReadLabelled(Path.Combine(Folder, name), label, like?.Classes);

    /// <summary>Gaussian-like blobs, one for each class, that overlap.</summary>
    internal static LabelledTable Blobs(int classes, int features, int rows, int seed)
    {
        var random = new Random(seed);
        var table = new List<float[]>();
        var labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            labels[i] = i % classes;
            int label = labels[i];
            table.Add([.. Enumerable.Range(0, features).Select(f => (float)((f % classes == label ? 1.5 : 0) + (random.NextDouble() * 2) - 1))]);
        }

        return new LabelledTable([.. Enumerable.Range(0, features).Select(f => $"f{f}")], table, labels, [.. Enumerable.Range(0, classes).Select(c => $"class{c}")]);
    }
}
