using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Features of a table, with values at, below and above each knot and boundary, missing ones, infinities and −0.</summary>
internal static class FeatureRows
{
    private static readonly double[] edges =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, -1, -0.5, 0.5, 1, 1.5, 2, 2.5, 3, 254, 255, 256, float.MaxValue, float.MinValue, float.Epsilon,
        MathF.BitDecrement(1), MathF.BitIncrement(1), MathF.BitDecrement(2), MathF.BitIncrement(2), MathF.BitDecrement(3), MathF.BitIncrement(3), 1e9, 4e9,
    ];

    internal static IEnumerable<OperatorRow> All() => [.. Kinds(), .. Lines(), .. Mixed()];

    private static IEnumerable<OperatorRow> Kinds()
    {
        yield return One("equal to 0", 1, null, 0);
        yield return One("equal to 2", 1, null, 2);
        yield return One("equal to -0.5", 1, null, -0.5);
        yield return One("missing", 2, null);
        foreach (int codes in new[] { 1, 2, 3, 255, 256, 1 << 24 })
        {
            yield return One($"unknown among {codes}", 3, codes);
        }

        yield return One("one boundary", 4, 1, 1);
        yield return One("three boundaries", 4, 3, 1, 2, 3);
        yield return One("equal boundaries", 4, 4, 1, 2, 2, 3);
        yield return One("300 boundaries", 4, 300, [.. Enumerable.Range(0, 300).Select(i => (double)i)]);
    }

    private static IEnumerable<OperatorRow> Lines()
    {
        yield return One("a line without ends", 0, 1, 7, 0, 0.5, 1);
        yield return One("a line without ends through another point", 0, 1, 7, 2, 0.5, -2);
        yield return One("two knots", 0, 2, 7, 1, 3, -0.5, 0.75);
        yield return One("three knots", 0, 3, 7, 1, 2, 3, -0.5, 0.75, 0.25, -2);
        yield return One("a step", 0, 4, 7, 1, 2, 2, 3, 0, 0, -1, 5, 10, 0.5);
        yield return One("a step at the first knot", 0, 3, 7, 1, 1, 3, -1, 5, 10, 0.5);
        yield return One("a step at the last knot", 0, 3, 7, 1, 3, 3, -1, 0.5, 10, 4);
        double[] knots = [.. Enumerable.Range(0, 100).Select(i => i * 2.75)];
        yield return One("100 knots", 0, 100, [7, .. knots, .. knots.Skip(1).SelectMany((_, i) => (double[])[i % 7, i % 5 / 4.0])]);
    }

    // Several outputs of several features, in each type that their numbers may have.
    private static IEnumerable<OperatorRow> Mixed()
    {
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16, TensorType.Int32 })
        {
            foreach (int features in new[] { 3, 200 })
            {
                double last = type == TensorType.Int8 && features > 127 ? features - 1 - 256 : features - 1;
                double[] x = Make.Draw(4 * features, features, random => random.Next(9) == 0 ? double.NaN : random.Next(-4, 9) / 2.0);
                yield return new OperatorRow(
                    Opcode.FeatureTransform,
                    $"every kind, {features} features, {type}",
                    [
                        Make.Reals([2, 2, features], x),
                        Make.Integers(type, 0, 1, 2, last, 0, 1, 2),
                        Make.Integers(TensorType.Int8, 0, 1, 2, 3, 4, 0, 1),
                        Make.Integers(type, 2, 3, 2, 1),
                        Make.Constant(Make.Reals([13], 0.25, 0, 2, -1, 0.5, 1, 1, 2, 9, 1.5, 2, 3, 4)),
                    ],
                    [Make.Output(TensorType.Float32, 2, 2, 7)]);
            }
        }
    }

    private static OperatorRow One(string name, int kind, int? count, params double[] values) => new(
        Opcode.FeatureTransform,
        name,
        [
            Make.Reals([edges.Length, 1], edges),
            Make.Integers(TensorType.Int8, 0),
            Make.Integers(TensorType.Int8, kind),
            count is { } number ? Make.Integers(TensorType.Int32, number) : null,
            values.Length == 0 ? null : Make.Constant(Make.Reals([values.Length], values)),
        ],
        [Make.Output(TensorType.Float32, edges.Length, 1)]);
}
