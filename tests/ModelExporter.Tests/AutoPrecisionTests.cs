using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests;

public class AutoPrecisionTests
{
    private static DecisionRule Half => new(OutputRole.Probability, 0.5f, 1);

    [Fact]
    public void Int8_everywhere_is_kept_where_it_loses_nothing_that_matters()
    {
        (PreparedGraph prepared, LabelledTable table) = BreastCancer();
        var result = AutoPrecision.Choose(prepared, Half, maxLoss: 0.05, new QuantizationOptions());
        Assert.All(result.Layers, layer => Assert.Equal(Precision.Int8, layer.Precision));
        Assert.Equal([480, 128, 8], result.Layers.Select(layer => (int)layer.MultiplyAccumulates));
        Assert.InRange(result.Loss, 0, 0.05);
    }

    [Fact]
    public void A_limit_of_nothing_keeps_every_decision()
    {
        (PreparedGraph prepared, LabelledTable table) = BreastCancer();
        var result = AutoPrecision.Choose(prepared, Half, maxLoss: 0, new QuantizationOptions { PerChannel = false, BiasCorrection = false });
        Assert.Equal(0, result.Loss);
        using var real = new GraphRunner(prepared.Graph, prepared.Graph.Outputs);
        using var mixed = new GraphRunner(result.Graph, result.Graph.Outputs);
        foreach (float[] row in table.Rows)
        {
            real.Run(row);
            mixed.Run(row);
            Assert.Equal(real.Values(0)[0] >= 0.5f, mixed.Values(0)[0] >= 0.5f);
        }
    }

    [Theory]
    [InlineData("0.5%", 0.005)]
    [InlineData("0.005", 0.005)]
    [InlineData("0", 0)]
    public void A_loss_is_a_share_or_a_percentage(string text, double expected) => Assert.Equal(expected, PrecisionOptions.ParseLoss(text), 1e-12);

    [Theory]
    [InlineData("2")]
    [InlineData("-1%")]
    [InlineData("much")]
    public void What_is_no_share_is_refused(string text) => Assert.Throws<UsageException>(() => PrecisionOptions.ParseLoss(text));

    private static (PreparedGraph Prepared, LabelledTable Table) BreastCancer()
    {
        string data = Path.Combine(AppContext.BaseDirectory, "data");
        LabelledTable table = CsvTable.ReadLabelled(Path.Combine(data, "breast_cancer.train.csv"), "benign");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(data, "breast_cancer_mlp.onnx")));
        return (PreparedGraph.From(graph, table.Rows), table);
    }
}
