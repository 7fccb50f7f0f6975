using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>Convolutions and poolings as loops over rows, columns, the window and channels; channels are last, so that the inner loop is over neighbours in memory.</summary>
internal static class WindowLoops
{
    internal static void Conv(LoopSource source, Node node, int i)
    {
        int[] kernel = node.Input(1).Shape;
        int units = kernel[0];
        int depth = kernel[3];
        int groups = node.Parameters[ConvRule.Groups];
        bool isDepthwise = groups == units && depth == 1;
        if (groups != 1 && !isDepthwise)
        {
            throw new PeerException("no loops are written for convolutions in groups");
        }

        source.Constant($"w{i}", LayerLoops.Transposed(node.Input(1).Floats, units, kernel[1] * kernel[2] * depth));
        source.Constant($"b{i}", node.InputOrNull(2)?.Floats ?? new float[units]);
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        string a = source.Scratch($"a{i}", units);
        int channels = node.Input(0).Shape[3];
        string place = $"(p * {node.Input(0).Shape[2]} + q) * {channels}";
        string sum = isDepthwise
            ? $"for (int u = 0; u < {units}; u++) {a}[u] += {x}[{place} + u] * w{i}[(kr * {kernel[2]} + kc) * {units} + u];"
            : $"for (int d = 0; d < {depth}; d++) for (int u = 0; u < {units}; u++) {a}[u] += {x}[{place} + d] * w{i}[((kr * {kernel[2]} + kc) * {depth} + d) * {units} + u];";
        Each(source, node, (kernel[1], kernel[2]), (ConvRule.Stride, ConvRule.Dilation, ConvRule.Pad), (
            $"for (int u = 0; u < {units}; u++) {a}[u] = b{i}[u];",
            sum,
            $"for (int u = 0; u < {units}; u++) {{ float v = {a}[u]; {y}[o + u] = {ElementLoops.Formula(source.Language, node, DenseRule.Activation)}; }}"));
    }

    internal static void Pool(LoopSource source, Node node, int i)
    {
        bool isMax = node.Opcode == Opcode.MaxPool;
        if (!isMax && node.Parameters[PoolRule.CountIncludePad] != 0)
        {
            throw new PeerException("no loops are written for an average with pads");
        }

        int channels = node.Output.Shape[3];
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        string value = $"{x}[(p * {node.Input(0).Shape[2]} + q) * {channels} + u]";
        Each(source, node, (node.Parameters[PoolRule.Kernel], node.Parameters[PoolRule.Kernel + 1]), (PoolRule.Stride, PoolRule.Dilation, PoolRule.Pad), (
            $"int n = 0; for (int u = 0; u < {channels}; u++) {y}[o + u] = {(isMax ? "-3e38f" : "0")};",
            $"n++; for (int u = 0; u < {channels}; u++) {{ float v = {value}; {y}[o + u] = {(isMax ? $"v > {y}[o + u] ? v : {y}[o + u]" : $"{y}[o + u] + v")}; }}",
            isMax ? "" : $"for (int u = 0; u < {channels}; u++) {y}[o + u] /= n;"));
    }

    private static void Each(LoopSource source, Node node, (int Rows, int Columns) kernel, (int Stride, int Dilation, int Pad) at, (string Before, string Inside, string After) body)
    {
        int[] x = node.Input(0).Shape;
        int[] y = node.Output.Shape;
        int[] p = node.Parameters;
        source.Line($"for (int r = 0; r < {y[1]}; r++) for (int c = 0; c < {y[2]}; c++) {{ int o = (r * {y[2]} + c) * {y[3]};");
        source.Line(body.Before);
        source.Line($"for (int kr = 0; kr < {kernel.Rows}; kr++) {{ int p = r * {p[at.Stride]} - {p[at.Pad]} + kr * {p[at.Dilation]}; if (p < 0 || p >= {x[1]}) continue;");
        source.Line($"for (int kc = 0; kc < {kernel.Columns}; kc++) {{ int q = c * {p[at.Stride + 1]} - {p[at.Pad + 1]} + kc * {p[at.Dilation + 1]}; if (q < 0 || q >= {x[2]}) continue;");
        source.Line(body.Inside);
        source.Line("} }");
        source.Line(body.After);
        source.Line("}");
    }
}
