using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Optimize.Passes;

/// <summary>Lets a convolution pad by itself where a Pad with zeros around the pixels comes before it.</summary>
internal sealed class PadFusion : IGraphPass
{
    public string Name => "pad fusion";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node conv in graph.Nodes.ToArray())
        {
            if (conv.Opcode != Opcode.Conv || graph.Producer(conv.Input(0)) is not { Opcode: Opcode.Pad } pad || !graph.HasOneConsumer(pad.Output, out _) || !IsZeroFrame(pad))
            {
                continue;
            }

            conv.Parameters[ConvRule.Pad] += pad.Parameters[PadRule.Before + 1];
            conv.Parameters[ConvRule.Pad + 1] += pad.Parameters[PadRule.Before + 2];
            conv.Inputs[0] = pad.Input(0);
            graph.Nodes.Remove(pad);
            changed = true;
        }

        return changed;
    }

    private static bool IsZeroFrame(Node pad)
    {
        int[] inner = pad.Input(0).Shape;
        int[] outer = pad.Output.Shape;
        return pad.Input(0).Type == TensorType.Float32 && pad.Parameters[PadRule.Mode] == (int)PadMode.Constant && pad.Float(PadRule.Value) == 0f
            && inner[0] == outer[0] && inner[3] == outer[3];
    }
}
