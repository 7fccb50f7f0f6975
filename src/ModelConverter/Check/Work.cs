using EdgeInference.ModelConverter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Check;

/// <summary>How many multiply-accumulates, or comparisons, a graph takes for one row.</summary>
internal static class Work
{
    /// <summary>The work of all nodes.</summary>
    internal static double Of(Graph graph) => graph.Nodes.Sum(Of);

    private static double Of(Node node)
    {
        double outputs = node.Outputs.Sum(output => (double)output.Elements);
        return node.Opcode switch
        {
            Opcode.Dense or Opcode.Conv => outputs * node.Input(1).Elements / node.Input(1).Shape[0],
            Opcode.ConvTranspose => (double)node.Input(0).Elements / node.Input(0).LastDimension * node.Input(1).Elements,
            Opcode.MatMul => outputs * node.Input(0).LastDimension,
            Opcode.MaxPool or Opcode.AveragePool => outputs * node.Parameters[PoolRule.Kernel] * node.Parameters[PoolRule.Kernel + 1],
            Opcode.RNN or Opcode.GRU or Opcode.LSTM => (double)node.Input(0).Shape[0] * node.Input(0).Shape[1] * (node.Input(1).Elements + node.Input(2).Elements),
            Opcode.LRN => outputs * node.Parameters[LRNRule.Size],
            Opcode.TreeEnsemble => node.Input(3).Elements * 10.0,
            _ => outputs + node.Inputs.Sum(input => input is null ? 0.0 : input.Elements),
        };
    }
}
