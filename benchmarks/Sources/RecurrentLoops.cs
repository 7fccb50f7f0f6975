using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>LSTM and GRU of one sequence, as ONNX defines them with its usual activations.</summary>
internal static class RecurrentLoops
{
    internal static void Add(LoopSource source, Node node, int i)
    {
        bool isLstm = node.Opcode == Opcode.LSTM;
        int hidden = node.Input(2).Shape[1];
        int steps = node.Input(0).Shape[0];
        int depth = node.Input(1).Shape[1];
        int sums = (isLstm ? 4 : 3) * hidden;
        if (node.Input(0).Shape[1] != 1 || node.Inputs.Skip(4).Any(value => value is not null) || node.Parameters[RecurrentRule.Reverse] != 0 || node.Parameters[RecurrentRule.Variant] != (isLstm ? 0 : 1))
        {
            throw new PeerException($"no loops are written for this form of {node.Opcode}");
        }

        float[] bias = node.Input(3).Floats;
        source.Constant($"w{i}", LayerLoops.Transposed(node.Input(1).Floats, sums, depth));
        source.Constant($"r{i}", LayerLoops.Transposed(node.Input(2).Floats, sums, hidden));
        source.Constant($"b{i}", isLstm ? [.. bias[..sums].Zip(bias[sums..], (a, b) => a + b)] : bias);
        string x = source.Name(node.Input(0));
        string h = source.Result(node.Outputs[^1].Elements == hidden && !isLstm ? node.Outputs[^1] : node.Outputs[1], $"h{i}");
        string g = source.Scratch($"g{i}", sums);
        string other = source.Scratch($"c{i}", sums);
        source.Line($"for (int u = 0; u < {hidden}; u++) {{ {h}[u] = 0; {other}[u] = 0; }}");
        source.Line($"for (int t = 0; t < {steps}; t++) {{");
        source.Line($"for (int u = 0; u < {sums}; u++) {g}[u] = b{i}[u];");
        source.Line($"for (int d = 0; d < {depth}; d++) for (int u = 0; u < {sums}; u++) {g}[u] += {x}[t * {depth} + d] * w{i}[d * {sums} + u];");
        string state = isLstm ? g : other;
        if (!isLstm)
        {
            source.Line($"for (int u = 0; u < {sums}; u++) {other}[u] = b{i}[{sums} + u];");
        }

        source.Line($"for (int d = 0; d < {hidden}; d++) for (int u = 0; u < {sums}; u++) {state}[u] += {h}[d] * r{i}[d * {sums} + u];");
        source.Line($"for (int u = 0; u < {hidden}; u++) {{");
        if (isLstm)
        {
            string tanh = source.Language.Function("tanh");
            source.Line($"float c = {Sigmoid(source, $"{g}[{2 * hidden} + u]")} * {other}[u] + {Sigmoid(source, $"{g}[u]")} * {tanh}({g}[{3 * hidden} + u]);");
            source.Line($"{other}[u] = c; {h}[u] = {Sigmoid(source, $"{g}[{hidden} + u]")} * {tanh}(c);");
        }
        else
        {
            source.Line($"float z = {Sigmoid(source, $"({g}[u] + {other}[u])")};");
            source.Line($"float r = {Sigmoid(source, $"({g}[{hidden} + u] + {other}[{hidden} + u])")};");
            source.Line($"float n = {source.Language.Function("tanh")}({g}[{2 * hidden} + u] + r * {other}[{2 * hidden} + u]);");
            source.Line($"{h}[u] = (1 - z) * n + z * {h}[u];");
        }

        source.Line("} }");
    }

    private static string Sigmoid(LoopSource source, string x) => $"(1 / (1 + {source.Language.Function("exp")}(-{x})))";
}
