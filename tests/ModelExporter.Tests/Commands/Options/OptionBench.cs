using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Small inputs for every command, and command lines that run in this process on them.</summary>
public sealed class OptionBench : IDisposable
{
    /// <summary>Rows of <see cref="Train"/>.</summary>
    internal const int TrainRows = 120;

    // It trains and quantizes six data sets.
    private static readonly Lazy<JsonElement[]> accuracyTable = new(() => [.. Json("accuracy-table").EnumerateArray()]);

    private readonly Lazy<string> adaptable;
    private readonly Dictionary<string, byte[]> made = [];
    private readonly string folder = Directory.CreateTempSubdirectory("edge-options-").FullName;
    private int files;

    public OptionBench()
    {
        Train = Write("train.csv", Csv(Samples(TrainRows, 3)));
        Test = Write("test.csv", Csv(Samples(90, 4)));
        adaptable = new Lazy<string>(() => Save(TrainWith("--precision", "int8", "--adaptable")));
        Net = InFolder("net.onnx");
        Model = InFolder("net.edge");
        Done("train", Train, "--label", "y", "-o", Model, "--onnx", Net, "--hidden", "6,5", "--epochs", "25", "-q");
    }

    /// <summary>The lines of <c>edge accuracy-table --json</c>, made once for all tests.</summary>
    internal static JsonElement[] AccuracyTable => accuracyTable.Value;

    /// <summary>Four features a, b, c, d of two overlapping classes, and their label y.</summary>
    internal string Train { get; }

    /// <summary>Other rows of the same kind.</summary>
    internal string Test { get; }

    /// <summary>A trained classifier of <see cref="Train"/>.</summary>
    internal string Model { get; }

    /// <summary>A model of the same rows that learns on a device.</summary>
    internal string Adaptable => adaptable.Value;

    /// <summary><see cref="Model"/> as ONNX.</summary>
    internal string Net { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    internal string InFolder(string name) => Path.Combine(folder, name);

    /// <summary>A path that was not used before.</summary>
    internal string New(string ending = ".edge") => InFolder($"{++files}{ending}");

    internal string Write(string name, string text)
    {
        File.WriteAllText(InFolder(name), text);
        return InFolder(name);
    }

    internal static (int ExitCode, string Text, string Error) Run(params string[] args)
    {
        (int exitCode, string error) = CommandLine.RunUnnamed(out string text, args);
        return (exitCode, text, error);
    }

    /// <summary>What a command that must succeed prints on standard output.</summary>
    internal static string Done(params string[] args)
    {
        (int exitCode, string text, string error) = Run(args);
        Assert.True(exitCode == EdgeCommand.Done, $"{string.Join(' ', args)}: {exitCode}, {error}");
        return text;
    }

    /// <summary>The sentence of a command that must refuse its input.</summary>
    internal static string Refused(params string[] args) => Fault(EdgeCommand.InputFault, args);

    /// <summary>The sentence of a command whose line is at fault, whatever its files hold.</summary>
    internal static string Misused(params string[] args) => Fault(EdgeCommand.UsageFault, args);

    private static string Fault(int code, string[] args)
    {
        (int exitCode, string text, string error) = Run(args);
        Assert.True(exitCode == code, $"{string.Join(' ', args)}: {exitCode}, {text}{error}");
        Assert.Single(error.TrimEnd().Split('\n'));
        return error;
    }

    internal static JsonElement Json(params string[] args)
    {
        string text = Done([.. args, "--json"]);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A model that <c>edge train</c> makes of <see cref="Train"/> in short time.</summary>
    internal byte[] TrainWith(params string[] options) => new ModelMaker("train").Make(this, options);

    /// <summary>What was made by this name before, or is now.</summary>
    internal byte[] Made(string name, Func<byte[]> make)
    {
        if (!made.TryGetValue(name, out byte[]? model))
        {
            model = make();
            made.Add(name, model);
        }

        return model;
    }

    internal string Save(byte[] model)
    {
        string path = New();
        File.WriteAllBytes(path, model);
        return path;
    }

    /// <summary>What the reference kernels give, row by row.</summary>
    internal static float[][] Outputs(byte[] file, IEnumerable<float[]> rows, KernelSet kernels = KernelSet.Fast)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(kernels);
        return [.. rows.Select(row =>
        {
            float[] output = new float[model.OutputLength];
            session.Run(row, output);
            return output;
        })];
    }

    internal static ModelFile Contract(byte[] file) => ModelFile.Read(new ModelBytes(file));

    internal static Graph Graph(byte[] file) => GraphReader.Read(Contract(file));

    /// <summary>The features and labels of a table as this class writes it.</summary>
    internal static (float[][] Rows, int[] Labels) Read(string path)
    {
        string[][] cells = [.. File.ReadAllLines(path).Skip(1).Select(line => line.Split(','))];
        return ([.. cells.Select(line => Array.ConvertAll(line[..^1], cell => float.Parse(cell, CultureInfo.InvariantCulture)))], [.. cells.Select(line => int.Parse(line[^1], CultureInfo.InvariantCulture))]);
    }

    /// <summary>The outputs of <c>edge run</c>, without the decision before them.</summary>
    internal static float[][] Numbers(string csv)
    {
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int skipped = lines[0].StartsWith("decision,class,", StringComparison.Ordinal) ? 3 : 0;
        return [.. lines.Skip(1).Select(line => Array.ConvertAll(line.Split(',')[skipped..], cell => float.Parse(cell, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Rows of a, b, c, d whose class is a noisy function of them, two of three being 1.</summary>
    internal static IEnumerable<(float[] Row, int Label)> Samples(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int label = i % 3 == 0 ? 0 : 1;
            yield return ([.. Enumerable.Range(0, 4).Select(j => (float)Math.Round(((label * (1.2 - (0.5 * j))) + Normal(random)) * Math.Pow(3, j) + j, 4))], label);
        }
    }

    internal static string Csv(IEnumerable<(float[] Row, int Label)> rows, string header = "a,b,c,d,y") =>
        header + "\n" + string.Concat(rows.Select(row => $"{string.Join(',', row.Row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))},{row.Label}\n"));

    private static double Normal(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
}
