using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests;

/// <summary>The commands as a user types them: exit codes, files, and one clear sentence where the input is at fault.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string data = Path.Combine(AppContext.BaseDirectory, "data");
    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("breast_cancer", 1, "benign")]
    [InlineData("digits", 10, "digit")]
    public void A_float_export_equals_what_PyTorch_stored(string name, int width, string label)
    {
        string model = Export(name, "float32");
        string output = InFolder("y.npy");
        Assert.Equal((0, ""), Run("run", model, "--input", Data($"{name}.test.csv"), "--label", label, "--output", output, "--engine", "fast"));
        (int[] shape, float[] actual) = NpyFile.Read(output);
        (_, float[] expected) = NpyFile.Read(Data($"{name}_mlp.expected.npy"));
        Assert.Equal([expected.Length / width, width], shape);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("breast_cancer", "benign")]
    [InlineData("digits", "digit")]
    public void An_int8_export_decides_as_the_float_one_does(string name, string label)
    {
        string real = Export(name, "float32");
        string integer = Export(name, "int8");
        Evaluation evaluation = Evaluate(integer, name, label, "--against", real);
        Assert.InRange(evaluation.Agreement!.Value, 0.98, 1);
        Assert.InRange(evaluation.Accuracy, Evaluate(real, name, label).Accuracy - 0.01, 1);
    }

    [Theory]
    [InlineData("breast_cancer", "benign", "int8")]
    [InlineData("digits", "digit", "int8")]
    [InlineData("breast_cancer", "benign", "int16")]
    [InlineData("digits", "digit", "int16")]
    public void All_engines_give_identical_bytes_in_fixed_point(string name, string label, string precision)
    {
        string model = Export(name, precision);
        foreach (string engine in new[] { "fast", "reference", "nano" })
        {
            Assert.Equal((0, ""), Run("run", model, "-i", Data($"{name}.test.csv"), "--label", label, "-o", InFolder(engine + ".npy"), "--engine", engine));
        }

        Assert.Equal(File.ReadAllBytes(InFolder("reference.npy")), File.ReadAllBytes(InFolder("fast.npy")));
        Assert.Equal(File.ReadAllBytes(InFolder("reference.npy")), File.ReadAllBytes(InFolder("nano.npy")));
    }

    [Fact]
    public void Demo_and_inspect_work_and_the_json_is_json()
    {
        Assert.Equal((0, ""), Run("demo", "--output", InFolder("demo")));
        string model = Path.Combine(InFolder("demo"), "breast_cancer.int8.edge");
        Assert.Equal((0, ""), Run(out string text, "inspect", model, "--json"));
        using JsonDocument json = JsonDocument.Parse(text);
        Assert.Equal("int8", json.RootElement.GetProperty("precision").GetString());
        Assert.Equal((30 * 16) + (16 * 8) + 8, json.RootElement.GetProperty("multiply_accumulates").GetInt32());
        Assert.Equal((0, ""), Run(out text, "inspect", model));
        Assert.Contains("Quantize", text, StringComparison.Ordinal);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.True(SelfTest.Count(edge) > 0);
        Assert.True(SelfTest.Run(edge));
    }

    [Fact]
    public void Train_learns_from_the_command_line_and_writes_both_files()
    {
        string model = InFolder("xor.edge");
        string csv = InFolder("xor.csv");
        File.WriteAllText(csv, "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n");
        Assert.Equal(
            (0, ""),
            Run(out string text, "train", csv, "--label", "y", "-o", model, "--hidden", "8", "--activation", "tanh", "--epochs", "400", "--batch", "4", "--validation", "0", "--l2", "0", "--labels", "1, 0", "--onnx", InFolder("xor.onnx")));
        using (EdgeModel trained = EdgeModel.Load(model))
        {
            Assert.Equal(["1", "0"], trained.Labels);
        }

        Assert.Contains("epoch", text, StringComparison.Ordinal);
        (int exitCode, string said) = Run(out text, "evaluate", model, "--data", csv, "--label", "y", "--against", InFolder("xor.onnx"), "--json");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("These are the rows that the model was trained or calibrated on", said, StringComparison.Ordinal);
        Evaluation evaluation = JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!;
        Assert.Equal(1, evaluation.Accuracy);
        Assert.InRange(evaluation.WorstDeviation!.Value, 0, 1e-6);
    }

    [Fact]
    public void A_bad_input_gets_one_sentence_exit_code_1_and_no_file()
    {
        string csv = Data("breast_cancer.train.csv");
        string output = InFolder("m.edge");
        string text = Write("text.csv", "a,b,y\n1,2,0\n3,four,1\n");
        string empty = Write("empty.csv", "");
        string jpeg = Write("photo.onnx", "\u00FF\u00D8\u00FF\u00E0 JFIF");
        byte[] whole = File.ReadAllBytes(Data("breast_cancer_mlp.onnx"));
        string half = InFolder("half.onnx");
        File.WriteAllBytes(half, whole[..(whole.Length / 2)]);
        string nowhere = InFolder(Path.Combine("no", "such", "m.edge"));

        Refused("no column 'bening'; did you mean 'benign'?", "train", csv, "--label", "bening", "-o", output);
        Refused("line 3, column 'b': 'four' is not a number", "train", text, "--label", "y", "-o", output);
        Refused("--labels has 1 names but the label column has 2 classes (0, 1)", "train", csv, "--label", "benign", "--labels", "benign", "-o", output);
        Refused("is empty", "train", empty, "--label", "y", "-o", output);
        Refused("photo.onnx", "export", jpeg, "-o", output);
        Refused("half.onnx", "export", half, "-o", output);
        Refused("does not exist", "export", Data("breast_cancer_mlp.onnx"), "-o", nowhere);
        Refused("--calibrate", "export", Data("breast_cancer_mlp.onnx"), "-o", output, "--precision", "int8");
        Refused("not an .edge file", "run", Data("breast_cancer_mlp.onnx"), "-i", csv);
        Refused("not found; check the path", "inspect", InFolder("absent.edge"));
        Assert.False(File.Exists(output) || File.Exists(nowhere));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
    }

    [Fact]
    public void A_wrong_command_line_has_exit_code_2()
    {
        Assert.Equal(2, Run("exprot").ExitCode);
        Assert.Equal(2, Run("run").ExitCode);
        Assert.Equal(2, Run("run", "m.edge", "-i", "x.csv", "--engine", "warp").ExitCode);
        Assert.Equal(0, Run("--help").ExitCode);
    }

    private static void Refused(string expected, params string[] args)
    {
        (int exitCode, string error) = Run(args);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private string Export(string name, string precision)
    {
        string label = name == "digits" ? "digit" : "benign";
        string model = InFolder($"{name}.{precision}.edge");
        string[] calibration = precision != "float32" ? ["--calibrate", Data($"{name}.train.csv"), "--label", label] : [];
        Assert.Equal((0, ""), Run(["export", Data($"{name}_mlp.onnx"), "-o", model, "--precision", precision, .. calibration]));
        return model;
    }

    private static Evaluation Evaluate(string model, string name, string label, params string[] more)
    {
        Assert.Equal((0, ""), Run(out string text, ["evaluate", model, "--data", Data($"{name}.test.csv"), "--label", label, "--json", .. more]));
        return JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!;
    }

    private static (int ExitCode, string Error) Run(params string[] args) => Run(out _, args);

    private static (int ExitCode, string Error) Run(out string text, params string[] args) => CommandLine.RunUnnamed(out text, args);

    private string Write(string name, string content)
    {
        File.WriteAllText(InFolder(name), content);
        return InFolder(name);
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private static string Data(string name) => Path.Combine(data, name);
}
