using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Makes a constant added after a Dense or convolution that has no bias its bias, to the bit as it was.</summary>
internal sealed class BiasFusion : IGraphPass
{
    public string Name => "bias fusion";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node add in graph.Nodes.ToArray())
        {
            if (add.Opcode != Opcode.Add || AffineStep.Find(add) is not { } step || !graph.HasOneConsumer(step.Input, out _)
                || graph.Producer(step.Input) is not { Inputs.Count: 2 } dense || LayerWeights.Find(dense) is not { IsLinear: true } weights)
            {
                continue;
            }

            dense.Inputs.Add(Value.Constant(dense.Input(1).Name + ".bias", Array.ConvertAll(step.Shift, value => (float)value), weights.Units));
            dense.Outputs[0] = add.Output;
            graph.Nodes.Remove(add);
            changed = true;
        }

        return changed;
    }
}
