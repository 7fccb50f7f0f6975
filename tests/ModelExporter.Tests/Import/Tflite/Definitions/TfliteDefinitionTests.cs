using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>
/// Operators against plain loops: sizes that differ along the two axes, options and optional inputs left out, every activation,
/// every way to count an axis. <see cref="OperatorTests"/> holds them to the reference kernels' bytes.
/// </summary>
public class TfliteDefinitionTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int, string> Cases => [.. TfliteCases.All.Select((entry, i) => (i, entry.ToString()))];

    [Fact]
    public void Every_operator_of_the_table_is_run()
    {
        IEnumerable<TfliteOperatorCode> known = OperatorCases.All.SelectMany(one => new TfliteFile(one.Model, one.Name).Subgraphs).SelectMany(subgraph => subgraph.Operators).Select(one => one.Code);
        Assert.Equal(TfliteOperators.All.Keys.Order(), known.Concat(TfliteCases.All.Select(one => one.Code)).Append(TfliteOperatorCode.CALL_ONCE).Distinct().Order());
    }

    // A layer of rows multiplies the scales in single precision, a convolution in double.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_product_of_scales_has_the_precision_of_the_operator(bool rows)
    {
        const float Scale = 0.1f;
        int[] image = rows ? [1, 1] : [1, 1, 1, 1];
        var model = new TfliteModelBuilder();
        model.Operator(
            rows ? TfliteOperatorCode.FULLY_CONNECTED : TfliteOperatorCode.CONV_2D,
            [model.Input(TfliteType.Int8, image, Scale), model.Constant(image, new sbyte[] { 1 }, [Scale])],
            [model.Output(TfliteType.Int8, image, 1f)],
            rows ? 8 : 1,
            rows ? [] : [(1, 1), (2, 1)]);

        // 0.01 is 0.64 · 2^-6.
        double product = rows ? (double)(float)(Scale * Scale) : (double)Scale * Scale;
        int expected = (int)Math.Round(product * 64 * (1L << 31));
        Assert.NotEqual((double)(float)(Scale * Scale), (double)Scale * Scale);
        Assert.Equal([expected], (int[])TfliteImporter.Import(model.Build(), "x.tflite").Nodes[0].Inputs[3]!.Data!);
    }

    // Both sides are brought to twice the larger scale: 0.4 of 0.8 is 2^30 / 2^31, and 0.1 of it that shifted by two.
    [Theory]
    [InlineData(0.1f, 0.4f, -2, 0)]
    [InlineData(0.4f, 0.1f, 0, -2)]
    public void A_sum_is_made_at_twice_the_larger_scale(float a, float b, int shiftA, int shiftB)
    {
        foreach ((TfliteOperatorCode code, int options) in new[] { (TfliteOperatorCode.ADD, 11), (TfliteOperatorCode.SUB, 28) })
        {
            var model = new TfliteModelBuilder();
            model.Operator(code, [model.Input(TfliteType.Int8, [1], a), model.Input(TfliteType.Int8, [1], b)], [model.Output(TfliteType.Int8, [1], 1f)], options);
            int[] p = TfliteImporter.Import(model.Build(), "x.tflite").Nodes[0].Parameters;
            Assert.Equal(
                (1 << 30, shiftA, 1 << 30, shiftB),
                (p[EdgeInference.ModelFormat.Rules.BinaryRule.MultiplierA], p[EdgeInference.ModelFormat.Rules.BinaryRule.ShiftA], p[EdgeInference.ModelFormat.Rules.BinaryRule.MultiplierB], p[EdgeInference.ModelFormat.Rules.BinaryRule.ShiftB]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_operator_is_what_its_definition_says(int index, string name)
    {
        TfliteCase entry = TfliteCases.All[index];
        for (int seed = 0; seed < 2; seed++)
        {
            (double[] actual, double[] expected) = entry.Run(index + (1000 * seed));
            Assert.True(actual.Length == expected.Length, $"{name}: {actual.Length} outputs and not {expected.Length}");
            double bound = Tolerance * expected.Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.True(Math.Abs(actual[i] - expected[i]) <= bound, $"{name}: output {i} is {actual[i]} and not {expected[i]}");
            }
        }
    }
}
