using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Execution;

/// <summary>Computes a node whose inputs are all constants, by running it on the engine itself: one definition of every operator.</summary>
internal static class NodeEvaluator
{
    // A constant that is folded stays in memory; one that grew from a few bytes is better computed on the device.
    private const int MaxGrownElements = 1 << 20;

    /// <summary>Computes a node whose inputs are all constants, if that is possible and within the budget.</summary>
    /// <returns>Whether its outputs are constants now.</returns>
    internal static bool TryEvaluate(Node node, FoldingBudget budget)
    {
        if (!CanEvaluate(node) || !budget.Allows(node))
        {
            return false;
        }

        Evaluate(node);
        budget.Add(node);
        return true;
    }

    /// <summary>Whether folding is possible and does not blow the model up.</summary>
    internal static bool CanEvaluate(Node node)
    {
        if (!node.Inputs.TrueForAll(input => input is null or { IsConstant: true }) || node.Outputs.Exists(output => output.Type != TensorType.Float32))
        {
            return false;
        }

        long input = node.Inputs.Sum(value => (long)(value?.Elements ?? 0));
        long output = node.Outputs.Sum(value => (long)value.Elements);
        return output <= Math.Max(input, MaxGrownElements);
    }

    /// <summary>Gives every output of a node its data.</summary>
    internal static void Evaluate(Node node)
    {
        var graph = new Graph();
        graph.Inputs.Add(new Value("unused", TensorType.Float32, 1));
        graph.Nodes.Add(node);
        graph.Outputs.AddRange(node.Outputs);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession(KernelSet.Reference);
        var results = new float[session.OutputLength];
        session.Run([0f], results);
        int offset = 0;
        foreach (Value output in node.Outputs)
        {
            output.Data = results[offset..(offset + output.Elements)];
            offset += output.Elements;
        }

        graph.Nodes.Remove(node);
    }
}
