using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>Inputs of graphs that are not ONNX: by name, in the order given, and none that is needed left out.</summary>
public class InputSelectionTests
{
    [Fact]
    public void Inputs_stand_in_the_order_given_with_their_names()
    {
        Graph graph = Graph();
        InputSelection.Select(graph, ["b", "a"]);
        Assert.Equal(["b", "a"], graph.Inputs.Select(input => input.Name));
        Assert.Equal(["of b", "of a"], graph.Metadata.InputNames);
    }

    [Theory]
    [InlineData("omits 'b'", "a")]
    [InlineData("no input 'c'", "a", "c")]
    [InlineData("twice", "a", "b", "a")]
    public void What_does_not_fit_is_refused(string sentence, params string[] names) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => InputSelection.Select(Graph(), names)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_input_that_no_output_needs_can_be_left_out()
    {
        Graph graph = Graph();
        graph.Outputs.Clear();
        graph.Outputs.Add(graph.Nodes[0].Output);
        InputSelection.Select(graph, ["a"]);
        Assert.Equal(["a"], graph.Inputs.Select(input => input.Name));
    }

    private static Graph Graph()
    {
        var a = new Value("a", TensorType.Float32, 1, 1);
        var b = new Value("b", TensorType.Float32, 1, 1);
        var graph = new Graph { Metadata = new GraphMetadata { InputNames = ["of a", "of b"] } };
        graph.Inputs.AddRange([a, b]);
        var builder = new GraphBuilder(graph) { Name = "y" };
        Value doubled = builder.Arithmetic(Opcode.Add, a, a);
        graph.Outputs.Add(builder.Arithmetic(Opcode.Add, doubled, b));
        return graph;
    }
}
