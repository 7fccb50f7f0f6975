using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>
/// Lets a convolution pad by itself where a Pad with zeros around the pixels comes before it, directly or in front of the
/// Transpose and Reshape that make an image of a sequence.
/// </summary>
internal sealed class PadFusion : IGraphPass
{
    private const int Rank = 4;

    public string Name => "pad fusion";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node conv in graph.Nodes.ToArray())
        {
            if (conv.Opcode != Opcode.Conv || Path(graph, conv) is not { } path || !IsZero(path[0]))
            {
                continue;
            }

            // Where the pads stand in front of each node of the path, and in the end in front of the convolution.
            Node pad = path[0];
            int[] before = pad.Parameters[PadRule.Before..(PadRule.Before + pad.Output.Shape.Length)];
            int[] inner = pad.Input(0).Shape;
            var shapes = new List<int[]>();
            foreach (Node node in path.Skip(1))
            {
                if (!Through(node, ref before, ref inner))
                {
                    break;
                }

                shapes.Add(inner);
            }

            if (shapes.Count < path.Count - 1 || inner.Length != Rank || inner[0] != conv.Input(0).Shape[0] || inner[3] != conv.Input(0).Shape[3])
            {
                continue;
            }

            conv.Parameters[ConvRule.Pad] += before[1];
            conv.Parameters[ConvRule.Pad + 1] += before[2];
            Value source = pad.Input(0);
            for (int i = 1; i < path.Count; i++)
            {
                path[i].Inputs[0] = source;
                source = new Value(path[i].Output.Name, source.Type, shapes[i - 1]) { Quantization = source.Quantization };
                path[i].Outputs[0] = source;
            }

            conv.Inputs[0] = source;
            graph.Nodes.Remove(pad);
            changed = true;
        }

        return changed;
    }

    // From a Pad to the convolution, which alone reads what is between.
    private static List<Node>? Path(Graph graph, Node conv)
    {
        var path = new List<Node>();
        Value value = conv.Input(0);
        while (graph.Producer(value) is { } node && graph.HasOneConsumer(value, out _))
        {
            path.Add(node);
            switch (node.Opcode)
            {
                case Opcode.Pad:
                    path.Reverse();
                    return path;
                case Opcode.Transpose or Opcode.Reshape:
                    value = node.Input(0);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    // A convolution pads a quantized image with its zero point.
    private static bool IsZero(Node pad)
    {
        Value x = pad.Input(0);
        return pad.Parameters[PadRule.Mode] == (int)PadMode.Constant && (x.Type == TensorType.Float32
            ? pad.Float(PadRule.Value) == 0f
            : x.Type == TensorType.Int8 && x.Quantization is { } quantization && pad.Parameters[PadRule.Value] == quantization.ZeroPoint);
    }

    private static bool Through(Node node, ref int[] before, ref int[] inner)
    {
        if (node.Opcode == Opcode.Transpose)
        {
            int[] permutation = Permutation.Of(node);
            (before, inner) = (Permutation.Apply(permutation, before), Permutation.Apply(permutation, inner));
            return true;
        }

        // With new axes of one element.
        if (UnitAxes.Kept(node.Output.Shape, node.Input(0).Shape) is not { } kept)
        {
            return false;
        }

        int[] wide = new int[node.Output.Shape.Length];
        int[] shape = [.. wide.Select(_ => 1)];
        for (int i = 0; i < kept.Length; i++)
        {
            (wide[kept[i]], shape[kept[i]]) = (before[i], inner[i]);
        }

        (before, inner) = (wide, shape);
        return true;
    }
}
