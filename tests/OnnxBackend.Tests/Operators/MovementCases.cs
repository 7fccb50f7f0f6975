using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Operators that move elements, and those that change a shape.</summary>
internal static class MovementCases
{
    internal static IEnumerable<OperatorCase> All() =>
    [
        .. Shapes(), .. Slices(), .. Pads(), .. Splits(), .. Gathers(), .. Masks(), .. Blocks(),
    ];

    private static IEnumerable<OperatorCase> Shapes()
    {
        yield return Case("Transpose", X(2, 3, 4));
        yield return Case("Transpose", X(2, 3, 4), A("perm", new[] { 1, 2, 0 }));
        yield return Case("Transpose", X(2, 3, 4, 5), A("perm", new[] { 0, 2, 3, 1 }));
        foreach (int opset in new[] { 9, 11, 13, 17 })
        {
            CaseTensor x = X(1, 3, 1, 2);
            yield return Case("Squeeze", x) with { Opset = opset };
            foreach (int[] axes in (int[][])[[0], [2], [0, 2]])
            {
                yield return opset < 13 ? Case("Squeeze", x, A("axes", axes)) with { Opset = opset } : Case("Squeeze", [x, Ints(Array.ConvertAll(axes, axis => (double)axis))]) with { Opset = opset, Note = string.Join(",", axes) };
                yield return opset < 13 ? Case("Unsqueeze", X(3, 2), A("axes", axes)) with { Opset = opset } : Case("Unsqueeze", [X(3, 2), Ints(Array.ConvertAll(axes, axis => (double)axis))]) with { Opset = opset, Note = string.Join(",", axes) };
            }
        }

        yield return Case("Squeeze", [X(1, 3, 1, 2), Ints(-2)]);
        yield return Case("Squeeze", [X(1, 3, 1, 2), Ints(1)]) with { Refusal = "that is not 1" };
        yield return Case("Unsqueeze", [X(3, 2), Ints(-1)]);
        yield return Case("Unsqueeze", [X(3, 2), Ints(-1, 0)]);
        yield return Case("Unsqueeze", [X(3, 2), Ints(0, -4)]) with { Refusal = "names an axis twice" };
        yield return Case("Unsqueeze", [X(3, 2), Ints(3)]) with { Refusal = "has axis 3 on a tensor of 3 dimensions" };
        yield return Case("com.microsoft.ExpandDims", [X(3, 2), Const(OnnxElementType.Int32, [1])]);
        yield return Case("com.microsoft.ExpandDims", [X(3, 2), Const(OnnxElementType.Int32, [-1])]);

        foreach (double[] shape in (double[][])[[2, 12], [0, -1], [0, 0, 4], [4, 0, -1], [-1], [3, 2, 2, 2], [-1, 4], [1, -1, 4]])
        {
            yield return Case("Reshape", [X(2, 3, 4), Ints(shape)]) with { Note = string.Join(",", shape) };
        }

        yield return Case("Reshape", [X(2, 3, 4), Ints(0, -1)], A("allowzero", 0));
        yield return Case("Reshape", [X(2, 3, 4), Ints(6, 4)], A("allowzero", 1));
        yield return Case("Reshape", [X(2, 3, 4), Ints(-2, 12)]) with { Refusal = "asks for the shape [-2, 12]" };
        yield return Case("Reshape", [X(2, 3, 4), Ints(5, 5)]) with { Refusal = "Reshape" };
        yield return Case("Reshape", X(2, 3, 4)) with { Refusal = "is missing its shape" };
        yield return Case("Reshape", [X(2, 3, 4), X2(2)]) with { Refusal = "needs a constant as input" };
        yield return Case("Reshape", [X(2, 3, 4), Ints(0, -1)], A("allowzero", 1)) with { Refusal = "cannot turn the shape" };
        yield return Case("Reshape", [X(2, 3, 4), Ints(-1, -1)]) with { Refusal = "asks for the shape [-1, -1]" };
        yield return Case("Reshape", [X(2, 3, 4), Ints(5, -1)]) with { Refusal = "cannot turn the shape" };
        yield return Case("Reshape", [X(2, 3, 4), Ints(2, 3, 4, 0)]) with { Refusal = "keeps dimension 3, which its input does not have" };
        foreach (int axis in new[] { 0, 1, 2, 3, -1, -2, -3 })
        {
            yield return Case("Flatten", X(2, 3, 4), A("axis", axis)) with { Opset = 11 };
        }

        yield return Case("Flatten", X(2, 3, 4)) with { Opset = 7 };
        yield return Case("Flatten", X(2, 3, 4));
        yield return Case("Flatten", X(2, 3, 4), A("axis", 4)) with { Refusal = "has axis 4" };
        yield return Case("Identity", X(2, 3));
        yield return Case("Dropout", X(2, 3)) with { Outputs = ["y", "m"], Opset = 13 };
        yield return Case("Dropout", X(2, 3), A("ratio", 0.3)) with { Opset = 7 };
        yield return Case("Dropout", [X(2, 3), Scalar(0.3), Scalar(0, OnnxElementType.Bool)], A("seed", 3));
        yield return Case("Dropout", [X(2, 3), Scalar(0.3), Scalar(1, OnnxElementType.Bool)]) with { Refusal = "is in training mode" };

        yield return Case("Concat", [X(2, 3), X2(2, 3)], A("axis", 0));
        yield return Case("Concat", [X(2, 3), C(2, 1), X2(2, 4)], A("axis", 1));
        yield return Case("Concat", [X(2, 3), C(2, 1)], A("axis", -1));
        yield return Case("Concat", [X(2, 3, 4), C(2, 1, 4)], A("axis", -2));
        yield return Case("Concat", [X(3), Const([], 0)], A("axis", 0));

        yield return Case("Expand", [X(3, 1), Ints(2, 3, 4)]);
        yield return Case("Expand", [X(3, 4), Ints(1)]);
        yield return Case("Expand", [X(2, 3, 4), Ints(3, 1)]);
        yield return Case("Expand", [X(3, 1), Ints(2, 1, 4)]);
        yield return Case("Tile", [X(2, 3), Ints(2, 3)]);
        yield return Case("Tile", [X(2, 3), Ints(1, 1)]);
        yield return Case("Tile", [X(2, 3, 2), Ints(1, 2, 1)]);
        yield return Case("Tile", [X(2, 3), Ints(2)]) with { Refusal = "repeats" };
        yield return Case("Tile", [X(1, 2), Ints(255, 1)]);
        yield return Case("Tile", [X(1, 2), Ints(256, 1)]) with { Refusal = "repeats" };
        yield return Case("Tile", [X(2, 3), Ints(0, 1)]) with { Refusal = "repeats" };

        yield return Case("Where", [In(OnnxElementType.Bool, [1, 0, 1]), X(2, 3), X2(2, 3)]);
        yield return Case("Where", [In(OnnxElementType.Bool, [1, 0], 2, 1), X(3), C(2, 3)]);
        yield return Case("Where", [Const(OnnxElementType.Bool, [1, 0, 0, 1], 2, 2), X(2, 2), Scalar(-7)]);
        yield return Case("Where", [In(OnnxElementType.Bool, [1, 0, 1]), In([-7, 7, 5]), Const([5, -5, 3])]) with { Note = "then Div", GraphOutputs = ["z"], More = [("Constant", [], ["two"], [A("value", Const([2]))]), ("Div", ["y", "two"], ["z"], [])] };
        yield return Case("Slice", [X(2, 3), Ints(1), Ints(1)]) with { Note = "of nothing, then Neg", GraphOutputs = ["z"], More = [("Neg", ["y"], ["z"], [])], Refusal = "reads the tensor 'y', which is empty" };
        yield return Case("Where", [In(OnnxElementType.Bool, [1, 0, 1]), Const(OnnxElementType.Int64, [-7, 7, -9]), Const(OnnxElementType.Int64, [5, -5, 3])]) with { Note = "then Div", GraphOutputs = ["z"], More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int64, [2]))]), ("Div", ["y", "two"], ["z"], [])] };
    }

    private static IEnumerable<OperatorCase> Slices()
    {
        CaseTensor x = X(4, 5, 6);
        const double Most = long.MaxValue;
        const double Least = long.MinValue;
        foreach ((double[] starts, double[] ends, double[]? axes, double[]? steps) in new (double[], double[], double[]?, double[]?)[]
        {
            ([1], [3], null, null),
            ([1, 2], [3, 4], null, null),
            ([1, 0], [Most, -1], [2, 0], null),
            ([-3], [-1], [-1], null),
            ([0], [Most], [1], [2]),
            ([-1], [Least], [1], [-1]),
            ([4], [0], [1], [-2]),
            ([-1, 1], [-6, 100], [2, 0], [-2, 3]),
            ([-100], [3], [1], null),
            ([5], [-100], [1], [-3]),
            ([2], [3], [1], [5]),
            ([0], [int.MaxValue], [1], [50]),
            ([1], [int.MaxValue], [0], [1000]),
            ([0, 0, 0], [int.MaxValue, int.MaxValue, int.MaxValue], null, [1, 2, 3]),
            ([100], [1], [1], [-1]),
        })
        {
            CaseTensor[] inputs = [x, Ints(starts), Ints(ends), axes is null ? None : Ints(axes), steps is null ? None : Ints(steps)];
            string note = $"{string.Join(",", starts)}:{string.Join(",", ends)} axes {string.Join(",", axes ?? [])} steps {string.Join(",", steps ?? [])}";
            foreach (int opset in new[] { 10, 13 })
            {
                yield return Case("Slice", inputs) with { Opset = opset, Note = note };
            }
        }

        yield return Case("Slice", x, A("starts", new[] { 1, 2 }), A("ends", new[] { 3, 4 })) with { Opset = 9 };
        yield return Case("Slice", x, A("starts", new[] { 1, -2 }), A("ends", new[] { 3, int.MaxValue }), A("axes", new[] { 2, 0 })) with { Opset = 9 };
        yield return Case("Slice", [x, Ints(1), Ints(3), Ints(0), Ints(0)]) with { Refusal = "has a step of 0" };
        yield return Case("Slice", [x, Ints(1, 0), Ints(3, 2), Ints(1)]) with { Refusal = "has lists of different lengths" };
        yield return Case("Slice", [x, Ints(1, 0), Ints(3, 2), Ints(1, 0), Ints(1)]) with { Refusal = "has lists of different lengths" };
        yield return Case("Slice", x, A("ends", new[] { 3 })) with { Opset = 9, Refusal = "is missing its starts" };
        yield return Case("Slice", x, A("starts", new[] { 3 })) with { Opset = 9, Refusal = "is missing its ends" };
        yield return Case("Slice", [x, Ints(1, 2), Ints(3)]) with { Refusal = "has lists of different lengths" };
        yield return Case("Slice", [x, Ints(1), Ints(3), Ints(3)]) with { Refusal = "has axis 3 on a tensor of 3 dimensions" };
    }

    private static IEnumerable<OperatorCase> Pads()
    {
        CaseTensor x = X(2, 4, 5);
        foreach (int opset in new[] { 11, 13, 18 })
        {
            foreach (string? mode in new[] { null, "constant", "reflect", "edge" })
            {
                CaseAttribute[] attributes = mode is null ? [] : [A("mode", mode)];
                yield return Case("Pad", [x, Ints(0, 2, 1, 0, 3, 4)], attributes) with { Opset = opset };
                yield return Case("Pad", [x, Ints(0, 2, 1, 0, 3, 4), Scalar(1.5)], attributes) with { Opset = opset };
                yield return Case("Pad", [x, Ints(0, -1, 2, 0, 1, -2)], attributes) with { Opset = opset, Note = "negative" };
            }
        }

        foreach (OperatorCase test in Each(Case("Pad", x, A("pads", new[] { 1, 0, 2, 0, 1, 1 })) with { Opset = 9 }, A("value", -1.5)))
        {
            yield return test;
        }

        yield return Case("Pad", x, A("pads", new[] { 1, 0, 2, 0, 1, 1 }), A("mode", "edge")) with { Opset = 9 };
        yield return Case("Pad", x, A("pads", new[] { 1, 0, 2, 0, 1, 1 }), A("mode", "reflect")) with { Opset = 9 };
        yield return Case("Pad", [x, Ints(1, 2, 3, 4), Scalar(0.5), Ints(2, 0)]) with { Opset = 18 };
        yield return Case("Pad", [x, Ints(1, 2, 3, 4), None, Ints(-1, -2)]) with { Opset = 18 };
        yield return Case("Pad", [x, Ints(0, 3, 4, 0, 2, 5)], A("mode", "wrap")) with { Opset = 19 };
        yield return Case("Pad", [x, Ints(0, 0, 0, 0, -4, 0)]) with { Refusal = "crops more elements than there are" };
        yield return Case("Pad", [x, Ints(0, 0, 0, 0, -3, 0)]);
        yield return Case("Pad", [x, Ints(0, -1, 0, 0, -2, 0), Scalar(9)]);
        yield return Case("Pad", [x, Ints(0, -2, 0, 0, -2, 0)]) with { Refusal = "crops more elements than there are" };
        yield return Case("Pad", [x, Ints(0, 3, 4, 0, 3, 4)], A("mode", "reflect")) with { Note = "as far as the axis goes" };
        yield return Case("Pad", [x, Ints(1, 0), Scalar(9), Ints(1)]) with { Opset = 18, Note = "one axis" };
        yield return Case("Pad", x) with { Refusal = "is missing its pads" };
        yield return Case("Pad", [x, Ints(1.0 + int.MaxValue, 0, 0, 0, 0, 0)]) with { Refusal = "for 3 axes" };
        yield return Case("Pad", [x, Ints(-2.0 * int.MaxValue, 0, 0, 0, 0, 0)]) with { Refusal = "for 3 axes" };
        yield return Case("Pad", [x, Ints(0, 0, 0, 0, 4)]) with { Refusal = "for 3 axes" };
        yield return Case("Pad", [x, Ints(0, 0, 0, 0, 0, 1)], A("mode", "mirror")) with { Refusal = "has the unknown mode 'mirror'" };
    }

    private static IEnumerable<OperatorCase> Splits()
    {
        CaseTensor x = X(2, 6, 3);
        foreach (int opset in new[] { 9, 11 })
        {
            yield return Case("Split", x) with { Outputs = ["a", "b"], Opset = opset };
            yield return Case("Split", x, A("axis", 1)) with { Outputs = ["a", "b", "c"], Opset = opset };
            yield return Case("Split", x, A("axis", 1), A("split", new[] { 1, 3, 2 })) with { Outputs = ["a", "b", "c"], Opset = opset };
        }

        yield return Case("Split", x) with { Outputs = ["a", "b"], Opset = 13 };
        yield return Case("Split", x, A("axis", 1)) with { Outputs = ["a", "b", "c"], Opset = 13 };
        yield return Case("Split", x, A("axis", -1)) with { Outputs = ["a", "b", "c"], Opset = 13 };
        yield return Case("Split", [x, Ints(1, 3, 2)], A("axis", 1)) with { Outputs = ["a", "b", "c"], Opset = 13 };
        yield return Case("Split", [x, Ints(1, 3, 2)], A("axis", -2)) with { Outputs = ["a", "b", "c"], GraphOutputs = ["c"], Opset = 13 };
        yield return Case("Split", X(2, 7), A("axis", 1), A("num_outputs", 3)) with { Outputs = ["a", "b", "c"], Opset = 18, Note = "uneven" };
        yield return Case("Split", X(2, 8), A("axis", 1), A("num_outputs", 2)) with { Outputs = ["a", "b"], Opset = 18 };
        yield return Case("Split", [X(2, 7), Ints(3, 4)], A("axis", 1)) with { Outputs = ["a", "b"], Opset = 18 };
        yield return Case("Split", X(2, 5), A("axis", 1), A("num_outputs", 4)) with { Outputs = ["a", "b", "c", "d"], Opset = 18, Refusal = "splits 5 elements into [2, 2, 1, -1]" };
        yield return Case("Split", X(2, 8), A("axis", 1), A("num_outputs", 4)) with { Outputs = ["a", "b", "c", "d"], Opset = 18 };
        yield return Case("Split", [X(2, 6), Ints(0, 6)], A("axis", 1)) with { Outputs = ["a", "b"], GraphOutputs = ["b"], Opset = 13, Note = "nothing and all" };
        yield return Case("Split", [X(2, 6), Ints(0, 6)], A("axis", 1)) with { Outputs = ["a", "b"], GraphOutputs = ["a"], Opset = 13, Refusal = "the output 'a' is empty" };
        yield return Case("Split", [x, Ints(6)], A("axis", 1)) with { Outputs = ["a", "b"], Refusal = "splits 6 elements into [6]" };
        yield return Case("Split", [x, Ints(2, 2, 3)], A("axis", 1)) with { Outputs = ["a", "b", "c"], Refusal = "splits 6 elements into [2, 2, 3]" };
        yield return Case("Split", x, A("axis", 3)) with { Outputs = ["a", "b"], Refusal = "has axis 3" };
        yield return Case("Split", [x, Ints(1, 3)], A("axis", 1)) with { Outputs = ["a", "b"], Refusal = "splits 6 elements into [1, 3]" };
        yield return Case("Split", [x, Ints(7, -1)], A("axis", 1)) with { Outputs = ["a", "b"], Refusal = "splits 6 elements into [7, -1]" };
    }

    private static IEnumerable<OperatorCase> Gathers()
    {
        CaseTensor x = X(3, 4, 5);
        yield return Case("Gather", [x, Ints(0, 2, 1)]);
        yield return Case("Gather", [x, Ints(0, 3, -1, 1)], A("axis", 1));
        yield return Case("Gather", [x, Ints(4, -5)], A("axis", -1));
        yield return Case("Gather", [x, Scalar(2, OnnxElementType.Int64)], A("axis", 1));
        yield return Case("Gather", [x, Const(OnnxElementType.Int64, [0, 1, 2, 3], 2, 2)], A("axis", 1));
        yield return Case("Gather", [x, In(OnnxElementType.Int64, [1, -1, 0])]);
        yield return Case("Gather", [C(6, 2), In(OnnxElementType.Int64, [1, 5, -6, -1], 2, 2)]);
        yield return Case("GatherElements", [X(3, 3), Const(OnnxElementType.Int64, [1, 2, 0, 2, 0, 0, 1, 1, 2, 0, 0, 0], 4, 3)]) with { Note = "more than there are" };
        yield return Case("GatherElements", [X(3, 3), Const(OnnxElementType.Int64, [1, 2, 0, 1], 1, 4)]) with { Refusal = "takes elements of" };
        yield return Case("GatherElements", [X(3, 3), Const(OnnxElementType.Int64, [-4], 1, 1)]) with { Refusal = "has axis -4" };
        yield return Case("Gather", [x, Ints(0)], A("axis", 3)) with { Refusal = "has axis 3 on a tensor of 3 dimensions" };
        yield return Case("GatherElements", [X(3, 3), Const(OnnxElementType.Int64, [1, 2, 0, 2, 0, 0], 2, 3)]);
        yield return Case("GatherElements", [X(3, 3), Const(OnnxElementType.Int64, [1, -1, 0, 2, 0, -3], 3, 2)], A("axis", 1));
        yield return Case("GatherElements", [X(2, 3, 4), Const(OnnxElementType.Int64, [1, 0, -1, 0, 1, 1], 2, 3, 1)], A("axis", 0));
        yield return Case("GatherElements", [X(2, 3, 4), Const(OnnxElementType.Int64, [1, 0, -1, 2], 2, 1, 2)], A("axis", -2));
        yield return Case("GatherElements", [X(2, 3), Const(OnnxElementType.Int64, [1, 0, 0, 1, 0, 1], 3, 2)], A("axis", 1)) with { Refusal = "takes elements of" };
        yield return Case("GatherElements", [X(2, 3), Const(OnnxElementType.Int64, [3], 1, 1)], A("axis", 1)) with { Refusal = "has axis 3" };
        yield return Case("GatherElements", [X(3, 3), In(OnnxElementType.Int64, [1, 2, 0], 1, 3)]) with { Refusal = "needs a constant as input" };
    }

    private static IEnumerable<OperatorCase> Masks()
    {
        foreach (double? k in new double?[] { null, -1, 0, 1, 2, 9, -9 })
        {
            CaseTensor[] inputs = k is null ? [X(2, 3, 4)] : [X(2, 3, 4), Scalar(k.Value, OnnxElementType.Int64)];
            foreach (OperatorCase test in Each(Case("Trilu", inputs) with { Note = $"k={k}" }, A("upper", 0)))
            {
                yield return test;
            }

            yield return Case("Trilu", inputs, A("upper", 1)) with { Note = $"k={k}" };
        }

        foreach (int axis in new[] { 0, 1, -1, -3 })
        {
            foreach (OperatorCase test in Each(Case("CumSum", [X(3, 4, 2), Scalar(axis, OnnxElementType.Int32)]) with { Note = $"axis={axis}" }, A("exclusive", 1), A("reverse", 1)))
            {
                yield return test;
            }
        }

        yield return Case("CumSum", [X(1, 1024), Scalar(1, OnnxElementType.Int32)]) with { Tolerance = 1e-4 };
        yield return Case("CumSum", [X(1, 1025), Scalar(1, OnnxElementType.Int32)]) with { Tolerance = 1e-4 };
        foreach (OperatorCase test in Each(Case("CumSum", [X(2, 1030, 2), Scalar(1, OnnxElementType.Int32)]) with { Note = "long", Tolerance = 1e-4 }, A("exclusive", 1), A("reverse", 1)))
        {
            yield return test;
        }

        foreach (int opset in new[] { 9, 11, 13 })
        {
            foreach (OperatorCase test in Each(Case("OneHot", [In(OnnxElementType.Int64, [0, 3, -1, 2, -4, 1], 2, 3), Scalar(4, OnnxElementType.Int64), Const([-0.5, 2])]) with { Opset = opset }, A("axis", 1)))
            {
                yield return test;
            }
        }

        yield return Case("OneHot", [In(OnnxElementType.Int64, [0]), Scalar(0, OnnxElementType.Int64), Const([0, 1])]) with { Refusal = "has a depth of 0" };
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0]), Scalar((1 << 20) + 1, OnnxElementType.Int64), Const([0, 1])]) with { Refusal = "has a depth of 1048577" };
        yield return Case("OneHot", [In(OnnxElementType.Int64, [7]), Scalar(1 << 20, OnnxElementType.Int64), Const([0, 1])]);
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0]), Scalar(4, OnnxElementType.Int64), Const([1])]) with { Refusal = "and 1 values" };
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0]), Scalar(4, OnnxElementType.Int64), Const([0, 1])], A("axis", 2)) with { Refusal = "has axis 2 on a tensor of 2 dimensions" };
        yield return Case("Trilu", X(4)) with { Refusal = "takes a triangle of [4], which is not a matrix" };
        yield return Case("Trilu", X(2, 2));
        yield return Case("Trilu", [X(4, 3), Scalar(-1, OnnxElementType.Int64)], A("upper", 0));
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0, 0, -1]), Scalar(1, OnnxElementType.Int64), Const([0, 1])]);
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0]), Scalar(4, OnnxElementType.Int64), Const([0, 1, 2])]) with { Refusal = "and 3 values" };
        yield return Case("OneHot", [In(OnnxElementType.Int64, [0, 3, 7, -5]), Const(OnnxElementType.Int64, [4]), Const([0, 1])], A("axis", 0)) with { Note = "beyond" };
        yield return Case("OneHot", [In([0, 3, 2]), Scalar(4), Const([3, 9])], A("axis", -2));

        CaseTensor ties = In([3, 1, 3, 2, 5, -1, 2, 2, 2, 0, 1, 1], 2, 6);
        foreach (OperatorCase test in Each(Case("TopK", [ties, Ints(3)]) with { Outputs = ["v", "i"], Opset = 11 }, A("axis", 1), A("largest", 0)))
        {
            if (test.Attributes.Any(attribute => attribute.Name == "axis") || test.Attributes.Length <= 1)
            {
                yield return test;
            }
        }

        yield return Case("TopK", [ties, Ints(2)], A("axis", 0), A("sorted", 1)) with { Outputs = ["v", "i"] };
        yield return Case("TopK", [X(3, 4, 2), Ints(4)], A("axis", 1)) with { Outputs = ["v", "i"] };
        yield return Case("TopK", ties, A("k", 3)) with { Outputs = ["v", "i"], Opset = 9 };
        yield return Case("TopK", [ties, Ints(3)]) with { Outputs = ["v", "i"], Opset = 10 };
        yield return Case("TopK", [ties, Ints(3)]) with { Outputs = ["v", "i"], GraphOutputs = ["i"] };
        yield return Case("TopK", [ties, Ints(6)]) with { Outputs = ["v", "i"] };
        yield return Case("TopK", [ties, Ints(1)], A("largest", 1)) with { Outputs = ["v", "i"] };
        yield return Case("TopK", [ties, Ints(0)]) with { Outputs = ["v", "i"], Refusal = "asks for 0 of 6 elements" };
        yield return Case("TopK", ties) with { Outputs = ["v", "i"], Opset = 9, Refusal = "is missing the attribute 'k'" };
        yield return Case("TopK", [ties, Ints(7)]) with { Outputs = ["v", "i"], Refusal = "asks for 7 of 6 elements" };
        yield return Case("TopK", [X(1, 64), Ints(64)]) with { Outputs = ["v", "i"] };
        yield return Case("TopK", [X(1, 80), Ints(65)]) with { Outputs = ["v", "i"], Refusal = "asks for 65 of 80 elements; at most 64 are supported" };
    }

    private static IEnumerable<OperatorCase> Blocks()
    {
        yield return Case("DepthToSpace", X(1, 8, 2), A("blocksize", 2)) with { Refusal = "moves blocks of 2 in [1, 8, 2]" };
        yield return Case("SpaceToDepth", X(1, 2, 4, 4), A("blocksize", 0)) with { Refusal = "moves blocks of 0 in" };
        yield return Case("DepthToSpace", X(1, 8, 2, 3)) with { Refusal = "is missing the attribute 'blocksize'" };
        yield return Case("DepthToSpace", X(1, 6, 2, 3), A("blocksize", 2)) with { Refusal = "DepthToSpace" };
        yield return Case("SpaceToDepth", X(1, 2, 5, 4), A("blocksize", 2)) with { Refusal = "SpaceToDepth" };
        yield return Case("DepthToSpace", X(1, 2, 2, 3), A("blocksize", 1));
        yield return Case("DepthToSpace", X(1, 9, 2, 3), A("blocksize", 3), A("mode", "CRD")) with { Opset = 11 };
        yield return Case("SpaceToDepth", X(2, 3, 2, 4), A("blocksize", 2)) with { Opset = 9 };
        yield return Case("DepthToSpace", X(1, 8, 2, 3), A("blocksize", 2)) with { Opset = 9 };
        yield return Case("DepthToSpace", X(2, 8, 2, 3), A("blocksize", 2)) with { Opset = 13 };
        yield return Case("DepthToSpace", X(1, 8, 2, 3), A("blocksize", 2), A("mode", "DCR")) with { Opset = 13 };
        yield return Case("DepthToSpace", X(1, 8, 2, 3), A("blocksize", 2), A("mode", "CRD")) with { Opset = 13 };
        yield return Case("SpaceToDepth", X(2, 2, 4, 6), A("blocksize", 2));
        yield return Case("SpaceToDepth", X(1, 2, 3, 6), A("blocksize", 3));
    }
}
