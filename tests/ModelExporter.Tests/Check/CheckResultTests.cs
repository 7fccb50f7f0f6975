using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Check;

/// <summary>The deviation of an export, worked out by hand, and what is said of it.</summary>
public class CheckResultTests
{
    [Theory]
    [InlineData(0.0, false)]
    [InlineData(1e-5, false)]
    [InlineData(1.0000001e-5, true)]
    [InlineData(double.PositiveInfinity, true)]
    public void A_warning_begins_above_1e_5(double deviation, bool warns)
    {
        var result = new CheckResult("float64", null, 3, "made", deviation, null);
        Assert.Equal(warns, result.Warning is not null);
        Assert.True(!warns || result.Warning!.Contains("in double precision", StringComparison.Ordinal));
        Assert.True(!warns || !(result with { NoDoubleForm = "Table" }).Warning!.Contains("in double precision", StringComparison.Ordinal));

        // What quantization costs is no reason for this one.
        Assert.Null(new CheckResult("float64", null, 3, "made", 0, 0.5).Warning);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.00099, "9.9e-4")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.12345, "0.1235")]
    [InlineData(2.5e-8, "2.5e-8")]
    [InlineData(double.PositiveInfinity, "an infinite amount")]
    public void A_deviation_has_as_many_digits_as_say_something(double deviation, string text) =>
        Assert.Equal($"Checked against the source in double precision on 1 row of calibration: int8 deviates by {text} at most.", new CheckResult("float64", null, 1, "calibration", deviation, null).Line(Precision.Int8));

    [Fact]
    public void The_line_names_the_rows_and_both_precisions()
    {
        Assert.Equal(
            "Checked against the source in double precision on 32 made rows: float32 deviates by 0 at most, int8 by 0.25.",
            new CheckResult("float64", null, 32, "made", 0, 0.25).Line(Precision.Int8));
        Assert.Equal(
            "Checked against the source, unoptimised (float32 reference: Table cannot be evaluated in double precision) on 2 rows of training: float32 deviates by 0 at most.",
            new CheckResult("float32", "Table", 2, "training", 0, 0.25).Line(Precision.Float32));
    }

    // The source gives x, the exported model x + error, beside a second output of another size.
    [Theory]
    [InlineData(0.5f, 0f, 1e-3f, 1e-3)]
    [InlineData(0.5f, 0.25f, -1e-3f, 1e-3)]
    [InlineData(100f, 2f, 0.5f, 0.5 / 100)]
    [InlineData(2f, -400f, 0.5f, 0.5 / 400)]
    [InlineData(1f, 1f, 0f, 0)]
    public void A_deviation_counts_relative_to_the_row_s_largest_output_or_to_1(float first, float second, float error, double expected)
    {
        Graph other = Plus(error);
        CheckResult result = Of(Plus(0f)).Compare(other, other, [[first, second]], "calibration");
        Assert.Equal(expected, result.Float32Deviation, 1e-7);
        Assert.Equal(("float64", null, 1, "calibration", null), (result.Reference, result.NoDoubleForm, result.Rows, result.RowsAre, result.QuantizedDeviation));
    }

    [Fact]
    public void Both_models_are_compared_and_the_worst_row_counts()
    {
        CheckResult result = Of(Plus(0f)).Compare(Plus(0.25f), Plus(-0.5f), [[1f, 1f], [8f, 8f], [0f, 0f]], "training");
        Assert.Equal(0.25, result.Float32Deviation);
        Assert.Equal(0.5, result.QuantizedDeviation);
        Assert.Equal(3, result.Rows);
    }

    [Fact]
    public void What_is_not_a_number_must_be_so_in_both()
    {
        // sqrt of a negative number, and what overflows float32 alone.
        Graph root = Unary(UnaryKind.Sqrt);
        Graph plain = Unary(UnaryKind.Abs);
        Assert.Equal(0, Of(root).Compare(root, root, [[-1f, 4f]], "").Float32Deviation);
        Assert.Equal(double.PositiveInfinity, Of(root).Compare(plain, plain, [[-1f, 4f]], "").Float32Deviation);
        Assert.Equal(double.PositiveInfinity, Of(plain).Compare(root, root, [[-1f, 4f]], "").Float32Deviation);

        Graph square = Unary(UnaryKind.Square);
        Assert.Equal(0, Of(square).Compare(square, square, [[1e30f, 1f]], "").Float32Deviation);
        Assert.Equal(double.PositiveInfinity, Of(plain).Compare(square, square, [[1e30f, 1f]], "").Float32Deviation);
    }

    [Fact]
    public void What_is_infinite_hides_no_error_beside_it() =>
        Assert.Equal(0.5, ExportCheck.Of(_ => [double.PositiveInfinity, 2]).Compare(Plus(0f), Plus(0f), [[float.PositiveInfinity, 3f]], "").Float32Deviation);

    [Theory]
    [InlineData(31, 31)]
    [InlineData(32, 32)]
    [InlineData(33, 32)]
    [InlineData(320, 32)]
    public void Of_many_rows_32_are_taken_evenly(int given, int taken)
    {
        // The error is in one row only; taken rows are 0, 10, 20 … of 320.
        float[][] rows = [.. Enumerable.Range(0, given).Select(i => new[] { (float)i, 0f })];
        var seen = new List<float>();
        CheckResult result = ExportCheck.Of(row =>
        {
            seen.Add(row[0]);
            return [row[0], row[1]];
        }).Compare(Plus(0f), Plus(0f), rows, "training");
        Assert.Equal(taken, result.Rows);
        Assert.Equal(Enumerable.Range(0, taken).Select(i => (float)(i * given / taken)), seen);
    }

    [Fact]
    public void Rows_are_made_where_nobody_gave_any()
    {
        CheckResult result = Of(Plus(0f)).Compare(Plus(0f), Plus(0f), [], "calibration");
        Assert.Equal((32, "made", 0.0), (result.Rows, result.RowsAre, result.Float32Deviation));
    }

    [Fact]
    public void A_model_of_much_work_is_checked_on_fewer_rows()
    {
        // 400³ products and 4 · 160,000 elements moved: 5e8 by that is 7 rows.
        Graph large = Model((b, x) =>
        {
            Value square = b.Expand(b.Reshape(b.Expand(x, 200, 2), 1, 400), 400, 400);
            return b.Reduce(ReduceKind.Mean, b.MatMul(square, Value.Constant("w", new float[160_000], 400, 400)), [0, 1], false);
        });
        CheckResult result = Of(large).Compare(large, large, [], "");
        Assert.Equal((7, "float64"), (result.Rows, result.Reference));
    }

    [Fact]
    public void Work_counts_products_of_layers_and_elements_of_others()
    {
        Assert.Equal(6.0, Work.Of(Model((b, x) => b.Dense(x, Value.Constant("w", new float[6], 3, 2), null))));
        Assert.Equal(2 + 2 + 1.0, Work.Of(Model((b, x) => b.Arithmetic(Opcode.Add, x, Value.Constant("c", [1f], 1)))));
        Assert.Equal(3 * 2.0, Work.Of(Model((b, x) => b.MatMul(x, Value.Constant("c", new float[6], 2, 3)))));

        // 2 windows of 2·1 places, one channel.
        var one = new Window(1, 1, 1, 0, 0, 1);
        var two = new Window(2, 1, 1, 1, 0, 2);
        Assert.Equal(2 + 2 + (2 * 2.0), Work.Of(Model((b, x) => b.Pool(Opcode.MaxPool, b.Reshape(x, 1, 2, 1, 1), two, one))));
        Assert.Equal(2 + 2 + (2 * 3 * 2.0), Work.Of(Model((b, x) => b.Conv(b.Reshape(x, 1, 2, 1, 1), Value.Constant("w", new float[6], 3, 2, 1, 1), null, two, one, 1))));
        Assert.Equal(2 + 2 + (2 * 6.0), Work.Of(Model((b, x) => b.ConvTranspose(b.Reshape(x, 1, 2, 1, 1), Value.Constant("w", new float[6], 3, 2, 1, 1), null, new Window(2, 1, 1, 0, 0, 3), one, 1))));
        Assert.Equal(2 * 5.0, Work.Of(Model((b, x) => b.LRN(x, 5, 1f, 1f, 1f))));
    }

    private static ExportCheck Of(Graph source) => ExportCheck.Of(source)!;

    private static Graph Plus(float error) => Model((b, x) => b.Arithmetic(Opcode.Add, x, Value.Constant("c", [error, 0f], 2)));

    private static Graph Unary(UnaryKind kind) => Model((b, x) => b.Unary(kind, x));

    private static Graph Model(Func<GraphBuilder, Value, Value> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return graph;
    }
}
