using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>The parts that a report is put together from.</summary>
public class ReportPartsTests
{
    [Theory]
    [InlineData("<a href=\"x\">&'", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;")]
    [InlineData("bel\u0007l", "bel\uFFFDl")]
    [InlineData("größer 大", "größer 大")]
    public void Text_is_escaped(string text, string expected) => Assert.Equal(expected, Html.Escape(text));

    [Fact]
    public void Half_a_character_becomes_the_replacement_character() => Assert.Equal("a\uFFFD", Html.Escape("a\uD800"));

    [Theory]
    [InlineData(0, 1, 6, false, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(-8, 8, 6, false, new[] { -5.0, 0, 5 })]
    [InlineData(-1, 4, 6, true, new[] { -1.0, 0, 1, 2, 3, 4 })]
    public void Ticks_are_round_numbers(double low, double high, int count, bool whole, double[] expected)
    {
        IReadOnlyList<double> ticks = new Axis(low, high, "") { IsWhole = whole }.Ticks(count);
        Assert.Equal(expected.Length, ticks.Count);
        Assert.All(expected.Zip(ticks), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3 }, "MLLL")]
    [InlineData(new double[] { 0, 1, double.NaN, 2, 3 }, "MLML")]
    [InlineData(new double[] { double.NaN, 0, double.PositiveInfinity, double.NaN, 3 }, "MM")]
    [InlineData(new double[] { 0, double.NaN, 0 }, "MM")]
    public void A_line_is_interrupted_where_a_point_is_not_finite(double[] heights, string commands)
    {
        string svg = new Chart("c", new Axis(0, 4, "x"), new Axis(0, 4, "y")).Line(heights.Select((height, i) => ((double)i, height)), "s").ToSvg();
        string path = svg.Split("class=\"line s\" d=\"")[1].Split('"')[0];
        Assert.Equal(commands, string.Concat(path.Where(char.IsLetter)));
    }

    [Fact]
    public void Signal_to_noise_is_in_decibels()
    {
        Assert.Equal(40, SignalToNoise.Decibels([[1f, 0f]], [[1f, 0.01f]]), 0.001);
        Assert.Equal(double.PositiveInfinity, SignalToNoise.Decibels([[1f]], [[1f]]));
    }

    [Fact]
    public void Bins_of_a_reliability_diagram_hold_their_rows()
    {
        ReliabilityBin[] bins = ReliabilityBin.Of([0f, 0.05f, 0.95f, 1f], [false, true, true, true]);
        Assert.Equal(new ReliabilityBin(2, bins[0].MeanProbability, 0.5), bins[0]);
        Assert.Equal(0.025, bins[0].MeanProbability, 1e-6);
        Assert.Equal(2, bins[9].Rows);

        // 0.7 in float32 is below seven tenths, and 0.6 above six; products in float32 would round to 7 and 6.
        Assert.Equal([0, 0, 0, 0, 0, 0, 2, 0, 0, 0], ReliabilityBin.Of([0.7f, 0.6f], [true, true]).Select(bin => bin.Rows));
        Assert.Equal((0.5 * Math.Abs(0.5 - 0.025)) + (0.5 * 0.025), ReliabilityBin.ExpectedCalibrationError(bins), 1e-6);

        float[] probabilities = [0.1f, 0.35f, 0.8f, 0.81f, 0.999f];
        int[] labels = [0, 1, 1, 0, 1];
        Assert.Equal(
            BinaryMetrics.Of(labels, probabilities).ExpectedCalibrationError,
            ReliabilityBin.ExpectedCalibrationError(ReliabilityBin.Of(probabilities, [.. labels.Select(label => label == 1)])),
            1e-9);
    }

    [Theory]
    [InlineData("breast_cancer_mlp.onnx", "breast_cancer.test.csv", "benign")]
    [InlineData("digits_mlp.onnx", "digits.test.csv", "digit")]
    [InlineData("digits_cnn.onnx", "digits.test.csv", "digit")]
    public void A_graph_that_was_read_from_a_file_computes_what_the_file_does(string source, string data, string label)
    {
        Graph real = GraphOptimizer.Optimize(ModelImporter.Import(TestData.Data(source)));
        IReadOnlyList<float[]> rows = [.. EdgeInference.ModelConverter.Data.CsvTable.Read(TestData.Data(data), label).Rows.Take(20)];
        foreach (Graph graph in new[] { real, Quantizer.Quantize(real, rows, Precision.Int8), Quantizer.Quantize(real, rows, Precision.Int16) })
        {
            using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
            Assert.Equal(GraphRunner.RunAll(graph, rows), GraphRunner.RunAll(GraphReader.Read(model.File), rows));
            CheckLives(model);
            CheckWatched(model, rows);
            (double[] fast, double[] reference) = OperatorTimes.OfOperators(model, rows);
            Assert.Equal(model.File.Operators.Length, fast.Length);
            Assert.Equal(model.File.Operators.Length, reference.Length);
            Assert.All(fast.Concat(reference), time => Assert.True(double.IsFinite(time) && time >= 0));
        }
    }

    // Distances are one kernel, which leaves out the tensors between its operators.
    [Fact]
    public void Tensors_that_a_kernel_leaves_out_are_shown_too()
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "decisions", "sklearn", "svc_two.onnx")))));
        var random = new Random(5);
        IReadOnlyList<float[]> rows = [.. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, model.InputLength).Select(_ => 10 * random.NextSingle()).ToArray())];
        using (var run = new OperatorRun(model, KernelSet.Fast))
        {
            Assert.Contains(Enumerable.Range(0, model.File.Operators.Length), i => !run.HasKernel(i) && model.File.Operators[i].Opcode == Opcode.Sub);
        }

        CheckWatched(model, rows);
    }

    // One measurement for all: it does not ask which model it is.
    [Fact]
    public void A_whole_inference_takes_time()
    {
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(TestData.Data("breast_cancer_mlp.onnx")));
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        OperatorTimes times = OperatorTimes.Measure(model, [.. EdgeInference.ModelConverter.Data.CsvTable.Read(TestData.Data("breast_cancer.test.csv"), "benign").Rows.Take(20)]);
        Assert.Equal(model.File.Operators.Length, times.Fast.Length);
        Assert.True(double.IsFinite(times.WholeFast) && times.WholeFast > 0);
    }

    // What is read beside the kernels is what a graph gives that has those tensors for outputs.
    private static void CheckWatched(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        Graph graph = GraphReader.Read(model.File);
        WatchedTensor[] watched = [.. graph.Nodes.SelectMany((node, i) => WatchedTensor.Of(node, i)).Where(tensor => tensor.Value.Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16)];
        Assert.NotEmpty(watched);
        Assert.Equal(WatchedTensor.Values(graph, watched, rows), WatchedTensor.Values(model, watched, rows));
        Graph names = GraphReader.ReadWithoutConstants(model.File);
        Assert.Equal(graph.Nodes.SelectMany(node => node.Outputs).Select(value => value.ToString()), names.Nodes.SelectMany(node => node.Outputs).Select(value => value.ToString()));
    }

    // Two tensors that share bytes are never needed at one time, but for one that an operator writes over what it reads.
    private static void CheckLives(EdgeModel model)
    {
        IReadOnlyList<TensorLife> lives = TensorLife.Of(model.File);
        Assert.NotEmpty(lives);
        foreach (TensorLife a in lives)
        {
            Assert.True(a.First <= a.Last && a.Tensor.Offset + a.Tensor.Bytes <= model.File.ArenaBytes);
            foreach (TensorLife b in lives.Where(b => b != a && a.Tensor.Offset < b.Tensor.Offset + b.Tensor.Bytes && b.Tensor.Offset < a.Tensor.Offset + a.Tensor.Bytes))
            {
                Assert.True(a.Last <= b.First || b.Last <= a.First, $"{a} {b}");
            }
        }
    }
}
