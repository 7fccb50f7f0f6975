using System.Runtime.CompilerServices;
using EdgeInference.Tool.Stress;
using EdgeInference.Tool.Tests.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>
/// Damaged files of every kind that the tool reads: refused with one sentence, or a model. EDGE_MUTATIONS in the environment
/// sets how many of each kind; tests/ModelExporter.Stress runs millions, and what it found is in TestData/found.
/// </summary>
public sealed class ImporterMutationTests : IDisposable
{
    private const int Mutations = 100;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public static TheoryData<string> Extensions => [.. ImporterTarget.All.Select(target => target.Extension)];

    public static TheoryData<string> Found => [.. Directory.GetFiles(Path.Combine(Source(), "TestData", "found")).Select(path => Path.GetFileName(path))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Extensions))]
    public void A_damaged_file_is_refused_with_one_sentence_or_is_a_model(string extension)
    {
        ImporterTarget target = ImporterTarget.All.Single(target => target.Extension == extension);
        string weights = Path.Combine(Source(), "TestData", "weights");
        File.Copy(Path.Combine(weights, "image.json"), Path.Combine(folder, "layers.json"));
        File.Copy(Path.Combine(weights, extension == ".yaml" ? "sequence.safetensors" : "image.safetensors"), Path.Combine(folder, "weights.safetensors"));
        int count = int.TryParse(Environment.GetEnvironmentVariable("EDGE_MUTATIONS"), out int asked) ? asked : Mutations;
        IReadOnlyList<byte[]> seeds = Seeds(extension);
        Assert.InRange(ImporterRun.Run(target, seeds, 1, count / 2, folder), 0, count);

        // Half of the runs are other ones every time; the message has the file that fails.
        Assert.InRange(ImporterRun.Run(target, seeds, Random.Shared.Next(), count / 2, folder), 0, count);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void What_once_broke_an_importer_is_refused_with_one_sentence(string file)
    {
        ImporterTarget target = ImporterTarget.All.Single(target => target.Extension == Path.GetExtension(file));
        Assert.False(target.Read(File.ReadAllBytes(Path.Combine(Source(), "TestData", "found", file)), folder));
    }

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, ".."));

    private static IReadOnlyList<byte[]> Seeds(string extension)
    {
        if (extension == ".tflite")
        {
            return [.. OperatorCases.All.Select(operatorCase => operatorCase.Model)];
        }

        string data = Path.Combine(AppContext.BaseDirectory, "data");
        string[] files = extension switch
        {
            ".csv" => [Path.Combine(data, "breast_original.test.csv")],
            ".onnx" => Directory.GetFiles(data, "*.onnx"),
            ".json" => [Path.Combine(Source(), "TestData", "weights", "image.json")],
            ".yaml" => [Path.Combine(Source(), "TestData", "weights", "sequence.yaml")],
            ".h5" => [Path.Combine(Source(), "TestData", "keras", "functional.h5")],
            ".keras" => Directory.GetFiles(Path.Combine(Source(), "TestData", "keras"), "*.keras"),
            _ => Directory.GetFiles(Path.Combine(Source(), "TestData", "weights"), "*" + extension),
        };
        return [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }
}
