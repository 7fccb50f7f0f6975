using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Check;

public sealed class ExportCheckCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-check-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("std_50.45_0.0001", 50.45, 1e-4)]
    [InlineData("std_101325_50", 101325, 50)]
    [InlineData("std_300000_0.05", 300000, 0.05)]
    [InlineData("std_1.7ep09_3600", 1.7e9, 3600)]
    public void Export_says_how_far_float32_and_int8_are_from_double_precision(string name, double mean, double deviation)
    {
        string rows = Write("rows.csv", Lines(300, mean, deviation).Prepend("x"));
        using JsonDocument json = Export(Path.Combine(AppContext.BaseDirectory, "TestData", "accuracy", name + ".onnx"), out string error, "--precision", "int8", "--calibrate", rows);
        JsonElement check = json.RootElement.GetProperty("check");
        Assert.Equal("float64", check.GetProperty("reference").GetString());
        Assert.Equal("calibration", check.GetProperty("rows_are").GetString());
        Assert.Equal(32, check.GetProperty("rows").GetInt32());
        Assert.InRange(check.GetProperty("float32_deviation").GetDouble(), 0, 1e-6);

        // int8 has 255 steps for a sigmoid's whole range, and for its input's.
        Assert.InRange(check.GetProperty("quantized_deviation").GetDouble(), 1e-6, 0.05);
        Assert.DoesNotContain("Warning", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_prints_the_deviation_in_one_line()
    {
        (int exitCode, _) = CommandLine.Run(out string text, "export", TestData.Data("digits_mlp.onnx"), "-o", Path.Combine(folder, "m.edge"));
        Assert.Equal(0, exitCode);
        Assert.Single(text.Split('\n'), line => line.StartsWith("Checked against the source in double precision on 32 made rows: float32 deviates by ", StringComparison.Ordinal));
    }

    [Fact]
    public void Export_warns_of_a_model_that_float32_cannot_hold()
    {
        // (x + 1e8) − 1e8 is x, and 0 or 8 in float32.
        var onnx = new OnnxGraphBuilder();
        string sum = onnx.Node("Add", ["x", onnx.Constant([1e8f], 1)]);
        string y = onnx.NodeTo("y", "Sub", [sum, onnx.Constant([1e8f], 1)]);
        string model = Path.Combine(folder, "m.onnx");
        File.WriteAllBytes(model, onnx.Build("m", "test", "x", [3], y, [3]));
        string rows = Write("rows.csv", ["a,b,c", "0.5,0.25,1"]);
        using JsonDocument json = Export(model, out string error, "--calibrate", rows);
        Assert.Equal(1, json.RootElement.GetProperty("check").GetProperty("float32_deviation").GetDouble());
        Assert.Contains("Warning: the model deviates by 1 from its source in double precision", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("float32", 0)]
    [InlineData("int8", 0.05)]
    public void A_pressure_of_101325_pascal_give_or_take_one_is_learned_and_kept(string precision, double quantized)
    {
        // The second column is the temperature; the class is whether the pressure is above its mean.
        var random = new Random(5);
        double[] pressures = [.. Enumerable.Range(0, 600).Select(_ => Math.Round(101325 + (2 * random.NextDouble()) - 1, 2))];
        string[] lines = [.. pressures.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p},{20 + random.NextDouble():0.00},{(p > 101325 ? "high" : "low")}"))];
        string data = Write("air.csv", lines.Prepend("pressure,temperature,state"));
        string model = Path.Combine(folder, "air.edge");
        (int exitCode, string error) = CommandLine.Run(out string text, "train", data, "--label", "state", "-o", model, "--quiet", "--precision", precision, "--json");
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        JsonElement check = json.RootElement.GetProperty("check");
        Assert.Equal("training", check.GetProperty("rows_are").GetString());
        Assert.InRange(check.GetProperty("float32_deviation").GetDouble(), 0, 1e-6);
        Assert.Equal(precision != "float32", check.TryGetProperty("quantized_deviation", out JsonElement deviation));
        Assert.True(precision == "float32" || deviation.GetDouble() < quantized, text);
        (exitCode, error) = CommandLine.Run(out text, "evaluate", model, "--data", data, "--label", "state", "--json");
        Assert.True(exitCode == 0, error);
        using var evaluation = JsonDocument.Parse(text);
        Assert.InRange(evaluation.RootElement.GetProperty("accuracy").GetDouble(), 0.97, 1);
    }

    private static IEnumerable<string> Lines(int count, double mean, double deviation)
    {
        var random = new Random(4);
        return Enumerable.Range(0, count).Select(_ => ((float)(mean + (deviation * 4 * (random.NextDouble() - 0.5)))).ToString("R", CultureInfo.InvariantCulture));
    }

    private JsonDocument Export(string model, out string error, params string[] options)
    {
        (int exitCode, error) = CommandLine.Run(out string text, ["export", model, "-o", Path.Combine(folder, "m.edge"), "--json", .. options]);
        Assert.True(exitCode == 0, error);
        return JsonDocument.Parse(text);
    }

    private string Write(string name, IEnumerable<string> lines)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
