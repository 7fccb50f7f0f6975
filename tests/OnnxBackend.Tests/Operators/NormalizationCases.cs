using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Normalisations of values whose spread is about as small as epsilon, so that it shows.</summary>
internal static class NormalizationCases
{
    internal static IEnumerable<OperatorCase> All() =>
    [
        .. new[] { 7, 9, 15 }.SelectMany(opset => Each(Case("BatchNormalization", [X(2, 3, 4), C(3), C(3), C(3), Small(3)]) with { Opset = opset }, A("epsilon", 0.01), A("momentum", 0.5))),
        Case("BatchNormalization", [X(2, 3), C(3), C(3), C(3), Small(3)]),
        Case("BatchNormalization", [X(2, 3, 2, 2), C(3), C(3), C(3), Positive(3)], A("training_mode", 0)),
        Case("BatchNormalization", [X(2, 3, 2, 2), C(3), C(3), C(3), Positive(3)], A("training_mode", 1)) with { Refusal = "is in training mode or not spatial" },
        Case("BatchNormalization", [X(2, 3, 2, 2), C(3), C(3), C(3), Positive(3)], A("spatial", 0)) with { Opset = 7, Refusal = "is in training mode or not spatial" },
        Case("BatchNormalization", [X(2, 3, 2, 2), C(4), C(3), C(3), Positive(3)]) with { Refusal = "normalises 3 channels with constants for a different number" },
        .. Each(Case("InstanceNormalization", [Close(2, 3, 4, 2), C(3), C(3)]), A("epsilon", 0.01)),
        Case("InstanceNormalization", [Close(2, 3, 8), C(3), C(3)]),
        Case("InstanceNormalization", [Close(2, 3, 8), X(3), X2(3)]) with { Note = "computed", },
        .. Each(Case("GroupNormalization", [Close(2, 4, 3, 2), C(4), Const([0.5, 1, -1, 2])], A("num_groups", 2)) with { Opset = 21 }, A("epsilon", 0.01)),
        .. Each(Case("GroupNormalization", [Close(2, 6, 3), C(2), Const([0.5, -1])], A("num_groups", 2)) with { Opset = 18 }, A("epsilon", 0.01)),
        Case("GroupNormalization", [Close(2, 4, 3), C(4), C(4)], A("num_groups", 3)) with { Opset = 21, Refusal = "in 3 groups" },
        .. Each(Case("LayerNormalization", [Close(2, 3, 4), C(4), Const([0.5, 1, -1, 2])]), A("epsilon", 0.01), A("axis", -1), A("stash_type", 1)),
        .. Each(Case("LayerNormalization", [Close(2, 3, 4), C(3, 4), Positive(3, 4)], A("axis", 1)), A("epsilon", 0.01)),
        Case("LayerNormalization", [Close(2, 3, 4), C(2, 3, 4)], A("axis", 0)),
        Case("LayerNormalization", [Close(2, 3, 4), X2(4)]),
        Case("LayerNormalization", [Close(2, 3, 4), X2(4), X2(4)]),
        Case("LayerNormalization", [Close(2, 3, 4), C(4)], A("axis", -1)) with { Outputs = ["y", "mean", "inverse"] },
        Case("LayerNormalization", [Close(2, 3, 4), C(4)], A("axis", -1)) with { Outputs = ["y", "", "inverse"], Note = "without the mean" },
        Case("LayerNormalization", [Close(2, 3, 4), C(3, 4)], A("axis", -2), A("epsilon", 0.001)) with { Outputs = ["y", "mean", "inverse"] },
        .. Rms(),
        .. Each(Case("MeanVarianceNormalization", X(2, 3, 2, 2)), A("axes", new[] { 1, 2 })).In(9, 13),
        Case("MeanVarianceNormalization", X(2, 3, 4), A("axes", new[] { -1 })),
        .. Each(Case("LpNormalization", X(2, 3, 4)), A("axis", 1), A("p", 1)),
        Case("LpNormalization", X(2, 3, 4), A("p", 2), A("axis", 0)),
        Case("LpNormalization", X(2, 3), A("p", 3)) with { Refusal = "has p = 3" },
        Case("LpNormalization", In([0, 0, 0, 3, 4, 0], 2, 3)),
        .. Each(Case("LRN", X(1, 6, 2, 2), A("size", 3)), A("alpha", 0.5), A("beta", 0.6), A("bias", 2.0)),
        .. Each(Case("LRN", X(1, 6, 2, 2) with { Values = [.. X(1, 6, 2, 2).Values.Select(value => value * 100)] }, A("size", 5)), A("alpha", 0.5), A("beta", 0.6), A("bias", 2.0)),
        Case("LRN", X(1, 6, 2, 2), A("size", 0)) with { Refusal = "sums over 0 channels" },
        Case("BatchNormalization", [X(2, 3, 2, 2), C(3), C(3), C(3), Positive(3)]) with { Opset = 7, Outputs = ["y", "mean"], Refusal = "is in training mode or not spatial" },
        .. Enumerable.Range(2, 3).Select(position => Case("BatchNormalization", [X(2, 3, 2, 2), C(3), C(3), C(3), Positive(3)]) with { Opset = 7, Outputs = ["y", .. Enumerable.Range(1, position).Select(i => i == position ? "other" : "")], Refusal = "is in training mode or not spatial" }),
        .. Enumerable.Range(1, 4).Select(position => Case("BatchNormalization", [.. Enumerable.Range(0, 5).Select(i => i == 0 ? X(2, 3, 2) : i == position ? Positive(4) : Positive(3))]) with { Refusal = "normalises 3 channels with constants for a different number", Note = $"{position}" }),
        Case("BatchNormalization", [X(2, 3, 2), C(3), C(3), C(3), X2(3)]) with { Refusal = "needs a constant as input" },
        Case("BatchNormalization", [X(2, 3, 2), C(3), C(3), C(3), Positive(3)], A("spatial", 1)) with { Opset = 7 },
        Case("GroupNormalization", [Close(2, 4, 3), C(4), C(4)], A("num_groups", 0)) with { Opset = 21, Refusal = "in 0 groups" },
        Case("GroupNormalization", [X(4), C(4), C(4)], A("num_groups", 2)) with { Opset = 21, Refusal = "normalises [4] in 2 groups" },
        Case("GroupNormalization", [Close(2, 4, 3), C(4), C(4)]) with { Opset = 21, Refusal = "is missing the attribute 'num_groups'" },
        Case("GroupNormalization", [Close(2, 4, 3), C(4), C(4)], A("num_groups", 4)) with { Opset = 21 },
        Case("GroupNormalization", [Close(2, 4, 3), C(4), C(4)], A("num_groups", 1)) with { Opset = 21 },
        Case("LayerNormalization", [Close(2, 3, 4), C(4), X2(4)]),
        Case("LayerNormalization", [Close(2, 3, 4), X2(4), C(4)]),
        Case("LayerNormalization", [Close(2, 3, 4), C(4)], A("axis", 3)) with { Refusal = "has axis 3" },
        Case("LayerNormalization", [Close(2, 3, 4), C(1), C(1)]),
        Case("LpNormalization", X(2, 3), A("p", 0)) with { Refusal = "has p = 0" },
        Case("LRN", X(1, 6, 2, 2), A("size", (1 << 20) + 1)) with { Refusal = "sums over 1048577 channels" },
        Case("LRN", X(1, 6, 2, 2)) with { Refusal = "is missing the attribute 'size'" },
        Case("LRN", X(1, 6, 2, 2), A("size", 11), A("alpha", 0.5)),
        Case("InstanceNormalization", [X(2, 3), C(3), C(3)]) with { Refusal = "which has no pixels" },
        Case("LRN", X(1, 6, 2, 2), A("size", 1), A("alpha", 0.5)),
    ];

    // Of opset 23, which this ONNX Runtime does not have.
    private static IEnumerable<OperatorCase> Rms()
    {
        CaseTensor x = Close(2, 3, 4);
        CaseTensor scale = C(4);
        CaseTensor wide = C(3, 4);
        yield return Case("RMSNormalization", [x, scale]) with { Opset = 23, Expected = RootMeanSquare(x.Values, scale.Values, 4, 1e-5) };
        yield return Case("RMSNormalization", [x, scale], A("epsilon", 0.01), A("stash_type", 1)) with { Opset = 23, Expected = RootMeanSquare(x.Values, scale.Values, 4, 0.01) };
        yield return Case("RMSNormalization", [x, wide], A("axis", 1)) with { Opset = 23, Expected = RootMeanSquare(x.Values, wide.Values, 12, 1e-5) };
    }

    private static double[] RootMeanSquare(double[] x, double[] scale, int depth, double epsilon)
    {
        double[] y = new double[x.Length];
        for (int start = 0; start < x.Length; start += depth)
        {
            double sum = 0;
            for (int i = 0; i < depth; i++)
            {
                sum += x[start + i] * x[start + i];
            }

            for (int i = 0; i < depth; i++)
            {
                y[start + i] = x[start + i] / Math.Sqrt((sum / depth) + epsilon) * scale[i];
            }
        }

        return y;
    }

    private static CaseTensor Close(params int[] shape) => X(shape) with { Values = [.. X(shape).Values.Select(value => (double)(float)(value / 512))] };

    private static CaseTensor Small(int count) => Const([.. Enumerable.Range(1, count).Select(i => (double)(float)(i * 2e-5))]);
}
