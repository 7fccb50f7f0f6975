using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Functions of one number that follow each other and that nothing else reads between: one table does them all, with one rounding.</summary>
/// <param name="Function">All of them, the first innermost.</param>
/// <param name="First">The first node.</param>
/// <param name="Last">The last node.</param>
internal sealed record TableChain(UnaryFunction Function, Node First, Node Last)
{
    /// <summary>The chain that begins at a node, or null if the node is no function of one number, jumps, or prepares the model's input.</summary>
    internal static TableChain? From(Quantizer quantizer, Node first, Precision precision)
    {
        if (quantizer.IsInputPreparation(first) || FunctionOf(first) is not { } function)
        {
            return null;
        }

        Node last = first;
        while (quantizer.Prepared.Graph.HasOneConsumer(last.Output, out Node next) && quantizer.PrecisionOf(next) == precision && FunctionOf(next) is { } outer)
        {
            Func<double, double> inner = function.Value;
            function = new UnaryFunction(x => outer.Value(inner(x)));
            last = next;
        }

        return new TableChain(function, first, last);
    }

    /// <summary>Says that all nodes but the first were taken along with it.</summary>
    internal void MarkDone(Quantizer quantizer)
    {
        for (Node node = First; node != Last;)
        {
            quantizer.Prepared.Graph.HasOneConsumer(node.Output, out node);
            quantizer.MarkDone(node);
        }
    }

    /// <summary>The function of one number that a node is, or null.</summary>
    internal static UnaryFunction? FunctionOf(Node node)
    {
        if (node.Opcode == Opcode.Activation && node.Inputs.Count == 1)
        {
            return ActivationRange.Function(node);
        }

        // Rounding functions and the like jump, and at a jump no table entry is close.
        return node.Opcode != Opcode.Unary ? null : (UnaryKind)node.Parameters[UnaryRule.Kind] switch
        {
            UnaryKind.Abs => new UnaryFunction(Math.Abs),
            UnaryKind.Neg => new UnaryFunction(x => -x),
            UnaryKind.Exp => new UnaryFunction(PortableMath.Exp),
            UnaryKind.Log => new UnaryFunction(Math.Log),
            UnaryKind.Sqrt => new UnaryFunction(x => Math.Sqrt(Math.Max(x, 0))),
            UnaryKind.Square => new UnaryFunction(x => x * x),
            UnaryKind.Clip => Clip(node.Float(UnaryRule.Alpha), node.Float(UnaryRule.Beta)),
            UnaryKind.Erf => new UnaryFunction(x => 1 - ErrorFunction.Erfc(x)),
            _ => null,
        };
    }

    private static UnaryFunction Clip(double low, double high) => new(x => Math.Max(low, Math.Min(high, x)));
}
