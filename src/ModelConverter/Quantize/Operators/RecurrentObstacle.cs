using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>What integer kernels lack of a recurrent layer in float32.</summary>
internal static class RecurrentObstacle
{
    private const int Peepholes = 6;

    /// <summary>What keeps a layer in float32, or null where nothing of its form does.</summary>
    /// <param name="graph">The layer's graph.</param>
    /// <param name="node">An LSTM, GRU or RNN.</param>
    internal static string? Of(Graph graph, Node node)
    {
        if (!HasUsualFunctions(node))
        {
            return node.Opcode == Opcode.RNN ? "a function other than tanh and ReLU" : "functions other than sigmoid and tanh";
        }

        return node.Float(RecurrentRule.Clip) != 0 ? "a clip"
            : node.Opcode == Opcode.LSTM && node.Parameters[RecurrentRule.Variant] != 0 ? "coupled gates"
            : node.InputOrNull(Peepholes) is not null ? "peepholes"
            : node.Input(2).LastDimension > DenseRule.MaxWideProducts ? "more units than sums can hold"
            : !IsOwn(node, RecurrentRule.FirstState, 1) || (node.Opcode == Opcode.LSTM && !IsOwn(node, RecurrentRule.FirstCell, 2)) ? "a first state that is given"
            : !KeepsToItself(graph, node) ? "a kept state that is read elsewhere"
            : null;
    }

    /// <summary>One line on the layers that stayed in float32 in a graph that was quantized; null where none did.</summary>
    internal static string? Line(Graph quantized)
    {
        string[] layers =
        [
            .. quantized.Nodes.Where(node => node.Opcode is Opcode.RNN or Opcode.GRU or Opcode.LSTM)
                .Select(node => $"{node.Opcode} '{node.Name}', which has {Of(quantized, node) ?? "weights or scales out of range"}"),
        ];
        return layers.Length == 0 ? null : $"Stays in float32 for want of integer kernels: {string.Join("; ", layers)}.";
    }

    private static bool HasUsualFunctions(Node node)
    {
        ActivationKind Function(int index) => (ActivationKind)node.Parameters[RecurrentRule.Activations + (3 * index)];
        return node.Opcode == Opcode.RNN
            ? Function(0) is ActivationKind.Tanh or ActivationKind.ReLU
            : Function(0) == ActivationKind.Sigmoid && Function(1) == ActivationKind.Tanh && (node.Opcode == Opcode.GRU || Function(2) == ActivationKind.Tanh);
    }

    // Elsewhere a state would be missing in float32.
    private static bool KeepsToItself(Graph graph, Node node) =>
        node.Outputs.Where(output => output.IsState).All(state => !graph.Outputs.Contains(state) && graph.Consumers(state).All(reader => reader == node));

    // Beginning at zero or with the state that the layer keeps itself.
    private static bool IsOwn(Node node, int input, int output) =>
        node.InputOrNull(input) is not { } first || (first == node.Outputs[output] && first.IsState);
}
