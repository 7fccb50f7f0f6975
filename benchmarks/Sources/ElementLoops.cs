using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>Loops over the elements of one tensor.</summary>
internal static class ElementLoops
{
    internal static void Activation(LoopSource source, Node node, int i) =>
        Each(source, node, i, Formula(source.Language, node, ActivationRule.Kind));

    /// <summary>Unary, and a product by one number or by itself.</summary>
    internal static void Function(LoopSource source, Node node, int i)
    {
        if (node.Opcode == Opcode.Unary)
        {
            Each(source, node, i, (UnaryKind)node.Parameters[UnaryRule.Kind] switch
            {
                UnaryKind.Exp => $"{source.Language.Function("exp")}(v)",
                UnaryKind.Erf => $"{source.Language.Function("erf")}(v)",
                var kind => throw new PeerException($"no loops are written for {kind}"),
            });
            return;
        }

        Value factor = node.Input(1);
        Each(source, node, i, factor == node.Input(0) ? "v * v" : factor is { IsConstant: true, Elements: 1 } ? $"v * {SourceLanguage.Literal(factor.Floats[0])}" : throw new PeerException("no loops are written for a product of two tensors"));
    }

    /// <summary>A difference from or quotient by a constant for each element, or for all.</summary>
    internal static void WithConstant(LoopSource source, Node node, int i)
    {
        Value constant = node.Input(1);
        if ((constant.Elements != 1 && constant.Elements != node.Output.Elements) || node.Input(0).Elements != node.Output.Elements)
        {
            throw new PeerException("no loops are written for a constant that is repeated");
        }

        source.Constant($"k{i}", constant.Floats);
        string sign = node.Opcode == Opcode.Sub ? "-" : "/";
        Each(source, node, i, $"v {sign} k{i}[{(constant.Elements == 1 ? "0" : "u")}]");
    }

    /// <summary>The sum of two tensors of one shape.</summary>
    internal static void Sum(LoopSource source, Node node, int i)
    {
        if (node.Input(0).Elements != node.Input(1).Elements)
        {
            throw new PeerException("no loops are written for a sum with what is repeated");
        }

        Each(source, node, i, $"v + {source.Name(node.Input(1))}[u]");
    }

    internal static void Softmax(LoopSource source, Node node, int i)
    {
        int units = node.Output.LastDimension;
        if (units != node.Output.Elements)
        {
            throw new PeerException("no loops are written for a softmax of several rows");
        }

        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        source.Line($"float m{i} = {x}[0]; float s{i} = 0;");
        source.Line($"for (int u = 1; u < {units}; u++) m{i} = {x}[u] > m{i} ? {x}[u] : m{i};");
        source.Line($"for (int u = 0; u < {units}; u++) {{ {y}[u] = {source.Language.Function("exp")}({x}[u] - m{i}); s{i} += {y}[u]; }}");
        source.Line($"for (int u = 0; u < {units}; u++) {y}[u] /= s{i};");
    }

    /// <summary>An activation of v.</summary>
    internal static string Formula(SourceLanguage language, Node node, int parameter) => (ActivationKind)node.Parameters[parameter] switch
    {
        ActivationKind.Linear => "v",
        ActivationKind.ReLU => "v < 0 ? 0 : v",
        ActivationKind.LeakyReLU => $"v < 0 ? {SourceLanguage.Literal(node.Float(DenseRule.Alpha))} * v : v",
        ActivationKind.Tanh => $"{language.Function("tanh")}(v)",
        ActivationKind.Sigmoid => $"1 / (1 + {language.Function("exp")}(-v))",
        ActivationKind.SiLU => $"v / (1 + {language.Function("exp")}(-v))",
        ActivationKind.GELU => $"0.5f * v * (1 + {language.Function("erf")}(v * 0.70710678f))",
        var kind => throw new PeerException($"no loops are written for {kind}"),
    };

    private static void Each(LoopSource source, Node node, int i, string formula)
    {
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        source.Line($"for (int u = 0; u < {node.Output.Elements}; u++) {{ float v = {x}[u]; {y}[u] = {formula}; }}");
    }
}
