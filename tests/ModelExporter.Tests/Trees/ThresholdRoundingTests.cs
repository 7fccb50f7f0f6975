extern alias nano;

using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Tool.Tests.Trees;

/// <summary>Thresholds of trees as int16: no typical row changes side, or they stay float32, and each is said.</summary>
public class ThresholdRoundingTests
{
    private const string Rounded = "were rounded to int16. No split changed side on ";

    // Each engine is held to the float32 form, to the bit. The smaller file names its 398 rows besides, in 40 bytes.
    [Theory]
    [InlineData("forest_310", 1400, 1180)]
    [InlineData("forest_1564", 5692, 4256)]
    public void A_forest_takes_five_bytes_a_split_and_decides_the_calibration_rows_as_before(string name, int before, int after)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "trees", name + ".onnx");
        float[][] rows = [.. CsvTable.ReadLabelled(TestData.Data("breast_cancer.train.csv"), "benign").Rows];
        ConvertedModel whole = EdgeConverter.Import(path);
        ConvertedModel small = whole.Quantize(rows, new QuantizeOptions { Precision = Precision.Float32, Int16TreeThresholds = true });
        Assert.Equal($"Trees 'label': thresholds {Rounded}398 calibration rows; other rows may.", small.Notices[^1]);
        FileParts parts = FileParts.TensorNames | FileParts.SelfTest;
        byte[] expected = whole.Without(parts).ToBytes();
        byte[] actual = small.Without(parts).ToBytes();
        Assert.Equal((before, after), (expected.Length, actual.Length));
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            Assert.Equal(Outputs(expected, rows, kernels), Outputs(actual, rows, kernels));
        }

        Assert.Equal(Device(expected, rows), Device(actual, rows));
    }

    // All that evaluate says of the rows, on every engine, and how both compare row by row.
    [Fact]
    public void Evaluate_finds_no_difference_on_the_calibration_rows()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "trees", "forest_310.onnx");
        string data = TestData.Data("breast_cancer.train.csv");
        string folder = Directory.CreateTempSubdirectory("edge-thresholds-").FullName;
        try
        {
            string Export(string thresholds)
            {
                string file = Path.Combine(folder, thresholds + ".edge");
                (int exitCode, string error) = CommandLine.RunUnnamed(out _, "export", source, "-o", file, "--tree-thresholds", thresholds, "--calibrate", data, "--label", "benign");
                Assert.Equal(0, exitCode);
                Assert.Equal(thresholds == "int16", error.Contains(Rounded + "398 calibration rows; other rows may.", StringComparison.Ordinal));
                return file;
            }

            string[] files = [Export("float32"), Export("int16")];
            Assert.True(new FileInfo(files[1]).Length < new FileInfo(files[0]).Length);
            foreach (string engine in (string[])["fast", "reference", "nano"])
            {
                string[] texts = Array.ConvertAll(files, file =>
                {
                    (int exitCode, string error) = CommandLine.RunUnnamed(out string text, "evaluate", file, "--data", data, "--label", "benign", "--engine", engine);
                    Assert.True(exitCode == 0, error);
                    return text.Replace(file, "", StringComparison.Ordinal);
                });
                Assert.Contains("398", texts[0], StringComparison.Ordinal);
                Assert.Equal(texts[0], texts[1]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // 1,000 is a multiple of 1/32, its exponent, and so are 500 and 0.03125; 333.3 has the codes 10,665 and 10,666 beside it.
    [Theory]
    [InlineData(0, 333.3f, 333.28f, 333.32f, true)]
    [InlineData(0, 333.3f, 333.3f, 333.32f, true)]
    [InlineData(0, 333.3f, 333.3f, 333.31f, false)]
    [InlineData(1, 333.3f, 333.28f, 333.3f, true)]
    [InlineData(1, 333.3f, 333.29f, 333.3f, false)]
    [InlineData(2, 333.3f, 333.28f, 333.3f, true)]
    [InlineData(2, 333.3f, 333.29f, 333.3f, false)]
    [InlineData(3, 333.3f, 333.3f, 333.32f, true)]
    [InlineData(3, 333.3f, 333.3f, 333.31f, false)]
    [InlineData(8, 333.3f, float.NaN, 333.4f, true)]
    [InlineData(9, 333.3f, 333.29f, 333.3f, false)]
    [InlineData(4, 333.3f, 0f, 1f, false)]
    [InlineData(5, 333.3f, 0f, 1f, false)]
    [InlineData(4, 500f, 0f, 1f, true)]
    [InlineData(13, 500f, 0f, 1f, true)]
    [InlineData(0, float.PositiveInfinity, 0f, 1f, false)]
    [InlineData(0, float.NaN, 0f, 1f, false)]
    public void A_code_keeps_every_known_value_on_its_side_or_there_is_none(int comparison, float threshold, float first, float second, bool isCoded)
    {
        Graph graph = Chain(1, Enumerable.Repeat((0, comparison, threshold), 12).Prepend((0, 0, 1000f)));
        float[][] rows = [[first], [second], [1000f], [float.NaN], [float.PositiveInfinity]];
        (Graph after, string said) = Apply(graph, rows);
        Node node = after.Nodes.Single();
        Assert.Equal(isCoded ? TensorType.Int16 : TensorType.Float32, node.Input(TreeEnsembleRule.Thresholds).Type);
        Assert.StartsWith(
            isCoded ? $"Trees 'trees': thresholds {Rounded}5 calibration rows" : "Trees 'trees': thresholds stay float32, because rounded to int16 12 of 13 splits would send other values of 5 calibration rows to their other side.",
            said,
            StringComparison.Ordinal);
        Assert.Equal(GraphRunner.RunAll(graph, rows), GraphRunner.RunAll(after, rows));
        if (isCoded)
        {
            Assert.Equal(new sbyte[] { -5 }, node.Input(TreeEnsembleRule.Exponents).Data);
            Assert.Equal(32000, ((short[])node.Input(TreeEnsembleRule.Thresholds).Data!)[0]);
        }
    }

    // Each feature has an exponent of its own; that of the largest float32 is past the highest.
    [Fact]
    public void Features_of_any_size_have_codes_but_for_the_largest()
    {
        (int, int, float)[] splits = [.. Enumerable.Range(0, 9).SelectMany(i => ((int, int, float)[])[(0, 0, i * 1e-30f), (1, 0, -i), (2, 0, i * 1e30f), (3, 0, 0f)])];
        Graph graph = Chain(4, splits);
        float[][] rows = [[4.5e-30f, -4.5f, 4.5e30f, 0f], [2.5e-30f, -7.5f, 0.5e30f, 1f]];
        (Graph after, _) = Apply(graph, rows);
        Node node = after.Nodes.Single();
        Assert.Equal(TensorType.Int16, node.Input(TreeEnsembleRule.Thresholds).Type);
        Assert.Equal(GraphRunner.RunAll(graph, rows), GraphRunner.RunAll(after, rows));

        (after, string said) = Apply(Chain(4, [.. splits, (2, 0, float.MaxValue)]), rows);
        Assert.Equal(TensorType.Float32, after.Nodes.Single().Input(TreeEnsembleRule.Thresholds).Type);
        Assert.Contains(" of 37 splits would", said, StringComparison.Ordinal);
    }

    // 2 bytes a split less, but an exponent for each feature.
    [Theory]
    [InlineData(1)]
    [InlineData(26)]
    [InlineData(77)]
    public void Trees_that_would_not_shrink_stay_float32(int features)
    {
        var forms = new List<TensorType>();
        for (int count = 1; count < 70; count++)
        {
            Graph graph = Chain(features, Enumerable.Range(0, count).Select(i => (0, 0, (float)i)));
            (Graph after, string said) = Apply(graph, [new float[features]]);
            Node node = after.Nodes.Single();
            forms.Add(node.Input(TreeEnsembleRule.Thresholds).Type);
            int less = ModelWriter.Write(graph, FileParts.TensorNames).Length - ModelWriter.Write(after, FileParts.TensorNames).Length;
            if (forms[^1] == TensorType.Int16)
            {
                Assert.InRange(less, 1, 2 * count);
                Assert.Contains(Rounded, said, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal((0, 6), (less, node.Inputs.Count));
                Assert.Contains($"with an exponent for each of {features} features int16 would take no fewer bytes.", said, StringComparison.Ordinal);
            }
        }

        // Padding of sections moves the bound by a few bytes.
        Assert.InRange(forms.Count(form => form == TensorType.Float32), (features + 2) / 2, (features + 18) / 2);
        Assert.Equal((TensorType.Float32, TensorType.Int16), (forms[0], forms[^1]));
    }

    // What trees compare need not be the model's input, and one row may hold several of theirs.
    [Fact]
    public void Values_before_the_trees_are_those_of_the_engine()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 2, 1);
        graph.Inputs.Add(x);
        var scaled = new Value("scaled", TensorType.Float32, 2, 1);
        graph.Nodes.Add(new Node(Opcode.Mul, "mul", [x, Value.Constant("factor", [2f])], scaled));
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "trees" }.TreeEnsemble(scaled, Lists(Enumerable.Repeat((0, 0, 333.3f), 12).Prepend((0, 0, 1000f))), 1, 0));

        // 333.3 and 333.31 of the second row of two: no code lies between.
        (Graph after, string said) = Apply(graph, [[0f, 166.65f], [0f, 166.655f]]);
        Assert.Equal(TensorType.Float32, after.Nodes[^1].Input(TreeEnsembleRule.Thresholds).Type);
        Assert.Contains(" 12 of 13 splits would", said, StringComparison.Ordinal);
        (after, _) = Apply(graph, [[0f, 166.65f], [0f, 166.7f]]);
        Assert.Equal(TensorType.Int16, after.Nodes[^1].Input(TreeEnsembleRule.Thresholds).Type);
    }

    [Fact]
    public void Models_without_trees_and_calls_without_rows_are_refused()
    {
        var options = new QuantizeOptions { Precision = Precision.Float32, Int16TreeThresholds = true };
        ConvertedModel layers = EdgeConverter.Import(TestData.Data("breast_cancer_mlp.onnx"));
        Assert.Contains("is for models with trees; this one has none", Assert.Throws<InputException>(() => layers.Quantize([new float[30]], options)).Message, StringComparison.Ordinal);
        ConvertedModel trees = EdgeConverter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "trees", "forest_310.onnx"));
        Assert.Contains("needs typical inputs", Assert.Throws<InputException>(() => trees.Quantize([], options)).Message, StringComparison.Ordinal);
    }

    private static (Graph Graph, string Said) Apply(Graph graph, float[][] rows)
    {
        var said = new List<string>();
        Graph after = Notices.Collect(said, () => ThresholdRounding.Apply(graph, rows, "calibration"));
        return (after, Assert.Single(said));
    }

    // One tree: each split leads to a leaf where true, and on where false.
    private static Graph Chain(int features, IEnumerable<(int Feature, int Comparison, float Threshold)> splits)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, features);
        graph.Inputs.Add(x);
        graph.Outputs.Add(new GraphBuilder(graph) { Name = "trees" }.TreeEnsemble(x, Lists(splits), 1, 0));
        return graph;
    }

    private static TreeLists Lists(IEnumerable<(int Feature, int Comparison, float Threshold)> splits)
    {
        var nodes = new List<int>();
        var thresholds = new List<float>();
        int leaf = 0;
        foreach ((int feature, int comparison, float threshold) in splits)
        {
            int at = thresholds.Count;
            nodes.AddRange([feature, comparison, at + 1, at + 2, -1, 0, leaf++, 1]);
            thresholds.AddRange([threshold, 0]);
        }

        nodes.AddRange([-1, 0, leaf++, 1]);
        thresholds.Add(0);
        return new TreeLists(nodes, thresholds, [0], new int[leaf], [.. Enumerable.Range(0, leaf).Select(i => (float)i)]);
    }

    private static int[][] Outputs(byte[] file, float[][] rows, KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(kernels);
        float[] output = new float[session.OutputLength];
        return Array.ConvertAll(rows, row =>
        {
            session.Run(row, output);
            return Array.ConvertAll(output, BitConverter.SingleToInt32Bits);
        });
    }

    private static int[][] Device(byte[] file, float[][] rows)
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        float[] output = new float[session.OutputLength];
        return Array.ConvertAll(rows, row =>
        {
            session.Run(row, output);
            return Array.ConvertAll(output, BitConverter.SingleToInt32Bits);
        });
    }
}
