using EdgeInference.ModelConverter.Import.Onnx;

namespace OnnxBackend.Tests.Operators;

/// <summary>Short names for what cases are made of.</summary>
internal static class Make
{
    internal static CaseTensor None => CaseTensor.None;

    /// <summary>An input of float32 values, some of them halves, zeros and equal to each other.</summary>
    internal static CaseTensor X(params int[] shape) => new(OnnxElementType.Float32, shape, Numbers(Count(shape), 1), false);

    /// <summary>An input of other values than <see cref="X"/>.</summary>
    internal static CaseTensor X2(params int[] shape) => new(OnnxElementType.Float32, shape, Numbers(Count(shape), 2), false);

    /// <summary>A constant.</summary>
    internal static CaseTensor C(params int[] shape) => new(OnnxElementType.Float32, shape, Numbers(Count(shape), 3), true);

    /// <summary>A constant of positive values.</summary>
    internal static CaseTensor Positive(params int[] shape) => new(OnnxElementType.Float32, shape, [.. Numbers(Count(shape), 4).Select(value => Math.Abs(value) + 0.1)], true);

    /// <summary>An input of values that are given.</summary>
    internal static CaseTensor In(double[] values, params int[] shape) => new(OnnxElementType.Float32, shape.Length == 0 ? [values.Length] : shape, values, false);

    /// <summary>An input of another type.</summary>
    internal static CaseTensor In(OnnxElementType type, double[] values, params int[] shape) => new(type, shape.Length == 0 ? [values.Length] : shape, values, false);

    /// <summary>A constant of values that are given.</summary>
    internal static CaseTensor Const(double[] values, params int[] shape) => new(OnnxElementType.Float32, shape.Length == 0 ? [values.Length] : shape, values, true);

    /// <summary>A constant of another type.</summary>
    internal static CaseTensor Const(OnnxElementType type, double[] values, params int[] shape) => new(type, shape.Length == 0 ? [values.Length] : shape, values, true);

    /// <summary>A constant without a dimension.</summary>
    internal static CaseTensor Scalar(double value, OnnxElementType type = OnnxElementType.Float32) => new(type, [], [value], true);

    /// <summary>A list of int64.</summary>
    internal static CaseTensor Ints(params double[] values) => new(OnnxElementType.Int64, [values.Length], values, true);

    internal static CaseAttribute A(string name, object value) => new(name, value);

    internal static OperatorCase Case(string type, CaseTensor[] inputs, params CaseAttribute[] attributes) => new(type, inputs) { Attributes = attributes };

    internal static OperatorCase Case(string type, CaseTensor input, params CaseAttribute[] attributes) => new(type, input) { Attributes = attributes };

    /// <summary>A case with all attributes, with each of them left out, with each of them alone, and with none.</summary>
    internal static IEnumerable<OperatorCase> Each(OperatorCase basis, params CaseAttribute[] optional)
    {
        var seen = new HashSet<string>();
        IEnumerable<CaseAttribute[]> choices =
        [
            optional,
            .. optional.Select(left => optional.Where(attribute => attribute != left).ToArray()),
            .. optional.Select(only => new[] { only }),
            [],
        ];
        foreach (CaseAttribute[] chosen in choices)
        {
            OperatorCase made = basis with { Attributes = [.. basis.Attributes, .. chosen] };
            if (seen.Add(made.Name))
            {
                yield return made;
            }
        }
    }

    /// <summary>The same cases in several operator sets.</summary>
    internal static IEnumerable<OperatorCase> In(this IEnumerable<OperatorCase> cases, params int[] opsets) =>
        opsets.SelectMany(opset => cases.Select(one => one with { Opset = opset }));

    internal static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);

    /// <summary>Seeded numbers from −3 to 3: every third a multiple of a half, every fifth as the one before.</summary>
    internal static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double value = (6 * random.NextDouble()) - 3;
            values[i] = (float)(i % 5 == 4 ? values[i - 1] : i % 3 == 2 ? Math.Round(2 * value) / 2 : value);
        }

        return values;
    }
}
