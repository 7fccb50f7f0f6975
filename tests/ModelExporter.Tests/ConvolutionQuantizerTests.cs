using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

public class ConvolutionQuantizerTests
{
    private static readonly string data = Path.Combine(AppContext.BaseDirectory, "data");

    [Fact]
    public void A_convolutional_network_runs_in_int8_throughout_and_keeps_its_decisions()
    {
        LabelledTable train = CsvTable.ReadLabelled(Path.Combine(data, "digits.train.csv"), "digit");
        LabelledTable test = CsvTable.ReadLabelled(Path.Combine(data, "digits.test.csv"), "digit");
        Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(data, "digits_cnn.onnx")));
        Graph quantized = Quantizer.Quantize(graph, train.Rows, Precision.Int8);
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode is Opcode.Conv or Opcode.Dense or Opcode.MaxPool && node.Input(0).Type != TensorType.Int8);

        float[][] real = GraphRunner.RunAll(graph, test.Rows);
        var evaluation = Evaluation.Of(test, GraphRunner.RunAll(quantized, test.Rows), 0.5f, real);
        Assert.InRange(evaluation.Agreement!.Value, 0.99, 1);

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(quantized));
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        var a = new float[model.OutputLength];
        var b = new float[model.OutputLength];
        foreach (float[] row in test.Rows)
        {
            fast.Run(row, a);
            reference.Run(row, b);
            Assert.Equal(b, a);
        }
    }
}
