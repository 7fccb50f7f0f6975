using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Tests.Execution;

/// <summary>EdgeInference.Nano's own code on the desktop.</summary>
public class NanoEngineTests
{
    private const int Units = 1024;

    [Fact]
    public void What_it_supports_is_asked_without_a_copy_of_the_file()
    {
        byte[] file = Dense();
        using EdgeModel model = EdgeModel.Load(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("", NanoEngine.Problem(model));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, file.Length / 4);
    }

    private static byte[] Dense()
    {
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, Units);
        graph.Inputs.Add(input);
        var output = new Value("y", TensorType.Float32, 1, Units);
        var weights = Value.Constant("w", new float[Units * Units], Units, Units);
        var bias = Value.Constant("b", new float[Units], Units);
        graph.Nodes.Add(new Node(Opcode.Dense, "dense", [input, weights, bias], output).WithActivation(DenseRule.Activation, ActivationKind.Linear));
        graph.Outputs.Add(output);
        return ModelWriter.Write(graph);
    }
}
