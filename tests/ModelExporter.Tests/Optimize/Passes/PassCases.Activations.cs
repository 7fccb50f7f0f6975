using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <content>Activations that become part of a layer, and several operators that are one activation.</content>
internal static partial class PassCases
{
    private static PassCase[] Activations()
    {
        const string Pass = "activation fusion";
        return
        [
            new(Pass, "after a Dense", g => g.Act(ActivationKind.ReLU, g.Dense(g.Input(2, 3), 4, bias: true)), "Dense+ReLU"),
            new(Pass, "after a Dense without bias", g => g.Act(ActivationKind.Tanh, g.Dense(g.Input(2, 3), 4)), "Dense+Tanh"),
            new(Pass, "after a convolution, with a slope of its own", g => g.Act(ActivationKind.LeakyReLU, g.Conv(g.Input(1, 4, 4, 2), 3), 0.37f), "Conv+LeakyReLU"),
            new(Pass, "after a transposed convolution, with both parameters its own", g => g.Act(ActivationKind.HardSigmoid, g.ConvTranspose(g.Input(1, 2, 2, 2), 3), 0.25f, 0.4f), "ConvTranspose+HardSigmoid"),
            new(Pass, "one of two activations", g => g.Act(ActivationKind.Sigmoid, g.Act(ActivationKind.ReLU, g.Dense(g.Input(2, 3), 4))), "Dense+ReLU Sigmoid"),
            new(Pass, "the layer applies another already", g => g.Act(ActivationKind.Sigmoid, g.Dense(g.Input(2, 3), 4, kind: ActivationKind.ReLU)), "Dense+ReLU Sigmoid"),
            new(Pass, "a slope for each channel", g => g.PReLU(g.Dense(g.Input(2, 3), 4)), "Dense PReLU"),
            new(Pass, "after an operator that applies none", g => g.Act(ActivationKind.ReLU, g.Builder.MatMul(g.Input(2, 3), g.C(3, 4))), "MatMul ReLU"),
            new(Pass, "after an addition", g => g.Act(ActivationKind.ReLU, g.Add(g.Input(2, 3), g.C(3))), "Add ReLU"),
            new(Pass, "on the input", g => g.Act(ActivationKind.ReLU, g.Input(2, 3)), "ReLU"),
            new(Pass, "of which the layer is both factors", g => Twice(g), "Dense ReLU Mul"),
        ];
    }

    // The layer's output is read by the activation and by the product with it.
    private static Value Twice(PassGraph g)
    {
        Value y = g.Dense(g.Input(2, 3), 4);
        return g.Mul(y, g.Act(ActivationKind.ReLU, y));
    }

    private static PassCase[] Recognised()
    {
        const string Pass = "activation recognition";
        float root = MathF.Sqrt(2f);
        Value Erf(PassGraph g, Value x) => g.Add(g.Erf(g.Div(x, PassGraph.One(root))), PassGraph.One(1f));
        Value Relu6(PassGraph g, Value x) => g.Act(ActivationKind.ReLU6, g.Add(x, PassGraph.One(3f)));
        PassCase Of(string name, Func<PassGraph, Value, Value> build, string after, double tolerance = 2e-6) => new(Pass, name, g => build(g, g.Act(ActivationKind.LeakyReLU, g.Input(2, 5), 1.5f)), after, tolerance);
        return
        [
            Of("x times its sigmoid", (g, x) => g.Mul(x, g.Act(ActivationKind.Sigmoid, x)), "LeakyReLU SiLU"),
            Of("its sigmoid times x", (g, x) => g.Mul(g.Act(ActivationKind.Sigmoid, x), x), "LeakyReLU SiLU"),
            Of("the sigmoid of something else", (g, x) => g.Mul(x, g.Act(ActivationKind.Sigmoid, g.Input(2, 5))), "LeakyReLU Sigmoid Mul"),
            Of("a sum with the sigmoid", (g, x) => g.Add(x, g.Act(ActivationKind.Sigmoid, x)), "LeakyReLU Sigmoid Add"),
            Of("a quotient by the sigmoid", (g, x) => g.Div(x, g.Act(ActivationKind.Sigmoid, x)), "LeakyReLU Sigmoid Div"),
            Of("a product with its tanh", (g, x) => g.Mul(x, g.Act(ActivationKind.Tanh, x)), "LeakyReLU Tanh Mul"),
            Of("a product with a slope for each channel", (g, x) => g.Mul(x, g.PReLU(x)), "LeakyReLU PReLU Mul"),
            Of("x times its hard sigmoid", (g, x) => g.Mul(x, g.Act(ActivationKind.HardSigmoid, x, 1f / 6f, 0.5f)), "LeakyReLU HardSwish"),
            Of("a hard sigmoid of another slope", (g, x) => g.Mul(x, g.Act(ActivationKind.HardSigmoid, x, 0.2f, 0.5f)), "LeakyReLU HardSigmoid Mul"),
            Of("a hard sigmoid of another offset", (g, x) => g.Mul(x, g.Act(ActivationKind.HardSigmoid, x, 1f / 6f, 0.4f)), "LeakyReLU HardSigmoid Mul"),
            Of("Mish", (g, x) => g.Mul(x, g.Act(ActivationKind.Tanh, g.Act(ActivationKind.Softplus, x))), "LeakyReLU Mish"),
            Of("Mish, the factors the other way round", (g, x) => g.Mul(g.Act(ActivationKind.Tanh, g.Act(ActivationKind.Softplus, x)), x), "LeakyReLU Mish"),
            Of("the tanh of another function", (g, x) => g.Mul(x, g.Act(ActivationKind.Tanh, g.Act(ActivationKind.ELU, x))), "LeakyReLU ELU Tanh Mul"),
            Of("the sigmoid of the softplus", (g, x) => g.Mul(x, g.Act(ActivationKind.Sigmoid, g.Act(ActivationKind.Softplus, x))), "LeakyReLU Softplus Sigmoid Mul"),
            Of("the tanh of another value's softplus", (g, x) => g.Mul(x, g.Act(ActivationKind.Tanh, g.Act(ActivationKind.Softplus, g.Input(2, 5)))), "LeakyReLU Softplus Tanh Mul"),
            Of("GELU, half of the product", (g, x) => g.Mul(g.Mul(x, Erf(g, x)), PassGraph.One(0.5f)), "LeakyReLU GELU"),
            Of("GELU, the product divided by two", (g, x) => g.Div(g.Mul(Erf(g, x), x), PassGraph.One(2f)), "LeakyReLU GELU"),
            Of("GELU, half of x first", (g, x) => g.Mul(g.Mul(x, PassGraph.One(0.5f)), Erf(g, x)), "LeakyReLU GELU"),
            Of("GELU, half of x first and last", (g, x) => g.Mul(Erf(g, x), g.Mul(PassGraph.One(0.5f), x)), "LeakyReLU GELU"),
            Of("GELU, half of the term first", (g, x) => g.Mul(x, g.Mul(Erf(g, x), PassGraph.One(0.5f))), "LeakyReLU GELU"),
            Of("erf with another factor within", (g, x) => g.Mul(g.Mul(x, g.Add(g.Erf(g.Mul(x, PassGraph.One(0.5f))), PassGraph.One(1f))), PassGraph.One(0.5f)), "LeakyReLU Mul Unary Add Mul Mul"),
            Of("erf with another sum", (g, x) => g.Mul(g.Mul(x, g.Add(g.Erf(g.Div(x, PassGraph.One(root))), PassGraph.One(1.01f))), PassGraph.One(0.5f)), "LeakyReLU Div Unary Add Mul Mul"),
            Of("tanh where erf should be", (g, x) => g.Mul(g.Mul(x, g.Add(g.Builder.Unary(UnaryKind.Sin, g.Div(x, PassGraph.One(root))), PassGraph.One(1f))), PassGraph.One(0.5f)), "LeakyReLU Div Unary Add Mul Mul"),
            Of("erf of another value", (g, x) => g.Mul(g.Mul(x, Erf(g, g.Input(2, 5))), PassGraph.One(0.5f)), "LeakyReLU Div Unary Add Mul Mul"),
            Of("the whole and not half", (g, x) => g.Mul(g.Mul(x, Erf(g, x)), PassGraph.One(0.51f)), "LeakyReLU Div Unary Add Mul Mul"),
            Of("erf less one", (g, x) => g.Mul(g.Mul(x, g.Sub(g.Erf(g.Div(x, PassGraph.One(root))), PassGraph.One(1f))), PassGraph.One(0.5f)), "LeakyReLU Div Unary Sub Mul Mul"),
            Of("a sum with the term", (g, x) => g.Mul(g.Add(x, Erf(g, x)), PassGraph.One(0.5f)), "LeakyReLU Div Unary Add Add Mul"),
            Of("halves that differ by channel", (g, x) => g.Mul(g.Mul(x, Erf(g, x)), Value.Constant("halves", [0.5f, 0.5f, 0.5f, 0.5f, 0.4f], 5)), "LeakyReLU Div Unary Add Mul Mul"),
            Of("hard swish, the product divided by six", (g, x) => g.Div(g.Mul(x, Relu6(g, x)), PassGraph.One(6f)), "LeakyReLU HardSwish"),
            Of("hard swish, a sixth of the product the other way round", (g, x) => g.Mul(PassGraph.One(1f / 6f), g.Mul(Relu6(g, x), x)), "LeakyReLU HardSwish"),
            Of("hard swish, a sixth of the term first", (g, x) => g.Mul(x, g.Div(Relu6(g, x), PassGraph.One(6f))), "LeakyReLU HardSwish"),
            Of("a fifth", (g, x) => g.Div(g.Mul(x, Relu6(g, x)), PassGraph.One(5f)), "LeakyReLU Add ReLU6 Mul Div"),
            Of("half, which is GELU's", (g, x) => g.Div(g.Mul(x, Relu6(g, x)), PassGraph.One(2f)), "LeakyReLU Add ReLU6 Mul Div"),
            Of("another shift", (g, x) => g.Div(g.Mul(x, g.Act(ActivationKind.ReLU6, g.Add(x, PassGraph.One(2.9f)))), PassGraph.One(6f)), "LeakyReLU Add ReLU6 Mul Div"),
            Of("shifts that differ by channel", (g, x) => g.Div(g.Mul(x, g.Act(ActivationKind.ReLU6, g.Add(x, Value.Constant("threes", [3f, 3f, 3f, 3f, 2f], 5)))), PassGraph.One(6f)), "LeakyReLU Add ReLU6 Mul Div"),
            Of("three less x", (g, x) => g.Div(g.Mul(x, g.Act(ActivationKind.ReLU6, g.Sub(PassGraph.One(3f), x))), PassGraph.One(6f)), "LeakyReLU Sub ReLU6 Mul Div"),
            Of("one less erf", (g, x) => g.Mul(g.Mul(x, g.Sub(PassGraph.One(1f), g.Erf(g.Div(x, PassGraph.One(root))))), PassGraph.One(0.5f)), "LeakyReLU Div Unary Sub Mul Mul"),
            Of("a ReLU without a bound", (g, x) => g.Div(g.Mul(x, g.Act(ActivationKind.ReLU, g.Add(x, PassGraph.One(3f)))), PassGraph.One(6f)), "LeakyReLU Add ReLU Mul Div"),
            Of("another value shifted", (g, x) => g.Div(g.Mul(x, Relu6(g, g.Input(2, 5))), PassGraph.One(6f)), "LeakyReLU Add ReLU6 Mul Div"),
        ];
    }
}
