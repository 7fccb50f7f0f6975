using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Moves a scale or shift behind the Transpose or Reshape that stands between it and a layer, which then takes it in.</summary>
internal sealed class ScaleSinking : IGraphPass
{
    public string Name => "scale sinking";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node mover in graph.Nodes.ToArray())
        {
            if (mover.Opcode is not (Opcode.Transpose or Opcode.Reshape) || graph.Producer(mover.Input(0)) is not { } step || !AffineStep.IsByConstant(step)
                || !graph.HasOneConsumer(step.Output, out _) || !LeadsToLayer(graph, mover.Output))
            {
                continue;
            }

            int variable = step.Input(0).IsConstant ? 1 : 0;
            Value constant = step.Input(1 - variable);
            Value? moved = constant.Elements == 1 ? Value.Constant(constant.Name, constant.Floats)
                : mover.Opcode == Opcode.Transpose ? PermutedConstant.Of(constant, Permutation.Of(mover))
                : null;
            if (moved is null)
            {
                continue;
            }

            // x → step → mover becomes x → mover → step; the outer value keeps its name and readers.
            Value inner = new(step.Output.Name, step.Output.Type, mover.Output.Shape);
            step.Outputs[0] = mover.Output;
            mover.Inputs[0] = step.Input(variable);
            mover.Outputs[0] = inner;
            step.Inputs[variable] = inner;
            step.Inputs[1 - variable] = moved;
            graph.Nodes.Remove(step);
            graph.Nodes.InsertAfter(mover, step);
            changed = true;
        }

        return changed;
    }

    private static bool LeadsToLayer(Graph graph, Value value)
    {
        while (graph.HasOneConsumer(value, out Node consumer))
        {
            if (LayerWeights.Find(consumer) is not null)
            {
                return consumer.Input(0) == value;
            }

            if (consumer.Opcode is not (Opcode.Transpose or Opcode.Reshape))
            {
                return false;
            }

            value = consumer.Output;
        }

        return false;
    }
}
