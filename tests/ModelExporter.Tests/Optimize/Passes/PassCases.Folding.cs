using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <content>Constants around a layer that become part of its weights and bias.</content>
internal static partial class PassCases
{
    // The largest shift that a layer of short numbers takes in costs 1e-5: 1e-5 · 2^24 = 167.77.
    private const float BelowTheBound = 167.5f;
    private const float AboveTheBound = 168f;

    private static PassCase[] Biases()
    {
        const string Pass = "bias fusion";
        return
        [
            new(Pass, "a number for each unit", g => g.Add(g.Dense(g.Input(2, 3), 4), g.C(4)), "Dense"),
            new(Pass, "the constant first", g => g.Add(g.C(1, 4), g.Dense(g.Input(2, 3), 4)), "Dense"),
            new(Pass, "one number for all", g => g.Add(g.Dense(g.Input(2, 3), 4), g.C(1)), "Dense"),
            new(Pass, "a convolution", g => g.Add(g.Conv(g.Input(1, 3, 4, 2), 3), g.C(3)), "Conv"),
            new(Pass, "a transposed convolution", g => g.Add(g.ConvTranspose(g.Input(1, 2, 2, 2), 3), g.C(3)), "ConvTranspose"),
            new(Pass, "a bias already", g => g.Add(g.Dense(g.Input(2, 3), 4, bias: true), g.C(4)), "Dense Add"),
            new(Pass, "an activation between", g => g.Add(g.Dense(g.Input(2, 3), 4, kind: ActivationKind.ReLU), g.C(4)), "Dense+ReLU Add"),
            new(Pass, "a number for each row", g => g.Add(g.Dense(g.Input(4, 3), 4), g.C(4, 1)), "Dense Add"),
            new(Pass, "a number for each row, as many as units and rows", g => g.Add(g.Dense(g.Input(2, 3), 4), g.C(2, 4)), "Dense Add"),
            new(Pass, "rows that the constant makes", g => g.Add(g.Dense(g.Input(1, 3), 4), g.C(2, 1)), "Dense Add"),
            new(Pass, "an axis that the constant makes", g => g.Add(g.Dense(g.Input(2, 3), 4), g.C(1, 1, 4)), "Dense Add"),
            new(Pass, "units that the constant makes", g => g.Add(g.Dense(g.Input(2, 3), 1), g.C(4)), "Dense Add"),
            new(Pass, "a difference", g => g.Sub(g.Dense(g.Input(2, 3), 4), g.C(4)), "Dense Sub"),
            new(Pass, "not a constant", g => g.Add(g.Dense(g.Input(2, 3), 4), g.Input(2, 4)), "Dense Add"),
            new(Pass, "a product of two tensors", g => g.Add(g.Builder.MatMul(g.Input(2, 3), g.C(3, 4)), g.C(4)), "MatMul Add"),
        ];
    }

    private static PassCase[] InputScales()
    {
        const string Pass = "standardisation folding";
        Value Large(float value) => Value.Constant("c", [value, -value, value], 3);
        return
        [
            new(Pass, "a sum", g => g.Dense(g.Add(g.Input(2, 3), g.C(3)), 4, bias: true), "Dense"),
            new(Pass, "a sum, no bias", g => g.Dense(g.Add(g.Input(2, 3), g.C(3)), 4), "Dense"),
            new(Pass, "a difference", g => g.Dense(g.Sub(g.Input(2, 3), g.C(3)), 4), "Dense"),
            new(Pass, "a difference from a constant", g => g.Dense(g.Sub(g.C(3), g.Input(2, 3)), 4), "Dense"),
            new(Pass, "a product", g => g.Dense(g.Mul(g.C(3), g.Input(2, 3)), 4), "Dense"),
            new(Pass, "a quotient", g => g.Dense(g.Div(g.Input(2, 3), g.C(3)), 4, bias: true), "Dense"),
            new(Pass, "a quotient of a constant", g => g.Dense(g.Div(g.C(3), g.Add(g.Act(ActivationKind.ReLU, g.Input(2, 3)), PassGraph.One(2f))), 4), "ReLU Add Div Dense"),
            new(Pass, "four steps at once", g => g.Dense(g.Sub(g.Mul(g.Div(g.Add(g.Input(2, 3), g.C(3)), g.C(3)), g.C(1)), g.C(3)), 4, bias: true), "Dense"),
            new(Pass, "a layer with an activation", g => g.Dense(g.Mul(g.Input(2, 3), g.C(3)), 4, kind: ActivationKind.ReLU), "Dense+ReLU"),
            new(Pass, "a convolution", g => g.Conv(g.Add(g.Mul(g.Input(1, 4, 5, 2), g.C(2)), g.C(2)), 3, bias: true), "Conv"),
            new(Pass, "a convolution that steps to the last pixel", g => g.Conv(g.Add(g.Input(1, 5, 5, 2), g.C(2)), 3, stride: 3), "Conv"),
            new(Pass, "a dilated convolution that reaches the last pixel", g => g.Conv(g.Add(g.Input(1, 4, 4, 2), g.C(2)), 3, dilation: 3), "Conv"),
            new(Pass, "a convolution in groups", g => g.Conv(g.Add(g.Mul(g.Input(1, 3, 3, 4), g.C(4)), g.C(4)), 6, groups: 2), "Conv"),
            new(Pass, "a convolution of each channel", g => g.Conv(g.Add(g.Mul(g.Input(1, 3, 3, 3), g.C(3)), g.C(3)), 6, groups: 3), "Conv"),
            new(Pass, "a factor in front of padding", g => g.Conv(g.Mul(g.Input(1, 3, 3, 2), g.C(2)), 3, pad: 1, padEnd: 1), "Conv"),
            new(Pass, "a sum in front of padding", g => g.Conv(g.Add(g.Input(1, 3, 3, 2), g.C(2)), 3, pad: 1), "Add Conv"),
            new(Pass, "a sum in front of padding on the left", g => Padded(g, 0, 1, 0, 0), "Add Conv"),
            new(Pass, "a sum in front of padding at the top", g => Padded(g, 1, 0, 0, 0), "Add Conv"),
            new(Pass, "a sum in front of padding on the right", g => Padded(g, 0, 0, 0, 1), "Add Conv"),
            new(Pass, "a sum in front of padding at the bottom", g => Padded(g, 0, 0, 1, 0), "Add Conv"),
            new(Pass, "a sum in front of padding that a stride reaches", g => g.Conv(g.Add(g.Input(1, 4, 4, 2), g.C(2)), 3, stride: 3, padEnd: 1), "Add Conv"),
            new(Pass, "a sum in front of padding that a dilation reaches", g => g.Conv(g.Add(g.Input(1, 3, 3, 2), g.C(2)), 3, dilation: 3, padEnd: 1), "Add Conv"),
            new(Pass, "of a sum and a factor in front of padding, the factor", g => g.Conv(g.Mul(g.Add(g.Input(1, 3, 3, 2), g.C(2)), g.C(2)), 3, pad: 1), "Add Conv"),
            new(Pass, "a factor in front of a transposed convolution", g => g.ConvTranspose(g.Mul(g.Input(1, 2, 2, 2), g.C(2)), 3), "ConvTranspose"),
            new(Pass, "factors in front of a transposed convolution in groups", g => g.ConvTranspose(g.Mul(g.Input(1, 2, 2, 4), g.C(4)), 6, groups: 2), "ConvTranspose"),
            new(Pass, "a sum in front of a transposed convolution", g => g.ConvTranspose(g.Add(g.Input(1, 2, 2, 2), g.C(2)), 3), "Add ConvTranspose"),
            new(Pass, "a number for each row", g => g.Dense(g.Mul(g.Input(3, 3), g.C(3, 1)), 4), "Mul Dense"),
            new(Pass, "a number for each pixel", g => g.Conv(g.Mul(g.Input(1, 3, 3, 2), g.C(3, 3, 1)), 3), "Mul Conv"),
            new(Pass, "channels that the constant makes", g => g.Dense(g.Mul(g.Input(2, 1), g.C(3)), 4), "Mul Dense"),
            new(Pass, "two inputs", g => g.Dense(g.Mul(g.Input(2, 3), g.Input(2, 3)), 4), "Mul Dense"),
            new(Pass, "a factor that two layers read", g => TwoLayers(g), "Mul Dense Dense Add"),
            new(Pass, "a mean far from zero, of which the subtraction stays", g => g.Dense(g.Add(g.Mul(g.Input(2, 3), PassGraph.One(0.5f)), Large(1000f)), 4), "Sub Dense"),
            new(Pass, "a large layer and a mean of less than four deviations", g => Heavy(g, 3f), "Dense"),
            new(Pass, "a large layer and a mean of more than four deviations", g => Heavy(g, 5f), "Sub Dense"),
            new(Pass, "a subtraction alone of a mean far from zero", g => g.Dense(g.Sub(g.Input(2, 3), Large(1000f)), 4), "Sub Dense"),
            new(Pass, "a factor that makes a weight infinite", g => g.Builder.Dense(g.Mul(g.Act(ActivationKind.ReLU, g.Mul(g.Input(2, 3), PassGraph.One(1e-30f))), PassGraph.One(1e25f)), Value.Constant("w", [1e15f, -1e15f, 1e15f], 1, 3), null), "Mul ReLU Mul Dense"),
        ];
    }

    // A sum in front of a convolution of 2 × 2 that reaches over one side of the image.
    private static Value Padded(PassGraph g, int top, int left, int bottom, int right)
    {
        Value x = g.Add(g.Input(1, 3, 3, 2), g.C(2));
        return g.Builder.Conv(x, g.C(3, 2, 2, 2), null, new Window(2, 1, 1, top, bottom, 2 + top + bottom), new Window(2, 1, 1, left, right, 2 + left + right), 1);
    }

    private static PassCase[] OutputScales()
    {
        const string Pass = "scale folding";
        Value Short(PassGraph g, float weight = 2f) => g.Builder.Dense(g.Input(2, 2), Value.Constant("w", [weight, -1f], 1, 2), null);
        return
        [
            new(Pass, "a sum", g => g.Add(g.Dense(g.Input(2, 3), 4, bias: true), g.C(4)), "Dense"),
            new(Pass, "a difference", g => g.Sub(g.Dense(g.Input(2, 3), 4), g.C(4)), "Dense"),
            new(Pass, "a difference from a constant", g => g.Sub(g.C(4), g.Dense(g.Input(2, 3), 4, bias: true)), "Dense"),
            new(Pass, "a product", g => g.Mul(g.Dense(g.Input(2, 3), 4, bias: true), g.C(4)), "Dense"),
            new(Pass, "a quotient", g => g.Div(g.Dense(g.Input(2, 3), 4, bias: true), g.C(1)), "Dense"),
            new(Pass, "four steps at once", g => g.Sub(g.Mul(g.Div(g.Add(g.Dense(g.Input(2, 3), 4, bias: true), g.C(4)), g.C(4)), g.C(1)), g.C(4)), "Dense"),
            new(Pass, "a convolution", g => g.Add(g.Mul(g.Conv(g.Input(1, 3, 3, 2), 3, pad: 1, padEnd: 1), g.C(3)), g.C(3)), "Conv"),
            new(Pass, "a convolution in groups", g => g.Add(g.Mul(g.Conv(g.Input(1, 3, 3, 4), 6, groups: 2), g.C(6)), g.C(6)), "Conv"),
            new(Pass, "a transposed convolution", g => g.Add(g.Mul(g.ConvTranspose(g.Input(1, 2, 2, 2), 3, bias: true), g.C(3)), g.C(3)), "ConvTranspose"),
            new(Pass, "an activation between", g => g.Mul(g.Dense(g.Input(2, 3), 4, kind: ActivationKind.Tanh), g.C(4)), "Dense+Tanh Mul"),
            new(Pass, "a step, an activation and a step", g => g.Mul(g.Act(ActivationKind.ReLU, g.Mul(g.Dense(g.Input(2, 3), 4), g.C(4))), g.C(4)), "Dense ReLU Mul"),
            new(Pass, "a number for each row", g => g.Mul(g.Dense(g.Input(4, 3), 4), g.C(4, 1)), "Dense Mul"),
            new(Pass, "a number for each column of an image as wide as it has channels", g => g.Mul(g.Conv(g.Input(1, 4, 4, 2), 3), g.C(3, 1)), "Conv Mul"),
            new(Pass, "an axis that the constant makes", g => g.Mul(g.Dense(g.Input(2, 3), 4), g.C(1, 2, 4)), "Dense Mul"),
            new(Pass, "units that the constant makes", g => g.Mul(g.Dense(g.Input(2, 3), 1), g.C(4)), "Dense Mul"),
            new(Pass, "a quotient of a constant", g => g.Div(g.C(4), g.Dense(g.Input(2, 3), 4)), "Dense Div", 1e-3),
            new(Pass, "not a constant", g => g.Mul(g.Dense(g.Input(2, 3), 4), g.Input(4)), "Dense Mul"),
            new(Pass, "a product with itself", g => Squared(g), "Dense Mul"),
            new(Pass, "short numbers and a shift below the bound", g => g.Sub(Short(g), PassGraph.One(BelowTheBound)), "Dense"),
            new(Pass, "short numbers and a shift above the bound", g => g.Sub(Short(g), PassGraph.One(AboveTheBound)), "Dense Sub"),
            new(Pass, "a number of 11 bits and a shift above the bound", g => g.Add(Short(g, 2047f), PassGraph.One(AboveTheBound)), "Dense Add"),
            new(Pass, "a number of 12 bits and a shift above the bound", g => g.Add(Short(g, 2049f), PassGraph.One(AboveTheBound)), "Dense"),
            new(Pass, "a long bias and a shift above the bound", g => g.Add(g.Add(Short(g), PassGraph.One(0.1f)), PassGraph.One(AboveTheBound)), "Dense Add Add"),
            new(Pass, "a layer with a long bias and a shift above the bound", g => g.Add(g.Builder.Dense(g.Input(2, 2), Value.Constant("w", [2f, -1f], 1, 2), PassGraph.One(0.1f)), PassGraph.One(AboveTheBound)), "Dense"),
            new(Pass, "the second unit alone is short", g => g.Add(g.Builder.Dense(g.Input(2, 2), Value.Constant("w", [0.1f, -1f, 2f, 1f], 2, 2), null), Value.Constant("c", [0f, AboveTheBound], 2)), "Dense Add"),
            new(Pass, "a factor that makes a weight infinite", g => g.Mul(g.Builder.Dense(g.Act(ActivationKind.ReLU, g.Mul(g.Input(2, 3), PassGraph.One(1e-30f))), Value.Constant("w", [1e25f, -1e25f, 1e25f], 1, 3), null), PassGraph.One(1e15f)), "Mul ReLU Dense Mul"),
            new(Pass, "a factor that makes a bias infinite", g => g.Mul(g.Act(ActivationKind.Linear, g.Dense(g.Input(2, 3), 4)), g.C(4)), "Dense Linear Mul"),
        ];
    }

    // Σ|W| is 300, so that folded a unit loses 300 · mean · 2^-24, above 1e-5, and an input four deviations away costs 300 · 4 · 2^-24.
    private static Value Heavy(PassGraph g, float mean) =>
        g.Builder.Dense(g.Add(g.Mul(g.Input(2, 3), PassGraph.One(0.5f)), PassGraph.One(mean)), Value.Constant("w", [100f, -100f, 100f], 1, 3), null);

    private static Value TwoLayers(PassGraph g)
    {
        Value x = g.Mul(g.Input(2, 3), g.C(3));
        return g.Add(g.Dense(x, 4), g.Dense(x, 4));
    }

    private static Value Squared(PassGraph g)
    {
        Value y = g.Dense(g.Input(2, 3), 4);
        return g.Mul(y, y);
    }

    private static PassCase[] Scales()
    {
        const string Pass = "scale sinking";
        return
        [
            new(Pass, "one number in front of a Transpose", g => g.Conv(g.Transpose(g.Mul(g.Input(1, 2, 3, 4), g.C(1)), 0, 2, 3, 1), 3), "Transpose Mul Conv"),
            new(Pass, "a number for each channel in front of a Transpose", g => g.Conv(g.Transpose(g.Mul(g.Input(1, 2, 3, 4), g.C(2, 1, 1)), 0, 2, 3, 1), 3), "Transpose Mul Conv"),
            new(Pass, "a number for each element, turned with them", g => g.Dense(g.Transpose(g.Add(g.Input(2, 3, 4), g.C(2, 3, 4)), 1, 2, 0), 3), "Transpose Add Dense"),
            new(Pass, "a difference from a constant", g => g.Conv(g.Transpose(g.Sub(g.C(2, 1, 1), g.Input(1, 2, 3, 4)), 0, 2, 3, 1), 3), "Transpose Sub Conv"),
            new(Pass, "of two steps the last", g => g.Conv(g.Transpose(g.Div(g.Sub(g.Input(1, 2, 3, 4), g.C(2, 1, 1)), g.C(2, 1, 1)), 0, 2, 3, 1), 3), "Sub Transpose Div Conv"),
            new(Pass, "one number in front of a Reshape", g => g.Dense(g.Reshape(g.Mul(g.Input(2, 3, 4), g.C(1)), 2, 12), 3), "Reshape Mul Dense"),
            new(Pass, "one number of rank 4 in front of a Reshape", g => g.Dense(g.Reshape(g.Mul(g.Input(1, 2, 3, 4), g.C(1, 1, 1, 1)), 1, 24), 3), "Reshape Mul Dense"),
            new(Pass, "a number for each channel in front of a Reshape", g => g.Dense(g.Reshape(g.Mul(g.Input(2, 3, 4), g.C(4)), 2, 12), 3), "Mul Reshape Dense"),
            new(Pass, "a Transpose and a Reshape", g => g.Dense(g.Reshape(g.Transpose(g.Mul(g.Input(1, 2, 3), g.C(2, 1)), 0, 2, 1), 1, 6), 3), "Transpose Mul Reshape Dense"),
            new(Pass, "no layer behind", g => g.Act(ActivationKind.ReLU, g.Transpose(g.Mul(g.Input(1, 2, 3), g.C(1)), 0, 2, 1)), "Mul Transpose ReLU"),
            new(Pass, "an activation before the layer", g => g.Dense(g.Act(ActivationKind.Tanh, g.Transpose(g.Mul(g.Input(1, 2, 3), g.C(1)), 0, 2, 1)), 3), "Mul Transpose Tanh Dense"),
            new(Pass, "a constant that makes the shape", g => g.Dense(g.Transpose(g.Mul(g.Input(1, 3), g.C(2, 1)), 1, 0), 3), "Mul Transpose Dense"),
            new(Pass, "a product of two tensors", g => g.Dense(g.Transpose(g.Mul(g.Input(2, 3), g.Input(2, 3)), 1, 0), 3), "Mul Transpose Dense"),
            new(Pass, "an activation in front", g => g.Dense(g.Transpose(g.Act(ActivationKind.ReLU, g.Input(2, 3)), 1, 0), 3), "ReLU Transpose Dense"),
        ];
    }
}
