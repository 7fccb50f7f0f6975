using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Features;

/// <summary>What a FeatureTransform makes of the features of its input, an output after the other.</summary>
internal sealed class FeatureTransformPlan(IReadOnlyList<FeatureColumn> columns)
{
    /// <summary>The outputs, one or more.</summary>
    internal IReadOnlyList<FeatureColumn> Columns { get; } = columns;

    /// <summary>The plan of a node.</summary>
    internal static FeatureTransformPlan Of(Node node) => Read(
        node.Input(FeatureTransformRule.Kinds).Elements,
        i => Unsigned(node.Input(FeatureTransformRule.Sources), i),
        i => Unsigned(node.Input(FeatureTransformRule.Kinds), i),
        i => Unsigned(node.Input(FeatureTransformRule.Counts), i),
        i => node.Input(FeatureTransformRule.Values).Floats[i]);

    /// <summary>The plan of an operator of a file.</summary>
    internal static FeatureTransformPlan Of(OperatorRecord record) => Read(
        record.Inputs[FeatureTransformRule.Kinds].Elements,
        i => IntegerConstant.Unsigned(record.Bytes, record.Inputs[FeatureTransformRule.Sources], i),
        i => IntegerConstant.Unsigned(record.Bytes, record.Inputs[FeatureTransformRule.Kinds], i),
        i => IntegerConstant.Unsigned(record.Bytes, record.Inputs[FeatureTransformRule.Counts], i),
        i => record.Bytes.F32(record.Inputs[FeatureTransformRule.Values].Offset + (i * sizeof(float))));

    /// <summary>The inputs after x, as <see cref="FeatureTransformRule"/> says; what is not needed is null.</summary>
    internal Value?[] Constants(string name)
    {
        int[] sources = [.. Columns.Select(column => column.Source)];
        int[] counts = [.. Columns.Where(column => FeatureTransformRule.HasCount((int)column.Kind)).Select(column => column.Count)];
        float[] values = [.. Columns.SelectMany(column => column.Values)];
        return
        [
            SmallestIntegers.Constant(name + ".sources", sources, SmallestIntegers.Unsigned(sources.Max()), sources.Length),
            Value.Constant(name + ".kinds", [.. Columns.Select(column => (sbyte)column.Kind)], Columns.Count),
            counts.Length == 0 ? null : SmallestIntegers.Constant(name + ".counts", counts, SmallestIntegers.Unsigned(counts.Max()), counts.Length),
            values.Length == 0 ? null : Value.Constant(name + ".values", values, values.Length),
        ];
    }

    private static FeatureTransformPlan Read(int outputs, Func<int, int> source, Func<int, int> kind, Func<int, int> count, Func<int, float> value)
    {
        var columns = new FeatureColumn[outputs];
        int counted = 0;
        int first = 0;
        for (int i = 0; i < outputs; i++)
        {
            int n = FeatureTransformRule.HasCount(kind(i)) ? count(counted++) : 0;
            float[] values = [.. Enumerable.Range(first, FeatureTransformRule.ValueCount(kind(i), n)).Select(value)];
            first += values.Length;
            columns[i] = (FeatureKind)kind(i) switch
            {
                FeatureKind.Equal => FeatureColumn.Equal(source(i), values[0]),
                FeatureKind.Missing => FeatureColumn.Missing(source(i)),
                FeatureKind.Unknown => FeatureColumn.Unknown(source(i), n),
                FeatureKind.Bin => FeatureColumn.Bin(source(i), values),
                _ => FeatureColumn.Of(source(i), values[0], values[1..(n + 1)], [.. values.Skip(n + 1).Where((_, k) => k % 2 == 0)], [.. values.Skip(n + 1).Where((_, k) => k % 2 == 1)]),
            };
        }

        return new FeatureTransformPlan(columns);
    }

    private static int Unsigned(Value constant, int index) => constant.Data switch
    {
        sbyte[] bytes => (byte)bytes[index],
        short[] shorts => (ushort)shorts[index],
        _ => ((int[])constant.Data!)[index],
    };
}
