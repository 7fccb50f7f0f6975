using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>Models that learn, made once.</summary>
internal static class AdaptableModels
{
    private static readonly Dictionary<string, TrainingResult> trained = [];

    /// <summary>Clouds of points around a centre for each class.</summary>
    internal static LabelledTable Clouds(int classes, int features, int rows, int seed, double spread = 0.5)
    {
        var random = new Random(seed);
        double[][] centres = [.. Enumerable.Range(0, classes).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextDouble() * 4).ToArray())];
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % classes)];
        return new LabelledTable(
            [.. Enumerable.Range(0, features).Select(i => $"x{i}")],
            [.. labels.Select(label => centres[label].Select(x => (float)(x + (spread * (random.NextDouble() + random.NextDouble() - 1)))).ToArray())],
            labels,
            [.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);
    }

    /// <summary>A trained network; the same object for the same name.</summary>
    internal static TrainingResult Train(string name, LabelledTable table, TrainingOptions options)
    {
        lock (trained)
        {
            if (!trained.TryGetValue(name, out TrainingResult? result))
            {
                trained.Add(name, result = EdgeTrainer.Train(table, options));
            }

            return result;
        }
    }

    /// <summary>The file of a network of one hidden layer, prepared to learn.</summary>
    internal static byte[] File(string name, LabelledTable table, Precision precision, AdaptableOptions options, TrainingOptions? training = null) =>
        Train(name, table, training ?? new TrainingOptions { HiddenSizes = [8], Epochs = 40 }).Model
            .Quantize(table.Rows, new QuantizeOptions { Precision = precision }).MakeAdaptable(table, options).ToBytes();

    /// <summary>The rows of a file in data/, in the order of a table's features.</summary>
    internal static LabelledTable Data(string name, string label, LabelledTable? like = null)
    {
        string path = Path.Combine(Folder(), "..", "..", "..", "data", name);
        LabelledTable table = TrainingTable.Read(path, label);
        if (like is null || like.Names.SequenceEqual(table.Names))
        {
            return table;
        }

        // A column that is constant in this file was left out.
        string[][] lines = [.. System.IO.File.ReadLines(path).Select(line => line.Split(','))];
        int[] columns = [.. like.Names.Select(feature => Array.IndexOf(lines[0], feature))];
        return table with { Names = like.Names, Rows = [.. lines.Skip(1).Select(line => columns.Select(column => float.Parse(line[column], System.Globalization.CultureInfo.InvariantCulture)).ToArray())] };
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
