using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>
/// Moves the Reshape that takes the axis of height from a convolution over one axis behind what follows element by element, so
/// that the convolution meets its bias, its scale and its activation as one over two axes does.
/// </summary>
internal sealed class ReshapeSinking : IGraphPass
{
    public string Name => "reshape sinking";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node reshape in graph.Nodes.ToArray())
        {
            if (reshape.Opcode == Opcode.Reshape && graph.Producer(reshape.Input(0)) is { Opcode: Opcode.Conv or Opcode.ConvTranspose }
                && graph.HasOneConsumer(reshape.Output, out Node node) && UnitAxes.Kept(reshape.Input(0).Shape, reshape.Output.Shape) is { } kept
                && TryMove(graph, reshape, node, kept))
            {
                changed = true;
            }
        }

        return changed;
    }

    // kept: the axes of the larger shape that the smaller one has.
    private static bool TryMove(Graph graph, Node reshape, Node node, int[] kept)
    {
        int[] larger = reshape.Input(0).Shape;
        bool lastStays = kept[^1] == larger.Length - 1;
        bool elementwise = node.Opcode switch
        {
            Opcode.Activation => node.Inputs.Count == 1 || lastStays,
            Opcode.Unary => true,
            Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div =>
                node.Inputs.Exists(input => input is { IsConstant: true, Type: TensorType.Float32 }) && node.Output.Shape.AsSpan().SequenceEqual(reshape.Output.Shape),
            _ => false,
        };
        if (!elementwise)
        {
            return false;
        }

        bool arithmetic = node.Opcode is not (Opcode.Activation or Opcode.Unary);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Value input = node.Input(i);
            node.Inputs[i] = input == reshape.Output ? reshape.Input(0) : arithmetic ? Widened(input, kept, larger.Length) : input;
        }

        Value output = node.Output;
        var inner = new Value(output.Name, output.Type, larger) { Quantization = output.Quantization };
        node.Outputs[0] = inner;
        graph.Nodes.Remove(reshape);
        graph.Nodes.InsertAfter(node, new Node(Opcode.Reshape, reshape.Name, [inner], output));
        return true;
    }

    private static Value Widened(Value constant, int[] kept, int rank)
    {
        int[] shape = [.. Enumerable.Repeat(1, rank)];
        for (int axis = 1; axis <= constant.Shape.Length; axis++)
        {
            shape[kept[^axis]] = constant.Shape[^axis];
        }

        return Value.Constant(constant.Name, constant.Floats, shape);
    }
}
