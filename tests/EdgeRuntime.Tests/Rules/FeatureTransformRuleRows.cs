using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class FeatureTransformRuleRows : RuleRows
{
    private const string NoConstant = "is not a constant of the type that it needs";
    private const string NoFeature = "takes an unknown feature";
    private const string NoKind = "has an unknown kind";
    private const string NoCount = "has a count outside 1 to 16777216";
    private const string Descends = "has knots or boundaries that do not ascend";
    private const string Rest = "has counts or values that nothing reads";

    // A line from (1, 10) to (3, 14), 1 where x[1] is 5, 1 where x[0] is missing, 1 where x[1] is not 0 to 2, and how many of 1 and 2 are at or below x[0].
    private static readonly int[] sources = [0, 1, 0, 1, 0];
    private static readonly int[] kinds = [0, 1, 2, 3, 4];
    private static readonly int[] counts = [2, 3, 2];
    private static readonly float[] values = [-1, 1, 3, 10, 2, 5, 1, 2];

    protected override void Add()
    {
        Good("every kind", Every(), [2, 5], [12, 1, 0, 1, 2]);
        Good("at the first knot", Every(), [1, 2], [10, 0, 0, 0, 1]);
        Good("below the first knot", Every(), [-7, 3], [10, 0, 0, 1, 0]);
        Good("at the last knot", Every(), [3, -1], [14, 0, 0, 1, 2]);
        Good("above the last knot", Every(), [float.PositiveInfinity, 0.5f], [14, 0, 0, 1, 2]);
        Good("a missing value", Every(), [float.NaN, float.NaN], [-1, 0, 1, 0, 0]);
        Good("one knot", Make([0], [0], [1], [7, 1, 10, 2]), [-5, 0], [-2]);
        Good("three knots", Make([0], [0], [3], [7, 0, 1, 2, 0, 1, 5, 10]), [1.5f, 0], [10]);
        Good("a step", Make([0], [0], [4], [7, 0, 1, 1, 2, 0, 1, 50, 9, 5, 10]), [1, 0], [5]);
        Good("equal boundaries", Make([0], [4], [2], [1, 1]), [1, 0], [2]);
        Good("no count", Make([1, 0], [2, 1], null, [4]), [4, 0], [0, 1]);
        Good("no value", Make([0], [3], [1], null), [0, 0], [0]);
        Good("neither", Make([0], [2], null, null), [0, 0], [0]);
        Good("the most codes", Make([0], [3], [1 << 24], null, I32), [16777215, 0], [0]);
        Good("200 codes in a byte", Make([0], [3], [200], null), [199, 0], [0]);
        foreach (TensorType type in (TensorType[])[I8, I16, I32])
        {
            Good($"counts and sources in {type}", Make(sources, kinds, counts, values, type), [2, 5], [12, 1, 0, 1, 2]);
        }

        Good("feature 200 in a byte", One(Opcode.FeatureTransform, F32, [1, 201], [1, 1], [], model => [model.Bytes([1], -56), model.Bytes([1], 1), -1, model.Floats([1], 9)]), [.. new float[200], 9], [1]);
        AddSources();
        AddCounts();
        AddValues();
        Bad("int8", "takes float32", One(Opcode.FeatureTransform, I8, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Bytes([1], 2)], F32));
        Bad("an output of int32", "output 0 has the wrong type", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Bytes([1], 2)], I32));
        Bad("an output more", "output 0 has 2 elements, expected 1", One(Opcode.FeatureTransform, F32, [1, 2], [1, 2], [], model => [model.Bytes([1], 0), model.Bytes([1], 2)]));
        Bad("an output less", "output 0 has 1 elements, expected 2", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([2], 0, 0), model.Bytes([2], 2, 2)]));
        Bad("rows as outputs", "needs a kind for each output", One(Opcode.FeatureTransform, F32, [2, 2], [1, 2], [], model => [model.Bytes([1], 0), model.Bytes([1], 2)]));
        Bad("outputs as rows", "needs a kind for each output", One(Opcode.FeatureTransform, F32, [1, 2], [2, 1], [], model => [model.Bytes([2], 0, 0), model.Bytes([2], 2, 2)]));
    }

    private void AddSources()
    {
        Bad("a source less", "needs a source for each output", Make([0], [2, 2], null, null));
        Bad("a source more", "needs a source for each output", Make([0, 0, 0], [2, 2], null, null));
        Bad("a feature past the last", NoFeature, Make([2, 0], [2, 2], null, null));
        Bad("a last feature past the last", NoFeature, Make([0, 2], [2, 2], null, null));
        Bad("feature 255 in a byte", NoFeature, Make([-1], [2], null, null));
        Bad("a negative feature in four bytes", NoFeature, Make([-1], [2], null, null, I32));
        Bad("kind 5", NoKind, Make([0], [5], [1], [1]));
        Bad("kind -1", NoKind, Make([0], [-1], [1], [1]));
        Bad("kinds of int16", $"input 2 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Shorts([1], 2)]));
        Bad("sources of float32", $"input 1 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Floats([1], 0), model.Bytes([1], 2)]));
        Bad("x as kinds", $"input 2 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), 0]));
        Bad("x as sources", $"input 1 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [0, model.Bytes([1], 2)]));
        Bad("no kinds", "is missing input 2", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), -1]));
        Bad("no sources", "is missing input 1", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [-1, model.Bytes([1], 2)]));
    }

    private void AddCounts()
    {
        Bad("no counts", "needs more counts", Make([0], [3], null, null));
        Bad("a count less", "needs more counts", Make([0, 0], [3, 3], [1], null));
        Bad("a count more", Rest, Make([0], [3], [1, 1], null));
        Bad("a count that nothing needs", Rest, Make([0], [2], [1], null));
        foreach (int kind in (int[])[0, 3, 4])
        {
            Bad($"a count of 0 for kind {kind}", NoCount, Make([0], [kind], [0], [1]));
            Bad($"a count of -1 for kind {kind}", NoCount, Make([0], [kind], [-1], [1], I32));
            Bad($"2²⁴ + 1 for kind {kind}", NoCount, Make([0], [kind], [(1 << 24) + 1], [1], I32));
            Bad($"the largest count for kind {kind}", NoCount, Make([0], [kind], [int.MaxValue], [1], I32));
        }

        Bad("counts of float32", $"input 3 {NoConstant}", Make([0], [3], [1], null, counted: F32));
        Bad("x as counts", $"input 3 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Bytes([1], 3), 0]));
    }

    private void AddValues()
    {
        Bad("no values", "needs more values", Make([0], [1], null, null));
        Bad("2²⁴ knots", "needs more values", Make([0], [0], [1 << 24], [1], I32));
        foreach ((int kind, int count, int length) in new[] { (0, 1, 4), (0, 2, 5), (0, 3, 8), (4, 1, 1), (4, 3, 3) })
        {
            Good($"the values of kind {kind}, count {count}", Make([0], [kind], [count], Count(length)));
            Bad($"a value more for kind {kind}, count {count}", Rest, Make([0], [kind], [count], Count(length + 1)));
            if (length > 1)
            {
                Bad($"a value less for kind {kind}, count {count}", "needs more values", Make([0], [kind], [count], Count(length - 1)));
            }
        }

        Bad("a value more for Equal", Rest, Make([0], [1], null, [1, 1]));
        Bad("a value less for Equal", "needs more values", Make([0, 0], [1, 1], null, [1]));
        Bad("a value for Missing", Rest, Make([0], [2], null, [1]));
        Bad("a value for Unknown", Rest, Make([0], [3], [1], [1]));
        Bad("knots that descend first", Descends, Make([0], [0], [3], [7, 1, 0, 2, 0, 1, 5, 10]));
        Bad("knots that descend last", Descends, Make([0], [0], [3], [7, 0, 2, 1, 0, 1, 5, 10]));
        Bad("two knots that descend", Descends, Make([0], [0], [2], [7, 1, 0, 0, 1]));
        Good("a fill above the knots, heights below", Make([0], [0], [2], [7, 1, 2, -5, -6]), [1, 0], [-5]);
        Bad("boundaries that descend", Descends, Make([0], [4], [2], [1, 0]));
        Bad("last boundaries that descend", Descends, Make([0], [4], [3], [1, 2, 0]));
        Good("boundaries below those before", Make([0, 0], [4, 4], [1, 1], [1, 0]), [0.5f, 0], [0, 1]);
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            Bad($"{value} as a knot", "input 4 holds a number that is not finite", Make([0], [0], [2], [7, 0, value, 0, 1]));
            Bad($"{value} as the last value", "input 4 holds a number that is not finite", Make([0], [0], [2], [7, 0, 1, 0, value]));
            Bad($"{value} as the only value", "input 4 holds a number that is not finite", Make([0], [1], null, [value]));
            Bad($"{value} as a fill", "input 4 holds a number that is not finite", Make([0], [0], [2], [value, 0, 1, 0, 1]));
        }

        Bad("values of int32", $"input 4 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Bytes([1], 1), -1, model.Ints([1], 2)]));
        Bad("x as values", $"input 4 {NoConstant}", One(Opcode.FeatureTransform, F32, [1, 2], [1, 1], [], model => [model.Bytes([1], 0), model.Bytes([1], 1), -1, 0]));
    }

    private static RawModel Every() => Make(sources, kinds, counts, values);

    private static RawModel Make(int[] sources, int[] kinds, int[]? counts, float[]? values, TensorType type = I8, TensorType? counted = null) =>
        One(Opcode.FeatureTransform, F32, [1, 2], [1, kinds.Length], [], model =>
        [
            Integers(model, type, sources),
            model.Bytes([kinds.Length], [.. kinds.Select(kind => (sbyte)kind)]),
            counts is null ? -1 : Integers(model, counted ?? type, counts),
            .. values is null ? (int[])[] : [model.Floats([values.Length], values)],
        ]);

    private static int Integers(RawModel model, TensorType type, int[] values) => type switch
    {
        I8 => model.Bytes([values.Length], [.. values.Select(value => unchecked((sbyte)value))]),
        I16 => model.Shorts([values.Length], [.. values.Select(value => unchecked((short)value))]),
        F32 => model.Floats([values.Length], [.. values.Select(value => (float)value)]),
        _ => model.Ints([values.Length], values),
    };
}
