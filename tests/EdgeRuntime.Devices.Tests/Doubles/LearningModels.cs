using System.Globalization;
using EdgeInference.ModelConverter;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>Models that can learn, made of data/breast_cancer_mlp.onnx, and rows for them.</summary>
internal static class LearningModels
{
    private static readonly Lazy<LabelledTable> table = new(() => Read("breast_cancer.train.csv"));
    private static readonly Lazy<byte[]> eight = new(() => Make(Precision.Int8));
    private static readonly Lazy<byte[]> sixteen = new(() => Make(Precision.Int16));

    /// <summary>Labelled rows.</summary>
    internal static LabelledTable Rows => table.Value;

    /// <summary>A model.</summary>
    internal static byte[] Int8 => eight.Value;

    /// <summary>Another of the same contract.</summary>
    internal static byte[] Int16 => sixteen.Value;

    /// <summary>The same that cannot learn.</summary>
    internal static byte[] Plain => Quantized(Precision.Int8).ToBytes();

    private static byte[] Make(Precision precision) => Quantized(precision).MakeAdaptable(Rows).ToBytes();

    private static ConvertedModel Quantized(Precision precision) =>
        EdgeConverter.Import(Data("breast_cancer_mlp.onnx")).Quantize(Rows.Rows, new QuantizeOptions { Precision = precision, Method = RangeMethod.MinMax });

    private static LabelledTable Read(string name)
    {
        string[] lines = File.ReadAllLines(Data(name));
        float[][] cells = [.. lines.Skip(1).Select(line => Array.ConvertAll(line.Split(','), cell => float.Parse(cell, CultureInfo.InvariantCulture)))];
        return new LabelledTable(lines[0].Split(',')[..^1], [.. cells.Select(row => row[..^1])], [.. cells.Select(row => (int)row[^1])], ["0", "1"]);
    }

    private static string Data(string name)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("There is no EdgeInference.sln above the tests.");
        }

        return Path.Combine(folder, "data", name);
    }
}
