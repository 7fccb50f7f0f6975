using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Constants, shapes, branches and loops. A sum with the model's input makes of them a model.</summary>
internal static class ControlCases
{
    internal static IEnumerable<OperatorCase> All() => [.. Constants(), .. Shape(), .. Range(), .. If(), .. Loop(), .. Scan()];

    // The node's constant times the input, whose one element is 1.
    private static OperatorCase Then(OperatorCase test, bool cast = false) => test with
    {
        Note = test.Note + (cast ? " cast" : ""),
        GraphOutputs = ["z"],
        More = cast
            ? [("Cast", ["y"], ["f"], [A("to", 1)]), ("Mul", ["f", "x9"], ["z"], [])]
            : [("Mul", ["y", "x9"], ["z"], [])],
    };

    private static OperatorCase Alone(string type, CaseTensor[] inputs, bool cast, params CaseAttribute[] attributes)
    {
        CaseTensor[] padded = [.. inputs, .. Enumerable.Repeat(None, 9 - inputs.Length), In([1.0], 1)];
        return Then(new OperatorCase(type, padded) { Attributes = attributes, OwnInputs = inputs.Length }, cast);
    }

    private static IEnumerable<OperatorCase> Constants()
    {
        yield return Alone("Constant", [], false, A("value", C(2, 3)));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Int64, [-3, 70000, 5])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Int8, [-128, 127, 0])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.UInt8, [0, 255, 128])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Int16, [-32768, 32767, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.UInt16, [0, 65535, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Int32, [-70000, 70000, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.UInt32, [0, 3000000000, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Bool, [0, 1, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Float64, [0.1, -2.5e10, 1])));
        yield return Alone("Constant", [], true, A("value", Const(OnnxElementType.Float16, [0.1, -2.5, 65504, 6e-8])));
        yield return Alone("Constant", [], false, A("value_float", 2.5));
        yield return Alone("Constant", [], true, A("value_int", -7));
        yield return Alone("Constant", [], false, A("value_floats", new[] { 1.5f, -2f }));
        yield return Alone("Constant", [], true, A("value_ints", new[] { 3, -4 }));
        foreach (OperatorCase test in (OperatorCase[])[Alone("Constant", [], false, A("value_int", -7)), Alone("Constant", [], false, A("value_ints", new[] { 3, -5 })), Alone("Constant", [], false, A("value_float", 2.5)), Alone("Constant", [], false, A("value_floats", new[] { 2.5f, -7f }))])
        {
            yield return Halved(test, ((string)test.Attributes[0].Name).StartsWith("value_int", StringComparison.Ordinal) ? OnnxElementType.Int64 : OnnxElementType.Float32);
        }

        yield return Halved(Alone("ConstantOfShape", [Ints(2, 1)], false, A("value", Const(OnnxElementType.Int64, [-3]))), OnnxElementType.Int64);
        yield return Halved(Alone("ConstantOfShape", [Ints(2, 1)], false, A("value", Const([-3]))), OnnxElementType.Float32);
        yield return Halved(Alone("Range", [Scalar(-3, OnnxElementType.Int64), Scalar(9, OnnxElementType.Int64), Scalar(3, OnnxElementType.Int64)], false), OnnxElementType.Int64);
        yield return Halved(Alone("Range", [Scalar(-3), Scalar(9), Scalar(3)], false), OnnxElementType.Float32);
        yield return Alone("Constant", [], false, A("value_string", "text")) with { Refusal = "holds a constant of an unsupported kind" };
        yield return Alone("ConstantOfShape", [Ints(2, 3)], false, A("value", Const([2.5, 1]))) with { Refusal = "repeats a value of more than one number" };
        yield return Alone("ConstantOfShape", [Ints(2, 0)], false) with { Refusal = "which is empty" };
        yield return Alone("ConstantOfShape", [Ints(2, 3)], false);
        yield return Alone("ConstantOfShape", [Ints(2, 3)], false, A("value", Const([2.5])));
        yield return Alone("ConstantOfShape", [Ints(2, 1)], true, A("value", Const(OnnxElementType.Int64, [-3])));
    }

    // Integers are divided without a remainder: that shows which type the importer took a constant for.
    private static OperatorCase Halved(OperatorCase test, OnnxElementType type) => test with
    {
        Note = test.Note + " then Div", GraphOutputs = ["z"],
        More = [("Constant", [], ["two"], [A("value", Const(type, [2]))]), ("Div", ["y", "two"], ["h"], []), ("Cast", ["h"], ["f"], [A("to", 1)]), ("Mul", ["f", "x9"], ["z"], [])],
    };

    private static IEnumerable<OperatorCase> Shape()
    {
        CaseTensor x = X(2, 3, 4, 5);
        foreach (OperatorCase test in Each(Alone("Shape", [x], true), A("start", 1), A("end", -1)))
        {
            yield return test;
        }

        foreach ((int start, int end) in new[] { (-3, 9), (-9, 2), (1, 2), (-2, -1), (0, 4) })
        {
            yield return Alone("Shape", [x], true, A("start", start), A("end", end));
        }

        yield return Alone("Shape", [x], true) with { Opset = 13 };
        yield return Alone("Shape", [x], false) with
        {
            Note = "then Div", GraphOutputs = ["z"],
            More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int64, [2]))]), ("Div", ["y", "two"], ["h"], []), ("Cast", ["h"], ["f"], [A("to", 1)]), ("Mul", ["f", "x9"], ["z"], [])],
        };
        yield return Alone("Size", [X(3, 5)], false) with
        {
            Note = "then Div", GraphOutputs = ["z"],
            More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int64, [2]))]), ("Div", ["y", "two"], ["h"], []), ("Cast", ["h"], ["f"], [A("to", 1)]), ("Mul", ["f", "x9"], ["z"], [])],
        };
        yield return Alone("Size", [x], true);
    }

    private static IEnumerable<OperatorCase> Range()
    {
        foreach ((double start, double limit, double delta) in new (double, double, double)[] { (0, 5, 1), (1, 6, 2), (1, 7, 2), (5, 0, -2), (5, 1, -2), (-1, 1, 0.25) })
        {
            yield return Alone("Range", [Scalar(start), Scalar(limit), Scalar(delta)], false) with { Note = $"{start} {limit} {delta}" };
        }

        yield return Alone("Range", [Scalar(0), Scalar(1 << 20), Scalar(1)], false) with { Note = "2^20" };
        yield return Alone("Range", [Scalar(0), Scalar((1 << 20) + 1), Scalar(1)], false) with { Note = "2^20 + 1", Refusal = "makes a range of 1048577 numbers" };
        yield return Alone("Range", [Scalar(0), Scalar(3), Scalar(0)], false) with { Note = "by 0", Refusal = "numbers" };
        yield return Alone("Range", [Scalar(3), Scalar(0), Scalar(1)], false) with { Note = "away", Refusal = "which is empty" };
        yield return Alone("Range", [Scalar(3), Scalar(3), Scalar(1)], false) with { Note = "nowhere", Refusal = "which is empty" };
        yield return Alone("Range", [Scalar(2, OnnxElementType.Int64), Scalar(9, OnnxElementType.Int64), Scalar(3, OnnxElementType.Int64)], true);
    }

    private static OnnxBytes Graph((string Operator, string[] Inputs, string[] Outputs, CaseAttribute[] Attributes)[] nodes, string[] inputs, string[] outputs)
    {
        OnnxBytes graph = nodes.Aggregate(new OnnxBytes(), (message, node) => message.Message(1, OperatorCase.Node(node.Operator, node.Inputs, node.Outputs, node.Attributes))).Text(2, "body");
        graph = inputs.Aggregate(graph, (message, name) => message.Message(11, new OnnxBytes().Text(1, name)));
        return outputs.Aggregate(graph, (message, name) => message.Message(12, new OnnxBytes().Text(1, name)));
    }

    private static IEnumerable<OperatorCase> If()
    {
        CaseAttribute then = A("then_branch", Graph([("Neg", ["x1"], ["t"], [])], [], ["t"]));
        CaseAttribute otherwise = A("else_branch", Graph([("Exp", ["x1"], ["e"], [])], [], ["e"]));
        foreach (double condition in new[] { 0.0, 1.0 })
        {
            yield return new OperatorCase("If", Const(OnnxElementType.Bool, [condition]), X(2, 3)) { OwnInputs = 1, Attributes = [then, otherwise], Note = $"{condition}" };
        }

        yield return new OperatorCase("If", Const(OnnxElementType.Bool, [0]), X(2, 3)) { OwnInputs = 1, Attributes = [then], Refusal = "is missing a branch" };
        yield return new OperatorCase("If", Const(OnnxElementType.Bool, [1]), X(2, 3)) { OwnInputs = 1, Attributes = [otherwise], Refusal = "is missing a branch" };
        yield return new OperatorCase("If", Const(OnnxElementType.Bool, [1]), X(2, 3)) { OwnInputs = 1, Attributes = [A("then_branch", Graph([("Neg", ["x1"], ["t"], [])], [], ["none"])), otherwise], Refusal = "has a branch whose output 'none' is not produced" };
        CaseAttribute both = A("then_branch", Graph([("Neg", ["x1"], ["t"], []), ("Exp", ["x1"], ["u"], [])], [], ["t", "u"]));
        foreach (string[] wanted in (string[][])[["y", "z"], ["z"], ["y"]])
        {
            yield return new OperatorCase("If", Const(OnnxElementType.Bool, [1]), X(2, 3)) { OwnInputs = 1, Attributes = [both, A("else_branch", Graph([("Abs", ["x1"], ["v"], []), ("Sign", ["x1"], ["w"], [])], [], ["v", "w"]))], Outputs = ["y", "z"], GraphOutputs = wanted, Note = string.Join(" and ", wanted) };
        }

        yield return new OperatorCase("If", In(OnnxElementType.Bool, [1]), X(2, 3)) { OwnInputs = 1, Attributes = [then, otherwise], Refusal = "needs a constant as input" };
    }

    private static IEnumerable<OperatorCase> Loop()
    {
        OnnxBytes Body(params (string, string[], string[], CaseAttribute[])[] more)
        {
            (string, string[], string[], CaseAttribute[])[] nodes =
            [
                ("Cast", ["i"], ["step"], [A("to", 1)]),
                ("Add", ["s", "step"], ["moved"], []),
                ("Mul", ["moved", "s"], ["t"], []),
                ("Neg", ["t"], ["each"], []),
                .. more,
            ];
            OnnxBytes graph = nodes.Aggregate(new OnnxBytes(), (message, node) => message.Message(1, OperatorCase.Node(node.Item1, node.Item2, node.Item3, node.Item4))).Text(2, "body");
            graph.Message(11, OperatorCase.Info("i", OnnxElementType.Int64, [])).Message(11, OperatorCase.Info("goes", OnnxElementType.Bool, [])).Message(11, OperatorCase.Info("s", OnnxElementType.Float32, [2]));
            return graph.Message(12, OperatorCase.Info("on", OnnxElementType.Bool, [])).Message(12, OperatorCase.Info("t", OnnxElementType.Float32, [2])).Message(12, OperatorCase.Info("each", OnnxElementType.Float32, [2]));
        }

        (string, string[], string[], CaseAttribute[]) same = ("Identity", ["goes"], ["on"], []);

        // Goes on while the number of the round is below 2.
        (string, string[], string[], CaseAttribute[])[] early = [("Constant", [], ["two"], [A("value", Scalar(2, OnnxElementType.Int64))]), ("Less", ["i", "two"], ["on"], [])];
        CaseTensor s = In([0.5, -0.75]);
        foreach ((string note, CaseTensor[] inputs, OnnxBytes body) in new (string, CaseTensor[], OnnxBytes)[]
        {
            ("3 rounds", [Scalar(3, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s], Body(same)),
            ("1 round", [Scalar(1, OnnxElementType.Int64), None, s], Body(same)),
            ("until a condition", [Scalar(9, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s], Body(early)),
            ("without a count", [None, Scalar(1, OnnxElementType.Bool), s], Body(early)),
        })
        {
            yield return new OperatorCase("Loop", inputs) { Attributes = [A("body", body)], Outputs = ["last", "all"], Note = note };
        }

        // The most rounds there may be, of what stays finite.
        OnnxBytes Small(params (string, string[], string[], CaseAttribute[])[] nodes)
        {
            OnnxBytes graph = nodes.Aggregate(new OnnxBytes(), (message, node) => message.Message(1, OperatorCase.Node(node.Item1, node.Item2, node.Item3, node.Item4))).Text(2, "body");
            graph.Message(11, OperatorCase.Info("i", OnnxElementType.Int64, [])).Message(11, OperatorCase.Info("goes", OnnxElementType.Bool, [])).Message(11, OperatorCase.Info("s", OnnxElementType.Float32, [2]));
            return graph.Message(12, OperatorCase.Info("on", OnnxElementType.Bool, [])).Message(12, OperatorCase.Info("t", OnnxElementType.Float32, [2]));
        }

        (string, string[], string[], CaseAttribute[])[] halves = [("Constant", [], ["two"], [A("value", Scalar(2, OnnxElementType.Int64))]), ("Div", ["i", "two"], ["h"], []), ("Cast", ["h"], ["step"], [A("to", 1)]), ("Add", ["s", "step"], ["t"], []), same];
        yield return new OperatorCase("Loop", Scalar(256, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s) { Attributes = [A("body", Small(halves))], Outputs = ["last"], Note = "256 rounds of whole halves" };
        yield return new OperatorCase("Loop", Scalar(5, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s) { Attributes = [A("body", Small(halves))], Outputs = ["last"], Note = "whole halves" };
        foreach ((string note, CaseTensor[] inputs, string[] outputs, CaseAttribute[] attributes, string refusal) in new (string, CaseTensor[], string[], CaseAttribute[], string)[]
        {
            ("no body", [Scalar(3, OnnxElementType.Int64), None, s], ["last"], [], "is missing its body"),
            ("no state", [In(OnnxElementType.Int64, [3], 1), None], ["last"], [A("body", Small(halves))], "has a body whose inputs or outputs do not match its own"),
            ("two states", [Scalar(3, OnnxElementType.Int64), None, s, s], ["last"], [A("body", Small(halves))], "has a body whose inputs or outputs do not match its own"),
            ("two outputs", [Scalar(3, OnnxElementType.Int64), None, s], ["last", "more"], [A("body", Small(halves))], "has a body whose inputs or outputs do not match its own"),
            ("a count alone", [In(OnnxElementType.Int64, [3], 1)], ["last"], [A("body", Small(halves))], "has a body whose inputs or outputs do not match its own"),
            ("a condition of the input", [Scalar(3, OnnxElementType.Int64), None, s], ["last"], [A("body", Small([("ReduceSum", ["s"], ["q"], [A("keepdims", 0)]), ("Less", ["q", "q"], ["on"], []), ("Neg", ["s"], ["t"], [])]))], "has an end condition that depends on the model's input"),
        })
        {
            yield return new OperatorCase("Loop", inputs) { Attributes = attributes, Outputs = outputs, Note = note, Refusal = refusal };
        }

        yield return new OperatorCase("Loop", Scalar(257, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s) { Attributes = [A("body", Body(same))], Outputs = ["last", "all"], GraphOutputs = ["last"], Note = "257 rounds", Refusal = "runs more than 256 rounds" };
        (string, string[], string[], CaseAttribute[])[] many = [.. Enumerable.Range(0, 260).Select(i => ("Neg", (string[])["s"], (string[])[$"n{i}"], (CaseAttribute[])[])), same];
        yield return new OperatorCase("Loop", Scalar(256, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s) { Attributes = [A("body", Body(many))], Outputs = ["last", "all"], GraphOutputs = ["last"], Note = "of many nodes", Refusal = "unrolls to more than 65536 operators" };
        yield return new OperatorCase("Loop", Scalar(0, OnnxElementType.Int64), Scalar(1, OnnxElementType.Bool), s) { Attributes = [A("body", Body(same))], Outputs = ["last", "all"], GraphOutputs = ["all"], Note = "no round", Refusal = "runs no round" };
        yield return new OperatorCase("Loop", Scalar(3, OnnxElementType.Int64), Scalar(0, OnnxElementType.Bool), s) { Attributes = [A("body", Body(same))], Outputs = ["last", "all"], GraphOutputs = ["last"], Note = "not begun", More = [] };
    }

    private static IEnumerable<OperatorCase> Scan()
    {
        OnnxBytes Body()
        {
            OnnxBytes graph = new OnnxBytes()
                .Message(1, OperatorCase.Node("Mul", ["s", "half"], ["h"]))
                .Message(1, OperatorCase.Node("Add", ["h", "e"], ["t"]))
                .Message(1, OperatorCase.Node("Neg", ["t"], ["each"])).Text(2, "body")
                .Message(5, Const([0.5]).Write("half"));
            graph.Message(11, OperatorCase.Info("s", OnnxElementType.Float32, null)).Message(11, OperatorCase.Info("e", OnnxElementType.Float32, null));
            return graph.Message(12, OperatorCase.Info("t", OnnxElementType.Float32, null)).Message(12, OperatorCase.Info("each", OnnxElementType.Float32, null));
        }

        CaseAttribute[] fixedOnes = [A("body", Body()), A("num_scan_inputs", 1)];
        foreach (OperatorCase test in Each(new OperatorCase("Scan", In([0.5, -0.75, 1]), X(3, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"] },
            A("scan_input_axes", new[] { 1 }), A("scan_input_directions", new[] { 1 }), A("scan_output_axes", new[] { 1 }), A("scan_output_directions", new[] { 1 })))
        {
            yield return test;
        }

        // Distances to the samples of a training set, as nearest neighbours are written: at once where the rounds are apart, one after the other where not.
        foreach ((string note, int[] first, (string, string[], string[], CaseAttribute[])[] nodes) in new (string, int[], (string, string[], string[], CaseAttribute[])[])[]
        {
            ("distances", [1, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceSumSquare", ["d"], ["q"], [A("axes", new[] { 1 }), A("keepdims", 0)]), ("Sqrt", ["q"], ["each"], [])]),
            ("half distances", [1, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceL1", ["d"], ["q"], [A("axes", new[] { 1 }), A("keepdims", 0)]), ("Mul", ["q", "half"], ["each"], [])]),
            ("of a batch", [2, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceSumSquare", ["d"], ["q"], [A("axes", new[] { 1 }), A("keepdims", 0)]), ("Sqrt", ["q"], ["each"], [])]),
            ("along the batch", [1, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceSumSquare", ["d"], ["each"], [A("axes", new[] { 0 }), A("keepdims", 0)])]),
            ("over all", [1, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceSumSquare", ["d"], ["each"], [A("keepdims", 0)])]),
            ("a state that moves", [1, 3], [("Add", ["s", "e"], ["t"], []), ("Sub", ["s", "e"], ["d"], []), ("ReduceSumSquare", ["d"], ["each"], [A("axes", new[] { 1 }), A("keepdims", 0)])]),
            ("the row itself", [1, 3], [("Identity", ["s"], ["t"], []), ("Sub", ["s", "e"], ["each"], [])]),
            ("a sum and the row", [1, 3], [("Identity", ["s"], ["t"], []), ("ReduceSum", ["s"], ["q"], [A("axes", new[] { 1 })]), ("Mul", ["q", "e"], ["each"], [])]),
            ("a sum without its axis and the row", [1, 3], [("Identity", ["s"], ["t"], []), ("ReduceSum", ["s"], ["q"], [A("axes", new[] { 1 }), A("keepdims", 0)]), ("Mul", ["q", "e"], ["each"], [])]),
            ("two sums", [1, 3], [("Identity", ["s"], ["t"], []), ("ReduceL1", ["s"], ["q"], [A("axes", new[] { 1 })]), ("Sub", ["e", "q"], ["d"], []), ("ReduceL1", ["d"], ["each"], [A("axes", new[] { 1 }), A("keepdims", 0)])]),
        })
        {
            OnnxBytes body = nodes.Aggregate(new OnnxBytes(), (message, node) => message.Message(1, OperatorCase.Node(node.Item1, node.Item2, node.Item3, node.Item4))).Text(2, "body").Message(5, Const([0.5]).Write("half"));
            body.Message(11, OperatorCase.Info("s", OnnxElementType.Float32, null)).Message(11, OperatorCase.Info("e", OnnxElementType.Float32, null)).Message(12, OperatorCase.Info("t", OnnxElementType.Float32, null)).Message(12, OperatorCase.Info("each", OnnxElementType.Float32, null));
            yield return new OperatorCase("Scan", X(first), C(4, 3)) { Attributes = [A("body", body), A("num_scan_inputs", 1)], Outputs = ["last", "all"], Opset = 11, Note = note };
            if (note is "distances" or "the row itself")
            {
                // Rows that are apart may be taken at once, and still have an order.
                foreach (string direction in (string[])["scan_input_directions", "scan_output_directions"])
                {
                    yield return new OperatorCase("Scan", X(first), C(4, 3)) { Attributes = [A("body", body), A("num_scan_inputs", 1), A(direction, new[] { 1 })], Outputs = ["last", "all"], Opset = 11, Note = $"{note}, {direction}" };
                }
            }
        }

        // As many rounds as there may be, and one more.
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(256, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"], Opset = 11 };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(257, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"], Opset = 11, Refusal = "runs 257 rounds" };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"], Opset = 8, Refusal = "needs opset 9 or later" };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"], Opset = 9 };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = [fixedOnes[1]], Outputs = ["last", "all"], Opset = 11, Refusal = "is missing its body" };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = [fixedOnes[0]], Outputs = ["last", "all"], Opset = 11, Refusal = "is missing the attribute 'num_scan_inputs'" };
        foreach (int count in new[] { 0, -1, 3 })
        {
            yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = [fixedOnes[0], A("num_scan_inputs", count)], Outputs = ["last", "all"], Opset = 11, Refusal = "has a body whose inputs or outputs do not match its own" };
        }

        yield return new OperatorCase("Scan", X(4, 3), X2(3, 3)) { Attributes = [fixedOnes[0], A("num_scan_inputs", 2)], Outputs = ["last", "all"], Opset = 11, Refusal = "reads sequences of different lengths" };
        yield return new OperatorCase("Scan", X(3, 3), X2(3, 3)) { Attributes = [fixedOnes[0], A("num_scan_inputs", 2)], Outputs = ["last", "all"], Opset = 11, Note = "two sequences" };
        foreach (string list in (string[])["scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions"])
        {
            yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = [.. fixedOnes, A(list, new[] { 0, 0 })], Outputs = ["last", "all"], Opset = 11, Refusal = $"has 2 numbers for '{list}', expected 1" };
        }

        yield return new OperatorCase("Scan", In([0.5, -0.75, 1, 2]), X(3, 4)) { Attributes = [.. fixedOnes, A("scan_output_axes", new[] { -1 })], Outputs = ["last", "all"], Opset = 11 };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(3, 4)) { Attributes = [.. fixedOnes, A("scan_input_axes", new[] { -1 })], Outputs = ["last", "all"], Opset = 11 };
        yield return new OperatorCase("Scan", In([0.5, -0.75, 1]), X(4, 3)) { Attributes = fixedOnes, Outputs = ["last", "all"], Opset = 11 };
    }
}
