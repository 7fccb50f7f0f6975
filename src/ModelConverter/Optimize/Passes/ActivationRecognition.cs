using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Finds activations that exporters write as several operators: x·sigmoid(x) is SiLU, x·tanh(softplus(x)) Mish, x·hardsigmoid(x) HardSwish, x/2·(1 + erf(x/√2)) GELU.</summary>
internal sealed class ActivationRecognition : IGraphPass
{
    private const float Tolerance = 1e-6f;

    public string Name => "activation recognition";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (graph.Nodes.Contains(node) && Find(graph, node) is { } found)
            {
                var activation = new Node(Opcode.Activation, node.Name, [found.X], node.Output);
                activation.WithActivation(ActivationRule.Kind, found.Kind);
                graph.Nodes.Replace(node, activation);
                changed = true;
            }
        }

        return changed;
    }

    private static (Value X, ActivationKind Kind)? Find(Graph graph, Node node)
    {
        if (node.Opcode is not (Opcode.Mul or Opcode.Div))
        {
            return null;
        }

        for (int side = 0; side < 2 && node.Opcode == Opcode.Mul; side++)
        {
            Value x = node.Input(side);
            if (Gate(graph, graph.Producer(node.Input(1 - side)), x) is { } kind)
            {
                return (x, kind);
            }
        }

        return Scaled(graph, node);
    }

    // The factor that x is multiplied by.
    private static ActivationKind? Gate(Graph graph, Node? gate, Value x)
    {
        if (gate is not { Opcode: Opcode.Activation, Inputs.Count: 1 })
        {
            return null;
        }

        var kind = (ActivationKind)gate.Parameters[ActivationRule.Kind];
        if (gate.Input(0) == x)
        {
            bool sixth = Math.Abs(gate.Float(ActivationRule.Alpha) - (1f / 6f)) < Tolerance && gate.Float(ActivationRule.Beta) == 0.5f;
            return kind == ActivationKind.Sigmoid ? ActivationKind.SiLU : kind == ActivationKind.HardSigmoid && sixth ? ActivationKind.HardSwish : null;
        }

        bool softplus = graph.Producer(gate.Input(0)) is { Opcode: Opcode.Activation } inner && inner.Input(0) == x
            && inner.Parameters[ActivationRule.Kind] == (int)ActivationKind.Softplus;
        return kind == ActivationKind.Tanh && softplus ? ActivationKind.Mish : null;
    }

    // A product of three with a constant, in any order: x · (1 + erf(x/√2)) · ½, or x · relu6(x + 3) / 6.
    private static (Value X, ActivationKind Kind)? Scaled(Graph graph, Node node)
    {
        if (Factor(node, out Value product) is not { } factor)
        {
            return Reordered(graph, node);
        }

        return graph.Producer(product) is { Opcode: Opcode.Mul } multiply ? Product(graph, multiply.Input(0), multiply.Input(1), factor) : null;
    }

    // (½ · x) · (1 + erf(x/√2)).
    private static (Value X, ActivationKind Kind)? Reordered(Graph graph, Node node)
    {
        for (int side = 0; side < 2 && node.Opcode == Opcode.Mul; side++)
        {
            if (graph.Producer(node.Input(side)) is { } half && Factor(half, out Value x) is { } factor && Product(graph, x, node.Input(1 - side), factor) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static (Value X, ActivationKind Kind)? Product(Graph graph, Value a, Value b, double factor)
    {
        if (Near(factor, 0.5))
        {
            return IsErfTerm(graph, b, a) ? (a, ActivationKind.GELU) : IsErfTerm(graph, a, b) ? (b, ActivationKind.GELU) : null;
        }

        return !Near(factor, 1.0 / 6.0) ? null
            : IsShiftedReLU6(graph, b, a) ? (a, ActivationKind.HardSwish)
            : IsShiftedReLU6(graph, a, b) ? (b, ActivationKind.HardSwish)
            : null;
    }

    // 1 + erf(x/√2).
    private static bool IsErfTerm(Graph graph, Value term, Value x) =>
        Shift(graph.Producer(term), out Value erf) is { } one && Near(one, 1)
        && graph.Producer(erf) is { Opcode: Opcode.Unary } function && function.Parameters[UnaryRule.Kind] == (int)UnaryKind.Erf
        && graph.Producer(function.Input(0)) is { } scale && Factor(scale, out Value inner) is { } factor && Near(factor, 1 / Math.Sqrt(2)) && inner == x;

    // relu6(x + 3).
    private static bool IsShiftedReLU6(Graph graph, Value term, Value x) =>
        graph.Producer(term) is { Opcode: Opcode.Activation } clip && clip.Parameters[ActivationRule.Kind] == (int)ActivationKind.ReLU6
        && Shift(graph.Producer(clip.Input(0)), out Value inner) is { } three && Near(three, 3) && inner == x;

    // The one number that a node multiplies by, and what it multiplies.
    private static double? Factor(Node node, out Value x)
    {
        x = null!;
        if (node.Opcode is not (Opcode.Mul or Opcode.Div) || AffineStep.Find(node) is not { } step || step.Scale.Distinct().Count() != 1 || Array.Exists(step.Shift, value => value != 0))
        {
            return null;
        }

        x = step.Input;
        return step.Scale[0];
    }

    private static double? Shift(Node? node, out Value x)
    {
        x = null!;
        if (node is not { Opcode: Opcode.Add } || AffineStep.Find(node) is not { } step || step.Shift.Distinct().Count() != 1)
        {
            return null;
        }

        x = step.Input;
        return step.Shift[0];
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < Tolerance;
}
