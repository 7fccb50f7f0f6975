using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;

namespace EdgeInference.Tool.Tests.Check;

public class SampleRowsTests
{
    [Theory]
    [InlineData("std_101325_50.onnx", 101325, 50)]
    [InlineData("std_1.7ep09_3600.onnx", 1.7e9, 3600)]
    public void Made_rows_have_the_mean_and_deviation_of_the_graphs_own_standardisation(string name, double mean, double deviation)
    {
        Graph graph = ModelImporter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "accuracy", name));
        double[] values = [.. SampleRows.Make(graph, 400).SelectMany(row => row).Select(value => (double)value)];
        Assert.InRange((values.Average() - mean) / deviation, -0.25, 0.25);
        Assert.InRange(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / deviation, 0.8, 1.25);
    }

    [Fact]
    public void The_same_graph_gets_the_same_rows()
    {
        Graph graph = ModelImporter.Import(TestData.Data("digits_mlp.onnx"));
        Assert.Equal(SampleRows.Make(graph, 5), SampleRows.Make(graph, 5));
    }
}
