using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>
/// What an output means, from the source file to the decision. The right values are the source framework's own predict() on
/// data/breast_cancer.test.csv, as handed over with the files.
/// </summary>
public sealed class OutputMeaningTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-meaning-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("sklearn_logreg_label_and_probabilities.onnx", null, 0.9883)]
    [InlineData("mlnet_lbfgs.onnx", null, 0.9825)]
    [InlineData("mlnet_fasttree.onnx", null, 0.9532)]
    [InlineData("torch_one_logit.onnx", "logits", 0.9766)]
    [InlineData("torch_two_logits.onnx", "logits", 0.9766)]
    public void A_classifier_decides_as_its_framework_does(string file, string? head, double accuracy)
    {
        string model = Export(file, out _, head is null ? [] : ["--head", head]);
        (int exitCode, string error) = CommandLine.Run(out string text, "evaluate", model, "--data", Rows, "--label", "benign", "--json");
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(accuracy, json.RootElement.GetProperty("accuracy").GetDouble(), 4);

        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(OutputRole.Probability, edge.File.Decision.Role(0));
        using var classifier = new Classifier(edge);
        foreach (float[] row in EdgeInference.ModelConverter.Data.CsvTable.ReadLabelled(Rows, "benign").Rows)
        {
            Assert.InRange(classifier.Classify(row).Probability, 0f, 1f);
        }
    }

    [Theory]
    [InlineData(1e7, 1, true)]
    [InlineData(101325, 1, false)]
    [InlineData(1.7e9, 3600, false)]
    [InlineData(0, 1e-9, false)]
    public void A_column_that_float32_does_not_hold_is_named(double mean, double deviation, bool said)
    {
        string data = Path.Combine(folder, "c.csv");
        var random = new Random(1);
        File.WriteAllText(data, "a,stamp,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7},{mean + (deviation * ((random.NextDouble() * 4) - 2)):R},{i % 2}\n"))));
        (int exitCode, string error) = CommandLine.Run(out _, "train", data, "--label", "y", "-o", Path.Combine(folder, "c.edge"), "--epochs", "3", "--quiet");
        Assert.True(exitCode == 0, error);
        Assert.Equal(said, error.Contains("'stamp' varies by little more than the precision of float32", StringComparison.Ordinal));
    }

    [Fact]
    public void A_probability_with_the_other_sign_is_none()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 1);
        var p = new Value("p", TensorType.Float32, 1, 1);
        var y = new Value("y", TensorType.Float32, 1, 1);
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Activation, "p", [x], p).WithActivation(EdgeInference.ModelFormat.Rules.ActivationRule.Kind, ActivationKind.Sigmoid));
        graph.Nodes.Add(new Node(Opcode.Unary, "y", [p], y).With(EdgeInference.ModelFormat.Rules.UnaryRule.Kind, (int)UnaryKind.Neg));
        graph.Outputs.Add(y);
        EdgeInference.ModelConverter.Import.OutputMeaning.Recognise(graph);
        Assert.Equal([OutputRole.Unknown], graph.Metadata.OutputRoles);
    }

    [Fact]
    public void Units_and_the_window_are_part_of_the_contract()
    {
        string model = Path.Combine(folder, "w.edge");
        string data = Path.Combine(folder, "w.csv");
        File.WriteAllText(data, "t,h,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.5,{i * 2}.5,{(i < 20 ? "low" : "high")}\n")));
        string[] train = ["train", data, "--label", "y", "-o", model, "--epochs", "5", "--quiet"];
        (int exitCode, string error) = CommandLine.Run(out _, [.. train, "--units", "°C,km/h", "--sample-period", "0.02", "--window", "50", "--hop", "25"]);
        Assert.True(exitCode == 0, error);
        Assert.Equal(0, CommandLine.Run(out string shown, "inspect", model, "--json").ExitCode);
        using var json = JsonDocument.Parse(shown);
        JsonElement contract = json.RootElement.GetProperty("contract");
        Assert.Equal(["°C", "km/h"], contract.GetProperty("units").EnumerateArray().Select(unit => unit.GetString()));
        Assert.Equal((50, 25), (contract.GetProperty("window_length").GetInt32(), contract.GetProperty("window_hop").GetInt32()));
        Assert.Equal(0.02f, contract.GetProperty("sample_period").GetSingle());
        Assert.Equal(["high", "low"], contract.GetProperty("decision").GetProperty("classes").EnumerateArray().Select(text => text.GetString()));
        JsonElement origin = contract.GetProperty("provenance");
        Assert.Equal("w.csv", origin.GetProperty("source").GetString());
        Assert.DoesNotContain(folder, shown, StringComparison.Ordinal);
        Assert.Contains("--units °C,km/h", origin.GetProperty("options").GetString(), StringComparison.Ordinal);
        Assert.Contains("--hop 25", origin.GetProperty("options").GetString(), StringComparison.Ordinal);
        Assert.Equal(64, origin.GetProperty("training_rows_sha256").GetString()!.Length);
        foreach ((string[] wrong, string named) in (ReadOnlySpan<(string[], string)>)[(["--units", "a"], "--units"), (["--sample-period", "0"], "--sample-period"), (["--window", "0"], "--window"), (["--window", "5", "--hop", "6"], "--hop"), (["--hop", "6"], "--hop")])
        {
            (exitCode, error) = CommandLine.Run(out _, [.. train, .. wrong]);
            Assert.Equal(named == "--units" ? 1 : 2, exitCode);
            Assert.Contains(named, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("torch_one_logit.onnx")]
    [InlineData("torch_two_logits.onnx")]
    public void A_bare_output_runs_and_is_refused_where_it_would_decide(string file)
    {
        string model = Export(file, out string said);
        Assert.Contains("--head logits, probability, scores or value", said, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(out _, "run", model, "--input", Rows, "--label", "benign").ExitCode);
        foreach (string[] args in (string[][])[["evaluate", model, "--data", Rows, "--label", "benign"], ["report", model, "--data", Rows, "--label", "benign", "-o", Path.Combine(folder, "r.html")]])
        {
            (int exitCode, string error) = CommandLine.Run(out _, args);
            Assert.Equal(1, exitCode);
            Assert.Contains("export it again with --head logits, probability, scores or value", error, StringComparison.Ordinal);
        }

        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Contains("--head", Assert.Throws<ArgumentException>(() => new Classifier(edge)).Message, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(out _, "emit", model, "--target", "nano", "-o", Path.Combine(folder, "M.g.cs")).ExitCode);
        string code = File.ReadAllText(Path.Combine(folder, "M.g.cs"));
        Assert.DoesNotContain("int Classify(", code, StringComparison.Ordinal);
        Assert.Contains("There is no Classify", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scores", OutputRole.Score)]
    [InlineData("value", OutputRole.Value)]
    [InlineData("probability", OutputRole.Probability)]
    public void The_head_that_is_given_is_what_the_file_says(string head, OutputRole role)
    {
        using EdgeModel edge = EdgeModel.Load(Export("torch_one_logit.onnx", out string said, "--head", head));
        Assert.DoesNotContain("--head", said, StringComparison.Ordinal);
        Assert.Equal(role, edge.File.Decision.Role(0));
        Assert.Equal(role == OutputRole.Value, edge.File.Decision.Refusal is not null);
        Assert.Equal(role == OutputRole.Score ? 0f : 0.5f, edge.File.Decision.Threshold);
    }

    [Fact]
    public void A_head_that_contradicts_the_file_is_refused()
    {
        (int exitCode, string error) = CommandLine.Run(out _, "export", Source("sklearn_logreg_label_and_probabilities.onnx"), "-o", Path.Combine(folder, "x.edge"), "--head", "logits");
        Assert.Equal(1, exitCode);
        Assert.Contains("omit --head logits", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "x.edge")));
    }

    [Theory]
    [InlineData("mlnet_slotnames.onnx")]
    [InlineData("unused_label_input.onnx")]
    public void What_no_result_needs_is_left_out(string file)
    {
        using EdgeModel edge = EdgeModel.Load(Export(file, out _));
        Assert.Single(edge.File.Inputs);
        Assert.Single(edge.File.Outputs);
    }

    [Fact]
    public void Scores_of_a_support_vector_classifier_have_the_sign_and_labels_of_ONNX_Runtime()
    {
        using var reference = new InferenceSession(Source("svc_raw_scores.onnx"));
        using EdgeModel edge = EdgeModel.Load(Export("svc_raw_scores.onnx", out _));
        Assert.Equal(OutputRole.Score, edge.File.Decision.Role(0));
        using var classifier = new Classifier(edge);
        using Session session = edge.CreateSession();
        string name = reference.InputMetadata.Keys.Single();
        foreach (float x in (float[])[-1f, -0.5f, 0f, 0.25f, 2f])
        {
            float[] input = [.. Enumerable.Repeat(x, edge.InputLength)];
            using var results = reference.Run([NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(input, [1, input.Length]))]);
            long label = results[0].AsTensor<long>().Single();
            float[] scores = [.. results[1].AsTensor<float>()];
            float[] output = new float[2];
            session.Run(input, output);
            Assert.Equal(scores[0], output[0], 1e-5f);
            Assert.Equal(scores[1], output[1], 1e-5f);
            Assert.Equal(label, classifier.Classify(input).ClassIndex);
        }
    }

    [Fact]
    public void Outputs_can_be_chosen_by_name_and_a_label_alone_does_not_decide()
    {
        using (EdgeModel edge = EdgeModel.Load(Export("sklearn_logreg_label_and_probabilities.onnx", out _, "--outputs", "lab")))
        {
            Assert.Equal(OutputRole.Label, edge.File.Decision.Role(0));
            Assert.Contains("--outputs", Assert.Throws<ArgumentException>(() => new Classifier(edge)).Message, StringComparison.Ordinal);
        }

        (int exitCode, string error) = CommandLine.Run(out _, "export", Source("torch_one_logit.onnx"), "-o", Path.Combine(folder, "x.edge"), "--outputs", "why");
        Assert.Equal(1, exitCode);
        Assert.Contains("no tensor 'why'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_have_no_log_loss_and_no_report()
    {
        string model = Export("torch_one_logit.onnx", out _, "--head", "scores");
        (int exitCode, string error) = CommandLine.Run(out string text, "evaluate", model, "--data", Rows, "--label", "benign", "--json");
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(0.9766, json.RootElement.GetProperty("accuracy").GetDouble(), 4);
        Assert.False(json.RootElement.TryGetProperty("logLoss", out JsonElement loss) && loss.ValueKind == JsonValueKind.Number);
        (exitCode, error) = CommandLine.Run(out _, "report", model, "--data", Rows, "--label", "benign", "-o", Path.Combine(folder, "r.html"));
        Assert.Equal(1, exitCode);
        Assert.Contains("returns scores", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slice_or_a_mixture_with_a_probability_is_not_taken_for_one(bool mixes)
    {
        var x = new Value("x", TensorType.Float32, 1, 2);
        var p = new Value("p", TensorType.Float32, 1, 2);
        var y = new Value("y", TensorType.Float32, 1, mixes ? 4 : 1);
        var graph = new Graph();
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Softmax, "softmax", [x], p));
        graph.Nodes.Add(mixes ? new Node(Opcode.Concat, "mix", [p, x], y) : new Node(Opcode.Slice, "slice", [p], y));
        graph.Outputs.Add(y);
        EdgeInference.ModelConverter.Import.OutputMeaning.Recognise(graph);
        Assert.Equal([OutputRole.Unknown], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(2, OutputRole.Score)]
    [InlineData(3, OutputRole.Value)]
    public void Values_for_pairs_of_classes_are_not_scores_of_classes(int classes, OutputRole role)
    {
        var x = new Value("x", TensorType.Float32, 1, classes);
        var y = new Value("y", TensorType.Float32, 1, classes);
        var graph = new Graph { SourceOperators = new Dictionary<string, int> { ["SVMClassifier"] = 1 } };
        graph.Metadata = graph.Metadata with { Labels = [.. Enumerable.Range(0, classes).Select(i => $"c{i}")] };
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Concat, "values", [x], y));
        graph.Outputs.Add(y);
        EdgeInference.ModelConverter.Import.OutputMeaning.Recognise(graph);
        Assert.Equal([role], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(0.25f, OutputRole.Probability)]
    [InlineData(-0.25f, OutputRole.Unknown)]
    [InlineData(1.5f, OutputRole.Unknown)]
    public void Trees_give_probabilities_where_their_leaves_are_shares_of_votes(float leaf, OutputRole role)
    {
        var x = new Value("x", TensorType.Float32, 1, 2);
        var graph = new Graph { SourceOperators = new Dictionary<string, int> { ["TreeEnsembleClassifier"] = 1 } };
        graph.Inputs.Add(x);
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "trees" }.TreeEnsemble(x, new TreeLists([-1, 0, 0, 1], [0f], [0], [0], [leaf]), 2, 0));
        EdgeInference.ModelConverter.Import.OutputMeaning.Recognise(graph);
        Assert.Equal([role], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_array_with_a_value_that_is_not_finite_is_refused_by_row(float bad)
    {
        string model = Export("torch_one_logit.onnx", out _, "--head", "logits");
        float[] values = new float[60];
        values[33] = bad;
        string path = Path.Combine(folder, "x.npy");
        File.WriteAllBytes(path, EdgeInference.ModelConverter.Data.NpyFile.Write([2, 30], values));
        (int exitCode, string error) = CommandLine.Run(out _, "run", model, "--input", path);
        Assert.Equal(1, exitCode);
        Assert.Contains("row 2, column '4'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_the_file_fixes_becomes_one_and_is_said()
    {
        using EdgeModel edge = EdgeModel.Load(Export("frozen_batch_32.onnx", out string said));
        Assert.Equal(16, edge.InputLength);
        Assert.Contains("The file fixes its batch at 32", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frozen_reshape_8.onnx")]
    [InlineData("frozen_add_8.onnx")]
    public void A_batch_that_a_node_or_a_constant_fixes_too_becomes_one(string file)
    {
        string model = Path.Combine(folder, "m.edge");
        (int exitCode, string said) = CommandLine.Run(out _, "export", Path.Combine(AppContext.BaseDirectory, "TestData", "import", file), "-o", model);
        Assert.True(exitCode == 0, said);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(4, edge.InputLength);
        Assert.Contains("The file fixes its batch at 8", said, StringComparison.Ordinal);
        Assert.DoesNotContain("depend on each other", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_finite_is_no_decision()
    {
        using EdgeModel edge = EdgeModel.Load(Export("torch_two_logits.onnx", out _, "--head", "logits"));
        using var classifier = new Classifier(edge);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] row = new float[edge.InputLength];
            Assert.Equal(DecisionReason.Decided, classifier.Classify(row).Reason);
            row[3] = bad;
            Decision decision = classifier.Classify(row);
            Assert.Equal((Decision.None, DecisionReason.NotFinite, ""), (decision.ClassIndex, decision.Reason, decision.ClassText));
            Assert.True(float.IsNaN(decision.Probability) && float.IsNaN(classifier.Probabilities[0]));
        }
    }

    private static string Rows => TestData.Data("breast_cancer.test.csv");

    private static string Source(string file) => Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "contract", file);

    private string Export(string file, out string said, params string[] options)
    {
        string model = Path.Combine(folder, Path.ChangeExtension(file, ".edge"));
        (int exitCode, said) = CommandLine.Run(out _, ["export", Source(file), "-o", model, .. options]);
        Assert.True(exitCode == 0, said);
        return model;
    }
}
