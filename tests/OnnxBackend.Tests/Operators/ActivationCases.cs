using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Activation functions: every parameter and the value that it has where it is left out.</summary>
internal static class ActivationCases
{
    // Both sides of every corner of the piecewise functions, and the corners.
    private static readonly CaseTensor wide = In([-8, -5, -3.5, -3, -2.6, -2.5, -2.4, -1.5, -1, -0.5, -0.1, -0.0, 0, 0.1, 0.5, 0.75, 0.8, 1, 1.1, 1.5, 2, 2.4, 2.5, 2.6, 3, 3.5, 5, 8]);

    internal static IEnumerable<OperatorCase> All() =>
    [
        .. new[] { "Relu", "Sigmoid", "Tanh", "HardSwish", "Mish", "Softplus", "Softsign" }.Select(type => Case(type, wide) with { Opset = 18 }),
        .. new[] { "Relu", "Sigmoid", "Tanh" }.Select(type => Case(type, X(2, 3, 5)) with { Opset = 7 }),
        .. Each(Case("LeakyRelu", wide), A("alpha", 0.3)).In(7, 17),
        .. Each(Case("HardSigmoid", wide), A("alpha", 0.35), A("beta", 0.25)),
        .. Each(Case("Elu", wide), A("alpha", 0.6)),
        .. Each(Case("Selu", wide), A("alpha", 1.2), A("gamma", 0.8)),
        .. Each(Case("Celu", wide), A("alpha", 0.6)),
        .. Each(Case("ThresholdedRelu", wide), A("alpha", 0.75)),
        .. Each(Case("Shrink", wide), A("bias", 0.25), A("lambd", 1.5)),
        Case("Gelu", wide) with { Opset = 20 },
        Case("Gelu", wide, A("approximate", "none")) with { Opset = 20 },
        Case("Gelu", wide, A("approximate", "tanh")) with { Opset = 20 },
        .. Swish(),
        .. PRelu(),
        .. new[] { "Softmax", "LogSoftmax", "Hardmax" }.SelectMany(OverAxis),
    ];

    private static IEnumerable<OperatorCase> OverAxis(string type)
    {
        CaseTensor[] shapes = [X(2, 3, 4), X(3, 4)];
        foreach (CaseTensor x in shapes)
        {
            foreach (int opset in new[] { 7, 11, 12, 13, 17 })
            {
                yield return Case(type, x) with { Opset = opset };
                yield return Case(type, x, A("axis", 0)) with { Opset = opset };
                yield return Case(type, x, A("axis", 1)) with { Opset = opset };
                if (opset >= 11)
                {
                    yield return Case(type, x, A("axis", -1)) with { Opset = opset };
                    yield return Case(type, x, A("axis", -2)) with { Opset = opset };
                }
            }
        }

        // The largest one twice: the first of them counts.
        yield return Case(type, In([1, 3, 3, 2, 2, 2], 2, 3), A("axis", 1));
        yield return Case(type, In([1, 3, 3, 2, 2, 2], 2, 3), A("axis", 0));
    }

    private static IEnumerable<OperatorCase> PRelu()
    {
        yield return Case("PRelu", [X(2, 3, 4), Const([0.3])]);
        yield return Case("PRelu", [X(2, 3, 4), Const([0.1, 0.2, -0.3, 0.4])]);
        yield return Case("PRelu", [X(2, 3, 4), Const([0.1, 0.2, -0.3], 3, 1)]);
        yield return Case("PRelu", [X(1, 3, 4, 5), Const([0.1, 0.2, -0.3], 3, 1, 1)]);
        yield return Case("PRelu", [X(1, 3, 4, 3), Const([0.1, 0.2, -0.3], 3, 1, 1)]);
        yield return Case("PRelu", [X(1, 3, 4, 3), Const([0.1, 0.2, -0.3])]);
        yield return Case("PRelu", [X(1, 3, 3, 3), Const([0.1, 0.2, -0.3], 3, 1)]);
        yield return Case("PRelu", [X(1, 3, 4, 3), Const([0.1, 0.2, -0.3], 1, 1, 3)]);
        yield return Case("PRelu", [X(1, 3, 3, 3), Const([0.1, 0.2, -0.3], 1, 3, 1)]);
        yield return Case("PRelu", [X(2, 3, 2), Const([0.1, -0.3])]);
        yield return Case("PRelu", [X(2, 2, 3), Const([0.1, -0.3], 2, 1)]);
        yield return Case("PRelu", [X(1, 3, 4, 5), C(3, 4, 5)]);
        yield return Case("PRelu", [X(2, 3), C(2, 3)]);
        yield return Case("PRelu", [X(2, 3), X2(2, 3)]);
        yield return Case("PRelu", [X(2, 3), X2(3)]);
        yield return Case("PRelu", [X(2, 3), C(3)]);
        yield return Case("PRelu", [X(3, 3), C(3, 1)]);
    }

    // Of opset 24, which this ONNX Runtime does not have: x / (1 + e^(−αx)).
    private static IEnumerable<OperatorCase> Swish()
    {
        double[] values = wide.Values;
        yield return Case("Swish", wide) with { Opset = 24, Expected = Array.ConvertAll(values, x => x / (1 + Math.Exp(-x))) };
        yield return Case("Swish", wide, A("alpha", 1.7)) with { Opset = 24, Expected = Array.ConvertAll(values, x => x / (1 + Math.Exp(-(double)1.7f * x))) };
    }
}
