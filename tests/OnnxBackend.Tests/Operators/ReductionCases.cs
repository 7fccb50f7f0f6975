using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Reductions over axes as attributes and as an input.</summary>
internal static class ReductionCases
{
    internal static IEnumerable<OperatorCase> All() =>
    [
        .. new[] { "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp" }.SelectMany(type => Reduce(type, X(2, 3, 4), 18)),
        .. Reduce("ReduceLogSum", X(2, 3, 4) with { Values = Positive(2, 3, 4).Values }, 18),
        .. Reduce("ReduceSum", X(2, 3, 4), 13),
        .. new[] { "ArgMax", "ArgMin" }.SelectMany(Arg),
    ];

    private static IEnumerable<OperatorCase> Reduce(string type, CaseTensor x, int moved)
    {
        foreach (OperatorCase test in Each(Case(type, x) with { Opset = 11 }, A("axes", new[] { 1 }), A("keepdims", 0)))
        {
            yield return test;
        }

        yield return Case(type, x, A("axes", new[] { 0, -1 })) with { Opset = 11 };
        yield return Case(type, x, A("axes", new[] { 0, 2 }), A("keepdims", 1)) with { Opset = 7 };
        foreach (OperatorCase test in Each(Case(type, [x, Ints(1)]) with { Opset = moved }, A("keepdims", 0), A("noop_with_empty_axes", 1)))
        {
            yield return test;
        }

        foreach (OperatorCase test in Each(Case(type, x) with { Opset = moved }, A("keepdims", 0)))
        {
            yield return test;
        }

        yield return Case(type, [x, Ints(0, -1)], A("keepdims", 0)) with { Opset = moved };
        yield return Case(type, [x, Ints(3)]) with { Opset = moved, Refusal = "has axis 3 on a tensor of 3 dimensions" };

        // The standard's Identity; of ONNX Runtime's, those with a function of each element apply it.
        if (type is "ReduceSum" or "ReduceMean" or "ReduceMax" or "ReduceMin" or "ReduceProd")
        {
            yield return Case(type, x, A("noop_with_empty_axes", 1)) with { Opset = moved };
            yield return Case(type, [x, Ints()], A("noop_with_empty_axes", 1)) with { Opset = moved };
        }

        yield return Case(type, [x, Ints()], A("noop_with_empty_axes", 0)) with { Opset = moved };
    }

    private static IEnumerable<OperatorCase> Arg(string type)
    {
        CaseTensor ties = In([1, 3, 3, 2, 1, 1, 3, 3, -3, -3, 2, 1, 0, 0, 0, 0, 1, -1], 3, 6);
        foreach (int opset in new[] { 7, 11 })
        {
            foreach (OperatorCase test in Each(Case(type, ties) with { Opset = opset }, A("axis", 1), A("keepdims", 0)))
            {
                yield return test;
            }
        }

        foreach (OperatorCase test in Each(Case(type, ties) with { Opset = 13 }, A("axis", -1), A("keepdims", 0), A("select_last_index", 1)))
        {
            yield return test;
        }
    }
}
