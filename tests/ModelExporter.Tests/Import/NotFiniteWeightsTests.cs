using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.Tool.Commands;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Weights;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>Weights that are no numbers, in every format, through the command.</summary>
public sealed class NotFiniteWeightsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-not-finite-").FullName;

    public static TheoryData<string, float> Cases
    {
        get
        {
            var cases = new TheoryData<string, float>();
            foreach (string file in new[] { "m.onnx", "m.tflite", "m.keras", "functional.h5", "only.weights.h5", "m.safetensors", "m.npz" })
            {
                foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    cases.Add(file, value);
                }
            }

            return cases;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_that_are_no_numbers_are_refused(string file, float value)
    {
        string path = Path.Combine(folder, file);
        string[] layers = [];
        switch (file)
        {
            case "m.onnx": File.WriteAllBytes(path, HostileFiles.OnnxSum("Mul", [1f, value], [2])); break;
            case "m.tflite": File.WriteAllBytes(path, Tflite(value)); break;
            case "m.keras": File.WriteAllBytes(path, new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""").Layer("Dense", "d", """{"units": 1, "use_bias": false}""").Weights("dense", new float[,] { { 1f }, { value } }).Build()); break;
            case "functional.h5":
                File.WriteAllBytes(path, Replaced("keras", file, null, value));
                break;
            case "only.weights.h5":
                layers = ["--layers", Path.Combine(AppContext.BaseDirectory, "TestData", "import", "net.json")];
                File.WriteAllBytes(path, Replaced("import", file, layers[1], value));
                break;
            case "m.safetensors":
                layers = Layers();
                File.WriteAllBytes(path, new SafetensorsBuilder().Add("fc.weight", [1, 2], 1f, value).Build());
                break;
            default:
                layers = Layers();
                File.WriteAllBytes(path, Npz(1f, value));
                break;
        }

        (int exitCode, string error) = CommandLine.Run(out _, ["export", path, "-o", Path.Combine(folder, "out.edge"), .. layers]);
        Assert.Contains(float.IsNaN(value) ? "is NaN at element" : "is infinite at element", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Empty(Directory.GetFiles(folder, "out*"));
    }

    // −∞ hides in a mask; +∞ in one, or what hides by the wrong sign, is not a number after Softmax.
    [Theory]
    [InlineData("Add", float.NegativeInfinity, true)]
    [InlineData("Add", float.PositiveInfinity, false)]
    [InlineData("Add", float.NaN, false)]
    [InlineData("Sub", float.PositiveInfinity, true)]
    [InlineData("Sub", float.NegativeInfinity, false)]
    [InlineData("Sub", float.NaN, false)]
    [InlineData("Max", float.NegativeInfinity, true)]
    [InlineData("Min", float.PositiveInfinity, true)]
    [InlineData("Max", float.NaN, false)]
    public void Infinities_are_allowed_where_they_mean_something(string type, float value, bool isAllowed)
    {
        string path = Path.Combine(folder, "m.onnx");
        File.WriteAllBytes(path, HostileFiles.OnnxSum(type, [0f, value], [2]));
        if (isAllowed)
        {
            Assert.Single(ModelImporter.Import(path).Nodes);
            return;
        }

        Assert.Contains("at element 1, so its results are not finite", Assert.Throws<InputException>(() => ModelImporter.Import(path)).Message, StringComparison.Ordinal);
    }

    // 2,147,483,647 rows of nothing are no elements, and no overflow.
    [Fact]
    public void A_constant_of_no_elements_may_have_a_large_dimension()
    {
        string path = Path.Combine(folder, "m.onnx");
        File.WriteAllBytes(path, HostileFiles.OnnxSum("Add", [], [int.MaxValue, 0]));
        (int exitCode, string error) = CommandLine.Run(out _, "export", path, "-o", Path.Combine(folder, "out.edge"));
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Contains("reads the tensor 'w', which is empty", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static byte[] Tflite(float value)
    {
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.Float32, [1, 2]);
        int weights = model.Constant([1, 2], [1f, value]);
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [input, weights, -1], [model.Output(TfliteType.Float32, [1, 1])], 8);
        return model.Build();
    }

    // A good file, of which one weight is another.
    private static byte[] Replaced(string under, string file, string? layers, float value)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", under, file);
        Graph graph = ModelImporter.Import(source, layers);
        byte[] bytes = File.ReadAllBytes(source);
        byte[] weight = [.. graph.Nodes.SelectMany(node => node.Inputs).Where(input => input is { IsConstant: true, Data: float[] { Length: > 8 } })
            .SelectMany(input => (float[])input!.Data!).Select(BitConverter.GetBytes).First(one => bytes.AsSpan().IndexOf(one) >= 0 && BitConverter.ToSingle(one) is not 0f and not 1f)];
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.AsSpan().IndexOf(weight)), value);
        return bytes;
    }

    private string[] Layers()
    {
        string path = Path.Combine(folder, "net.json");
        File.WriteAllText(path, """{"input": [2], "layers": [{"type": "Linear", "name": "fc"}]}""");
        return ["--layers", path];
    }

    private static byte[] Npz(params float[] values)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': (1, {values.Length}), }}").PadRight(117) + "\n";
        return KerasArchiveBuilder.Zip(("fc.weight.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values.SelectMany(BitConverter.GetBytes)]));
    }
}
