using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Weights;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace EdgeInference.Tool.Tests;

/// <summary>The library without the command: what a program of ML.NET calls to turn its model into an .edge file.</summary>
public sealed class ConverterTests : IDisposable
{
    private static readonly string train = TestData.Data("breast_cancer.train.csv");
    private static readonly string test = TestData.Data("breast_cancer.test.csv");

    private readonly string folder = Directory.CreateTempSubdirectory("edge-converter-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_model_of_MLNET_converted_in_ten_lines_decides_as_it_predicts()
    {
        var ml = new MLContext(seed: 1);
        var options = new TextLoader.Options { HasHeader = true, Separators = [','], Columns = [new("Features", DataKind.Single, 0, 29), new("Label", DataKind.Boolean, 30)] };
        IDataView rows = ml.Data.LoadFromTextFile(train, options);
        var trained = ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(rows);
        string onnx = InFolder("tumour.onnx");
        using (FileStream file = File.Create(onnx))
        {
            ml.Model.ConvertToOnnx(trained, rows, file);
        }

        ConvertedModel model = EdgeConverter.Import(onnx, new ImportOptions { ClassTexts = ["malignant", "benign"] });
        model.Save(InFolder("tumour.edge"));
        model.Quantize(train, "benign").Save(InFolder("tumour.int8.edge"));

        IDataView decided = trained.Transform(ml.Data.LoadFromTextFile(test, options));
        bool[] predicted = [.. decided.GetColumn<bool>("PredictedLabel")];
        float[][] features = [.. decided.GetColumn<float[]>("Features")];
        float[][] raw = [.. ml.Data.LoadFromTextFile(test, options).GetColumn<float[]>("Features")];
        Assert.NotEqual(features[0], raw[0]);
        Assert.Contains(true, predicted);
        Assert.Contains(false, predicted);
        string[] expected = [.. predicted.Select(benign => benign ? "benign" : "malignant")];
        Assert.Equal(expected, Decisions(InFolder("tumour.edge"), raw));
        int alike = Decisions(InFolder("tumour.int8.edge"), raw).Zip(expected).Count(pair => pair.First == pair.Second);
        Assert.True(alike >= expected.Length - 1, $"{alike} of {expected.Length} rows are decided alike in int8");
    }

    [Fact]
    public void The_library_writes_the_bytes_of_the_command_but_for_the_recorded_options()
    {
        string source = TestData.Data("breast_cancer_mlp.onnx");
        ConvertedModel model = EdgeConverter.Import(source).Quantize(train, "benign");
        Assert.Equal(Precision.Int8, model.Precision);
        (int exitCode, string error) = CommandLine.Run(out _, "export", source, "-o", InFolder("m.edge"), "--precision", "int8", "--calibrate", train, "--label", "benign");
        Assert.True(exitCode == 0, error);
        using EdgeModel library = EdgeModel.Load(model.ToBytes());
        using EdgeModel command = EdgeModel.Load(InFolder("m.edge"));
        Assert.Equal(Contents(command), Contents(library));
        Assert.Equal("--calibrate breast_cancer.train.csv --label benign --precision int8", command.File.Metadata.Text(EdgeInference.ModelFormat.MetadataKey.Options));
        Assert.Equal("", library.File.Metadata.Text(EdgeInference.ModelFormat.MetadataKey.Options));
        Assert.Equal(command.File.Metadata.Text(EdgeInference.ModelFormat.MetadataKey.Source), library.File.Metadata.Text(EdgeInference.ModelFormat.MetadataKey.Source));
    }

    [Fact]
    public void A_step_leaves_the_model_before_it_as_it_was()
    {
        ConvertedModel model = EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"));
        byte[] before = model.ToBytes();
        ConvertedModel tuned = model.Tune(train, "benign", new DecisionOptions { Threshold = new ThresholdObjective(ThresholdGoal.Recall, 0.99) });
        ConvertedModel small = model.Quantize(train, "benign", new QuantizeOptions { Precision = Precision.Int16, Method = RangeMethod.MinMax });
        Assert.NotNull(tuned.Threshold);
        Assert.Null(model.Threshold);
        Assert.Null(small.Threshold);
        Assert.Equal(Precision.Int16, small.Precision);
        Assert.Equal(before, model.ToBytes());
        Assert.Equal(tuned.ToBytes(), tuned.ToBytes());
        Assert.NotEqual(before, tuned.ToBytes());
        Assert.Null(tuned.Check()!.QuantizedDeviation);
        Assert.Null(tuned.Check()!.Warning);
        Assert.NotNull(small.Check()!.QuantizedDeviation);
    }

    [Fact]
    public void Notices_say_what_the_command_says_and_nothing_is_printed()
    {
        string source = TestData.Data("breast_cancer_mlp.onnx");
        (_, string error) = CommandLine.Run(out _, "export", source, "-o", InFolder("m.edge"), "--precision", "int8", "--calibrate", train, "--label", "benign");
        ConvertedModel model = EdgeConverter.Import(source);
        Assert.Empty(model.Notices);
        ConvertedModel small = model.Quantize(train, "benign");
        Assert.NotEmpty(small.Notices);
        Assert.Equal(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), small.Notices);
        Assert.Empty(model.Notices);
    }

    [Fact]
    public void Rows_are_a_list_as_well_as_a_file()
    {
        ConvertedModel model = EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"));
        float[][] rows = [.. File.ReadLines(train).Skip(1).Select(line => Array.ConvertAll(line.Split(',')[..^1], cell => float.Parse(cell, System.Globalization.CultureInfo.InvariantCulture)))];
        int[] labels = [.. File.ReadLines(train).Skip(1).Select(line => int.Parse(line.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture))];
        var options = new DecisionOptions { Calibration = EdgeInference.ModelFormat.CalibrationMethod.Platt, Threshold = new ThresholdObjective(ThresholdGoal.F1) };
        ConvertedModel byList = model.Tune(new LabelledTable([], rows, labels, ["0", "1"]), options);
        Assert.Equal(model.Tune(train, "benign", options).ToBytes(), byList.ToBytes());

        using EdgeModel list = EdgeModel.Load(model.Quantize(rows).ToBytes());
        using EdgeModel file = EdgeModel.Load(model.Quantize(train, "benign").ToBytes());
        Assert.Equal(file.File.Operators.Select(record => record.Info.Name), list.File.Operators.Select(record => record.Info.Name));
        Assert.Throws<InputException>(() => model.Quantize(Array.Empty<float[]>()));
        Assert.Throws<InputException>(() => model.Quantize([[1f, 2f]]));
        Assert.Throws<InputException>(() => model.Tune(new LabelledTable([], [[1f]], [0], ["0", "1"]), options));
        Assert.Throws<InputException>(() => model.Tune(new LabelledTable([], rows, labels, ["0", "1", "2"]), options));
    }

    [Fact]
    public void Progress_reaches_one_and_a_cancelled_search_stops_at_the_next_attempt()
    {
        ConvertedModel model = EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"));
        var shares = new List<double>();
        model.Quantize(train, "benign", progress: new Listener(shares.Add));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);

        using var cancellation = new CancellationTokenSource();
        var before = new List<double>();
        var listener = new Listener(share =>
        {
            before.Add(share);
            cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => model.Quantize(train, "benign", progress: listener, cancellation: cancellation.Token));
        Assert.Single(before);
        Assert.Throws<OperationCanceledException>(() => model.Quantize(train, "benign", new QuantizeOptions { Precision = null, Method = RangeMethod.MinMax }, cancellation: cancellation.Token));
    }

    [Fact]
    public void An_import_shows_progress_and_stops_at_the_next_step()
    {
        var shares = new List<double>();
        EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"), progress: new Listener(shares.Add));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);

        using var cancellation = new CancellationTokenSource();
        var before = new List<double>();
        var listener = new Listener(share =>
        {
            before.Add(share);
            cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"), null, listener, cancellation.Token));
        Assert.Single(before);
    }

    [Fact]
    public async Task What_runs_on_the_pool_gives_the_same_and_can_be_cancelled()
    {
        string source = TestData.Data("breast_cancer_mlp.onnx");
        ConvertedModel model = await EdgeConverter.ImportAsync(source, cancellation: TestContext.Current.CancellationToken);
        await model.SaveAsync(InFolder("m.edge"), TestContext.Current.CancellationToken);
        Assert.Equal(EdgeConverter.Import(source).ToBytes(), await File.ReadAllBytesAsync(InFolder("m.edge"), TestContext.Current.CancellationToken));
        using EdgeModel loaded = await EdgeModel.LoadAsync(InFolder("m.edge"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(model.InputLength, loaded.InputLength);

        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EdgeConverter.ImportAsync(source, cancellation: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.SaveAsync(InFolder("none.edge"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EdgeModel.LoadAsync(InFolder("m.edge"), cancellation: cancelled));
        Assert.False(File.Exists(InFolder("none.edge")));
        await Assert.ThrowsAsync<FileNotFoundException>(() => EdgeModel.LoadAsync(InFolder("none.edge"), cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_streamed_model_says_that_a_call_gives_several_results_as_the_command_does()
    {
        string weights = InFolder("steps.safetensors");
        File.WriteAllBytes(weights, new SafetensorsBuilder()
            .Add("r.weight_ih_l0", [3, 2], 0.5f, -0.2f, 0.1f, 0.7f, -0.3f, 0.4f).Add("r.weight_hh_l0", [3, 3], new float[9]).Add("r.bias_ih_l0", [3], new float[3]).Add("r.bias_hh_l0", [3], new float[3]).Build());
        string layers = InFolder("steps.json");
        File.WriteAllText(layers, """{"input": [6, 2], "layers": [{"type": "RNN", "name": "r", "output": "all"}, {"type": "Softmax", "dim": 2}]}""");
        (int exitCode, string error) = CommandLine.Run(out _, "export", weights, "--layers", layers, "-o", InFolder("m.edge"), "--streaming", "--frames", "2");
        Assert.True(exitCode == 0, error);
        ConvertedModel model = EdgeConverter.Import(weights, new ImportOptions { Layers = layers, FramesPerCall = 2 });
        Assert.Contains("holds 2 results of 3 classes each", Assert.Single(model.Notices), StringComparison.Ordinal);
        Assert.Equal(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), model.Notices);
        Assert.Empty(EdgeConverter.Import(weights, new ImportOptions { Layers = layers, FramesPerCall = 1 }).Notices);
    }

    [Fact]
    public void Code_goes_into_a_folder_that_is_made_for_it()
    {
        ConvertedModel model = EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx")).Quantize(train, "benign");
        string target = InFolder(Path.Combine("new", "firmware"));
        NanoCode code = model.EmitNano(target, new EmitOptions("Device", "Tumour"));
        string path = Assert.Single(code.Paths);
        Assert.Equal(Path.Combine(target, "Tumour.g.cs"), path);
        Assert.Contains("namespace Device", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.True(code.Milliseconds > 0);
        Assert.Empty(code.Notices);
        EngineCode engine = model.EmitEngine(target);
        Assert.Equal(["EdgeInference.Nano.g.cs", "EdgeInference.Nano.nfproj", "packages.config"], engine.Paths.Select(Path.GetFileName));
        Assert.Contains("class Classifier", File.ReadAllText(engine.Paths[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("class Classifier", File.ReadAllText(model.EmitEngine(target, classifier: false).Paths[0]), StringComparison.Ordinal);
        NanoCode resource = model.EmitNano(target, new EmitOptions("Device", "Tumour") { Form = EmitForm.Resource });
        Assert.Equal(["Tumour.g.bin", "Tumour.g.cs"], resource.Paths.Select(Path.GetFileName));
        Assert.Equal(model.ToBytes(), File.ReadAllBytes(resource.Paths[0]));
        Assert.Throws<InputException>(() => model.EmitNano(target, new EmitOptions("Device", "My Tumour")));
    }

    [Fact]
    public void Another_form_than_straight_line_code_is_said()
    {
        ConvertedModel model = EdgeConverter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "import", "one_logarithm.onnx"));
        NanoCode code = model.EmitNano(InFolder("form"));
        Assert.EndsWith("Writing the table form.", Assert.Single(code.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_threshold_is_a_probability(float threshold) =>
        Assert.Throws<InputException>(() => EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"), new ImportOptions { Threshold = threshold }));

    [Theory]
    [InlineData(-1f, 2, 1)]
    [InlineData(float.NaN, 2, 1)]
    [InlineData(0.1f, 2, 3)]
    [InlineData(0.1f, 2, 0)]
    [InlineData(0.1f, 0, 1)]
    [InlineData(0.1f, -1, -1)]
    public void A_window_that_cannot_be_is_refused(float period, int length, int hop) =>
        Assert.Contains("The window is", Assert.Throws<InputException>(() => EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"), new ImportOptions { Window = new SampleWindow(period, length, hop) })).Message, StringComparison.Ordinal);

    // Constants and operators, whose offsets the length of the recorded options moves.
    private static string[] Contents(EdgeModel model) =>
        [.. model.File.Tensors.Where(tensor => tensor.Storage == EdgeInference.ModelFormat.TensorStorage.Constant).Select(tensor => Convert.ToHexString(model.File.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes))),
            .. model.File.Operators.Select(record => record.Info.Name)];

    private static List<string> Decisions(string path, float[][] rows)
    {
        using var classifier = Classifier.Open(path);
        return [.. rows.Select(row => classifier.Classify(row).ClassText)];
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private sealed class Listener(Action<double> hear) : IProgress<double>
    {
        public void Report(double value) => hear(value);
    }
}
