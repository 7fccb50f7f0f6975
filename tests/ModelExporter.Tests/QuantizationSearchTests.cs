using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests;

public class QuantizationSearchTests
{
    [Fact]
    public void The_choice_is_at_least_as_close_to_float_as_the_plain_one()
    {
        string data = Path.Combine(AppContext.BaseDirectory, "data");
        LabelledTable table = CsvTable.ReadLabelled(Path.Combine(data, "digits.train.csv"), "digit");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(data, "digits_mlp.onnx")));
        QuantizationChoice best = QuantizationSearch.Best(graph, table.Rows);
        float[][] real = GraphRunner.RunAll(graph, table.Rows);
        double Error(Graph quantized) => GraphRunner.RunAll(quantized, table.Rows)
            .Zip(real, (a, b) => a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Average()).Average();
        double chosen = Error(Quantizer.Quantize(best.Prepared, _ => Precision.Int8, best.Options));
        Assert.Equal(best.Error, chosen, 1e-15);
        Assert.InRange(chosen, 0, Error(Quantizer.Quantize(graph, table.Rows, Precision.Int8)));
    }
}
