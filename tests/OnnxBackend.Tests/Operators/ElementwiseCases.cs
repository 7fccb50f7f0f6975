using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Operators element by element: broadcasting either way, ties, halves, signs of zero, truths and integers.</summary>
internal static class ElementwiseCases
{
    private static readonly double[] edges = [-2.5, -1.5, -1, -0.5, -0.0, 0.0, 0.25, 0.5, 1, 1.5, 2.5, 3];

    internal static IEnumerable<OperatorCase> All() =>
    [
        .. new[] { "Add", "Sub", "Mul", "Div" }.SelectMany(Arithmetic),
        .. new[] { "Less", "Greater" }.SelectMany(Comparison).In(9, 17),
        .. Comparison("Equal").In(11, 17),
        .. new[] { "LessOrEqual", "GreaterOrEqual" }.SelectMany(Comparison).In(12, 17),
        .. new[] { "And", "Or", "Xor" }.Select(type => Case(type, [Truths([0, 0, 1, 1]), Truths([0, 1, 0, 1])])),
        Case("Not", Truths([0, 1, 1, 0])),
        .. new[] { "Min", "Max", "Sum", "Mean" }.SelectMany(Fold),
        .. Pow(),
        .. Mod(),
        .. Unary(),
        .. Clip(),
        .. Cast(),
    ];

    private static CaseTensor Truths(double[] values) => In(OnnxElementType.Bool, values);

    private static IEnumerable<OperatorCase> Arithmetic(string type)
    {
        yield return Case(type, [X(2, 3, 4), Positive(2, 3, 4)]);
        yield return Case(type, [X(2, 3, 4), Positive(4)]);
        yield return Case(type, [X(2, 3, 4), Positive(3, 1)]);
        yield return Case(type, [X(3, 1), X2(2, 1, 4) with { Values = [.. Positive(2, 1, 4).Values] }]);
        yield return Case(type, [Positive(2, 3), X(2, 3) with { Values = Positive(2, 3).Values }]);
        yield return Case(type, [Scalar(2.5), X(2, 3) with { Values = [.. Positive(2, 3).Values] }]);
        yield return Case(type, [In(OnnxElementType.Int64, [-7, 7, -8, 9, 1, 0]), In(OnnxElementType.Int64, [2, 2, 3, -4, 3, 5])]);
        yield return Case(type, [In(OnnxElementType.Int32, [-7, 7, -8, 9]), Const(OnnxElementType.Int32, [2])]);
    }

    private static IEnumerable<OperatorCase> Comparison(string type)
    {
        yield return Case(type, [In([1, 2, 3, -0.0, 0.5, double.NaN]), In([1, 3, 2, 0.0, 0.5, 0.5])]);
        yield return Case(type, [In([1, 2, 3, -0.0, 0.5]), Const([2])]);
        yield return Case(type, [Const([2, 3, 4], 3, 1), In([1, 2, 3, 4])]);
        yield return Case(type, [In(OnnxElementType.Int64, [1, 2, 3]), In(OnnxElementType.Int64, [3, 2, 1])]);
    }

    private static IEnumerable<OperatorCase> Fold(string type)
    {
        yield return Case(type, [X(2, 3), X2(2, 3)]);
        yield return Case(type, [X(2, 3)]);
        yield return Case(type, [X(2, 3), X2(3), C(2, 1)]);
        yield return Case(type, [C(2, 3), X2(3), X(2, 1), C(1)]);
    }

    private static IEnumerable<OperatorCase> Pow()
    {
        double[] bases = [-3, -2, -0.5, -0.0, 0, 0.5, 2, 3];
        yield return Case("Pow", [In(bases), Const([2])]);
        yield return Case("Pow", [In(bases), Const([3])]);
        yield return Case("Pow", [In(bases), Const([0])]);
        yield return Case("Pow", [In([0.25, 1, 2, 9]), Const([0.5])]);
        yield return Case("Pow", [In([0.25, 1, 2, 9]), In([-1, 2.5, 0.3, -0.5])]);
        yield return Case("Pow", [Const([2]), In([-1, 0, 2.5, 3])]);
        yield return Case("Pow", [In(OnnxElementType.Int64, [2, 3, -2, 5]), Const(OnnxElementType.Int64, [3])]);
        yield return Case("Pow", [In(OnnxElementType.Int32, [2, 3, 7, 5]), Const([0.5])]);
        yield return Case("Pow", [In([0.5, 1.5, -2.5]), Const(OnnxElementType.Int64, [2])]);
        yield return Case("Pow", [In([0.5, 1.5, -2.5]), Const(OnnxElementType.Int64, [-1])]);
        foreach (string type in new[] { "Add", "Sub", "Mul", "Div", "Less", "Greater", "Equal", "And", "Or", "Xor" })
        {
            yield return Case(type, [X(2, 3), C(3)], A("broadcast", 1)) with { Opset = 6, Refusal = "broadcasts as in opsets before 7" };
        }

        foreach (string type in new[] { "Add", "Mul", "Less", "Equal", "Pow", "Max", "Where" })
        {
            CaseTensor[] condition = type == "Where" ? [In(OnnxElementType.Bool, [1])] : [];
            yield return Case(type, [.. condition, X(2, 3), C(2)]) with { Refusal = type };
        }
    }

    private static IEnumerable<OperatorCase> Mod()
    {
        double[] a = [-7, 7, -7, 7, 6, -6, 5];
        double[] b = [3, 3, -3, -3, 3, 3, 7];
        yield return Case("Mod", [In(OnnxElementType.Int64, a), In(OnnxElementType.Int64, b)]);
        yield return Case("Mod", [In(OnnxElementType.Int32, a), Const(OnnxElementType.Int32, [4])], A("fmod", 0));
        yield return Case("Mod", [In(OnnxElementType.Int64, a), In(OnnxElementType.Int64, b)], A("fmod", 1));
        yield return Case("Mod", [In([-7.5, 7.5, -4.25, 4.25, 6]), In([2, -2, 1.5, -1.5, 3])], A("fmod", 1));
    }

    private static IEnumerable<OperatorCase> Unary()
    {
        foreach (string type in new[] { "Abs", "Neg", "Exp", "Floor", "Ceil", "Round", "Sign", "Erf", "Sin", "Cos", "Tan", "Atan", "Sinh", "Cosh", "Asinh" })
        {
            yield return Case(type, In(edges));
            yield return Case(type, X(2, 3, 5));
        }

        foreach (string type in new[] { "Log", "Sqrt", "Reciprocal" })
        {
            yield return Case(type, In([0.001, 0.25, 0.5, 1, 2, 3.75, 1000]));
        }

        foreach (string type in new[] { "Asin", "Acos", "Atanh" })
        {
            yield return Case(type, In([-0.99, -0.5, -0.0, 0, 0.25, 0.75, 0.99]));
        }

        yield return Case("Acosh", In([1, 1.5, 2, 10]));
        yield return Case("Abs", In(OnnxElementType.Int64, [-3, 0, 4]));
        yield return Case("Neg", In(OnnxElementType.Int32, [-3, 0, 4]));
        yield return Case("Sign", In(OnnxElementType.Int64, [-3, 0, 4]));
        double[] wild = [double.NaN, double.NegativeInfinity, double.PositiveInfinity, 0, -1, 2];
        yield return Case("IsNaN", In(wild));
        foreach (OperatorCase test in Each(Case("IsInf", In(wild)), A("detect_negative", 0), A("detect_positive", 0)))
        {
            yield return test;
        }

        yield return Case("IsInf", In(wild), A("detect_negative", 1), A("detect_positive", 0));
    }

    private static IEnumerable<OperatorCase> Clip()
    {
        foreach (int opset in new[] { 7, 10 })
        {
            foreach (OperatorCase test in Each(Case("Clip", In(edges)) with { Opset = opset }, A("min", -0.75), A("max", 1.5)))
            {
                yield return test;
            }

            yield return Case("Clip", In([-1, 0, 5.5, 6, 7]), A("min", 0.0), A("max", 6.0)) with { Opset = opset };
        }

        CaseTensor low = Scalar(-0.75);
        CaseTensor high = Scalar(1.5);
        // From opset 11 on these are no attributes.
        yield return Case("Clip", In(edges), A("min", -0.75)) with { Opset = 11, Refusal = "has the attribute 'min', which is not supported in opset 11" };
        yield return Case("Clip", In(edges), A("max", 1.5)) with { Opset = 11, Refusal = "has the attribute 'max', which is not supported in opset 11" };
        yield return Case("Clip", [In(edges), Scalar(0), Scalar(float.MaxValue)]);
        yield return Case("Clip", [In([-1, 0, 5.5, 6, 7]), Scalar(0), Scalar(6.5)]);
        yield return Case("Clip", [In([-1, 0, 0.5, 5.5, 6, 7]), Scalar(0.25), Scalar(6)]);
        yield return Case("Clip", [In([-1, 0, 0.5, 5.5, 6, 7]), Const([0.25]), Const([6])]) with { Peer = Case("Clip", [In([-1, 0, 0.5, 5.5, 6, 7]), Scalar(0.25), Scalar(6)]) };
        foreach (int opset in new[] { 11, 13 })
        {
            yield return Case("Clip", [In(edges), low, high]) with { Opset = opset };
            yield return Case("Clip", [In(edges), low]) with { Opset = opset };
            yield return Case("Clip", [In(edges), None, high]) with { Opset = opset };
            yield return Case("Clip", In(edges)) with { Opset = opset };
            yield return Case("Clip", [In(edges), Scalar(0), high]) with { Opset = opset };
            yield return Case("Clip", [In(edges), Scalar(0)]) with { Opset = opset };
            yield return Case("Clip", [In([-1, 0, 5.5, 6, 7]), Scalar(0), Scalar(6)]) with { Opset = opset };
            yield return Case("Clip", [In([-1, 0, 5.5, 6, 7]), Scalar(-6), Scalar(6)]) with { Opset = opset };
        }

        CaseTensor openLow = new(OnnxElementType.Float32, [], [-0.75], false);
        CaseTensor openHigh = new(OnnxElementType.Float32, [], [1.5], false);
        yield return Case("Clip", [In(edges), openLow, openHigh]);
        yield return Case("Clip", [In(edges), openLow, high]);
        yield return Case("Clip", [In(edges), low, openHigh]);
        yield return Case("Clip", [In(edges), None, openHigh]);
        yield return Case("Clip", [In(edges), openLow]);
    }

    // Integers are divided without a remainder: that shows which type the importer took a result for.
    private static OperatorCase Halved(OperatorCase test) => test with
    {
        Note = test.Note + "then Div", GraphOutputs = ["z"], More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int64, [2]))]), ("Div", ["y", "two"], ["z"], [])],
    };

    private static IEnumerable<OperatorCase> Cast()
    {
        foreach (int opset in new[] { 9, 13, 19 })
        {
            yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Int32)) with { Opset = opset };
            yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Int64)) with { Opset = opset };
            yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Bool)) with { Opset = opset };
            yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Float64)) with { Opset = opset };
        }

        yield return Case("Cast", In(OnnxElementType.Int64, [-2, 0, 3]), A("to", (int)OnnxElementType.Float32));
        yield return Case("Cast", In(OnnxElementType.Int64, [-2, 0, 3]), A("to", (int)OnnxElementType.Bool));
        yield return Case("Cast", In(OnnxElementType.Bool, [1, 0, 1]), A("to", (int)OnnxElementType.Float32));
        yield return Case("Cast", In(OnnxElementType.Float64, edges), A("to", (int)OnnxElementType.Int32));
        yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Text)) with { Refusal = "converts text" };
        yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Float8E4M3FN)) with { Opset = 19, Refusal = "which is not supported" };
        yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Float32), A("saturate", 1)) with { Opset = 19 };
        yield return Case("Cast", In(edges), A("to", (int)OnnxElementType.Float16));
        yield return Case("Cast", In(edges), A("to", 0)) with { Refusal = "which is not supported" };
        yield return Case("Cast", In(OnnxElementType.Bool, [1, 0]), A("to", (int)OnnxElementType.Bool));
        yield return Case("Cast", In([-0.0, 0.0, 0.25, -0.25, double.NaN]), A("to", (int)OnnxElementType.Bool));
        yield return Case("CastLike", [In(edges), Const(OnnxElementType.Int32, [1])]);
        yield return Case("CastLike", [In(OnnxElementType.Int64, [-2, 0, 3]), Const([1])]);
        yield return Case("CastLike", [In(edges), Const(OnnxElementType.Bool, [1])]);

        yield return Halved(Case("Add", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [0])]));
        yield return Halved(Case("ArgMax", X(4, 3), A("axis", 0), A("keepdims", 0)));
        yield return Halved(Case("ArgMin", X(4, 3), A("axis", 1), A("keepdims", 0)));
        yield return Halved(Case("Where", [In(OnnxElementType.Bool, [1, 0, 1]), In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [5])]));
        yield return Halved(Case("Sub", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [0])]));
        yield return Halved(Case("Pow", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [1])]));
        yield return Halved(Case("Abs", In(OnnxElementType.Int64, [-7, 4, 9])));
        yield return Halved(Case("Squeeze", [In(OnnxElementType.Int64, [-7, 4, 9], 1, 3), Ints(0)]));
        yield return Halved(Case("Unsqueeze", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(0)]));
        yield return Halved(Case("Identity", In(OnnxElementType.Int64, [-7, 4, 9])));
        yield return Halved(Case("Flatten", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2)));
        yield return Halved(Case("GatherElements", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(2, 0)]));
        yield return Halved(Case("ReduceProd", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2), A("axes", new[] { 1 })));
        yield return Halved(Case("ReduceMin", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2), A("axes", new[] { 1 })));
        yield return Halved(Case("ReduceSumSquare", In(OnnxElementType.Int64, [-7, 4, 9, 2], 2, 2), A("axes", new[] { 1 })));
        yield return Halved(Case("Min", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [5])]));
        yield return Halved(Case("Mul", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [1])]));
        yield return Halved(Case("Div", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [1])]));
        yield return Halved(Case("Split", In(OnnxElementType.Int64, [-7, 4, 9, 1])) with { Outputs = ["v", "y"], Opset = 13 });
        yield return Halved(Case("MatMulInteger", [In(OnnxElementType.UInt8, [7, 4, 9, 1], 2, 2), Const(OnnxElementType.UInt8, [1, 3], 2, 1)])) with { More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int32, [2]))]), ("Div", ["y", "two"], ["z"], [])] };
        yield return Halved(Case("Neg", In(OnnxElementType.Int64, [-7, 4, 9])));
        yield return Halved(Case("Max", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [-3])]));
        yield return Halved(Case("Gather", [Const(OnnxElementType.Int64, [7, 3, 5]), In(OnnxElementType.Int64, [0, 2, 1])]));
        yield return Halved(Case("Concat", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [5])], A("axis", 0)));
        yield return Halved(Case("Transpose", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2)));
        yield return Halved(Case("Reshape", [In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2), Ints(-1)]));
        yield return Halved(Case("ReduceSum", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2), A("keepdims", 0)));
        yield return Halved(Case("ReduceMax", In(OnnxElementType.Int64, [-7, 4, 9, 1], 2, 2)));
        yield return Halved(Case("OneHot", [In(OnnxElementType.Int64, [0, 1]), Scalar(2, OnnxElementType.Int64), Const(OnnxElementType.Int64, [3, 5])]));
        yield return Halved(Case("TopK", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(2)]) with { Outputs = ["y", "i"] });
        yield return Halved(Case("TopK", [In([-7, 4, 9]), Ints(2)]) with { Outputs = ["v", "y"] });
        yield return Halved(Case("Mod", [In(OnnxElementType.Int64, [-7, 4, 9]), Const(OnnxElementType.Int64, [6])]));
        yield return Halved(Case("Clip", [In(OnnxElementType.Int64, [-7, 4, 9]), Scalar(-5, OnnxElementType.Int64), Scalar(7, OnnxElementType.Int64)]));
        yield return Halved(Case("Pad", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(1, 0), Scalar(3, OnnxElementType.Int64)]));
        yield return Halved(Case("Slice", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(0), Ints(2)]));
        yield return Halved(Case("Expand", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(2, 1)]));
        yield return Halved(Case("Tile", [In(OnnxElementType.Int64, [-7, 4, 9]), Ints(2)]));
        yield return Halved(Case("CumSum", [In(OnnxElementType.Int64, [-7, 4, 9]), Scalar(0, OnnxElementType.Int32)]));
        yield return Halved(Case("Trilu", In(OnnxElementType.Int64, [-7, 5, 9, 1], 2, 2)));

        // What a Div after it does shows which type the importer took.
        yield return Case("Cast", In([-7.5, 7.5, 9]), A("to", (int)OnnxElementType.Int32)) with { Note = "then Div", GraphOutputs = ["z"], More = [("Div", ["y", "y2"], ["z"], []), ("Constant", [], ["y2"], [A("value", Const(OnnxElementType.Int32, [2]))])] };
        yield return Case("Cast", In(OnnxElementType.Int32, [-7, 7, 9]), A("to", (int)OnnxElementType.Float32)) with { Note = "then Div", GraphOutputs = ["z"], More = [("Div", ["y", "y2"], ["z"], []), ("Constant", [], ["y2"], [A("value", Const([2]))])] };
    }
}
