using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Evaluate;

/// <summary>What evaluate counts is what the classifier decides, ties included.</summary>
public sealed class EvaluationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Rows (p0, p1): of equal ones predict() of scikit-learn, LightGBM and the like takes class 0, so that all three are right.
    [Theory]
    [InlineData(OutputRole.Probability, null, null, "0.5,0.5,0\n0.25,0.75,1\n0.75,0.25,0\n", 1.0)]
    [InlineData(OutputRole.Probability, null, 0.25f, "0.5,0.5,1\n0.75,0.25,1\n0.76,0.24,0\n", 1.0)]
    [InlineData(OutputRole.Probability, 0.25f, null, "0.5,0.5,1\n0.75,0.25,1\n0.76,0.24,0\n", 1.0)]
    [InlineData(OutputRole.Score, 0f, null, "0,0,1\n2,1,0\n-2,-1,1\n1,-1,0\n", 1.0)]
    public void Rows_are_decided_as_the_classifier_decides_them(OutputRole role, float? inFile, float? option, string rows, double accuracy)
    {
        string path = Model(2, role, inFile);
        string data = Path.Combine(folder, "d.csv");
        File.WriteAllText(data, "a,b,y\n" + rows);
        List<string> args = ["evaluate", path, "--data", data, "--label", "y", "--json"];
        if (option is { } threshold)
        {
            args.AddRange(["--threshold", threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        (int exitCode, string error) = CommandLine.Run(out string text, [.. args]);
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(accuracy, json.RootElement.GetProperty("accuracy").GetDouble());

        using var classifier = Classifier.Open(path);
        classifier.Threshold = option ?? classifier.Threshold;
        LabelledTable table = CsvTable.ReadLabelled(data, "y");
        Assert.Equal(table.Labels, table.Rows.Select(row => classifier.Classify(row).ClassIndex));
    }

    [Fact]
    public void A_threshold_is_refused_where_none_decides()
    {
        string path = Model(3, OutputRole.Probability, null);
        string data = Path.Combine(folder, "d.csv");
        File.WriteAllText(data, "a,b,c,y\n0.1,0.2,0.7,2\n0.5,0.3,0.2,0\n0.3,0.4,0.3,1\n");
        (int exitCode, string error) = CommandLine.Run(out _, "evaluate", path, "--data", data, "--label", "y", "--threshold", "0.3");
        Assert.Equal(1, exitCode);
        Assert.Contains("omit --threshold", error, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(out _, "evaluate", path, "--data", data, "--label", "y").ExitCode);
        (exitCode, error) = CommandLine.Run(out _, "evaluate", Model(2, OutputRole.Probability, null), "--data", data, "--label", "y", "--threshold", "NaN");
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Agreement_counts_ties_as_the_rule_does()
    {
        var table = new LabelledTable(["a"], [[0f], [0f]], [0, 1], ["0", "1"]);
        var evaluation = Evaluation.Of(table, [[0.5f, 0.5f], [0.4f, 0.6f]], 0.5f, [[0.6f, 0.4f], [0.4f, 0.6f]]);
        Assert.Equal((1.0, 1.0), (evaluation.Accuracy, evaluation.Agreement));
    }

    [Fact]
    public void An_abstain_band_is_tuned_on_the_decisions_that_two_columns_give()
    {
        // The tie is called 0 and is one: nothing is given up.
        var table = new LabelledTable(["a"], [[0f], [0f], [0f]], [0, 0, 1], ["0", "1"]);
        float[][] outputs = [[0.5f, 0.5f], [0.9f, 0.1f], [0.2f, 0.8f]];
        Assert.Equal(0, DecisionTuner.Tune(table, outputs, new DecisionOptions { AbstainAccuracy = 1 }).AbstainedShare);
    }

    // The outputs are the inputs.
    private string Model(int width, OutputRole role, float? threshold)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, width], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, role);
        if (threshold is { } value)
        {
            builder.AddFloats(MetadataKey.Threshold, [value]);
        }

        string path = Path.Combine(folder, $"m{width}.edge");
        File.WriteAllBytes(path, builder.Build());
        return path;
    }
}
