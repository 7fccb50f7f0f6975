using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Forests of a given shape as files, and rows that lie at their thresholds.</summary>
internal sealed class TreeModels(int seed)
{
    internal static readonly float[] Special =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1e-40f, 1f, -1f,
    ];

    private readonly Random random = new(seed);

    /// <summary>How deep trees are.</summary>
    internal int Depth { get; init; } = 5;

    internal int Trees { get; init; } = 8;

    internal int Features { get; init; } = 6;

    internal int Targets { get; init; } = 1;

    internal int Rows { get; init; } = 1;

    /// <summary>0 the sum, 1 the mean, 2 the smallest, 3 the largest.</summary>
    internal int Aggregate { get; init; }

    /// <summary>Whether a leaf's weight is for the target of its tree.</summary>
    internal bool IsOfTree { get; init; }

    /// <summary>Whether a leaf has two weights, both for the first target.</summary>
    internal bool IsTwice { get; init; }

    /// <summary>Whether splits are a chain with a leaf on one side, or full trees.</summary>
    internal bool IsChain { get; init; }

    /// <summary>A comparison for a split; 8 where a missing value counts as true.</summary>
    internal Func<Random, int> Comparison { get; init; } = random => random.Next(6) + (8 * random.Next(2));

    /// <summary>A threshold of a split.</summary>
    internal Func<Random, float> Threshold { get; init; } = random => random.Next(12) == 0 ? Special[random.Next(Special.Length)] : random.Next(-16, 17) / 8f;

    /// <summary>A weight of a leaf.</summary>
    internal Func<Random, float> Weight { get; init; } = random => ((float)random.NextDouble() * 2f) - 1f;

    /// <summary>What comes after the trees: adds operators to their output, and gives the last.</summary>
    internal Func<ModelBuilder, int, int>? After { get; init; }

    /// <summary>A file.</summary>
    internal byte[] Build()
    {
        var children = new List<int>();
        int splits = IsChain ? Depth : (1 << Depth) - 1;
        int leaves = splits + 1;
        for (int tree = 0; tree < Trees; tree++)
        {
            if (IsChain)
            {
                children.AddRange(Enumerable.Range(0, splits).SelectMany(i => (int[])[-1 - i, i + 1 < splits ? 0 : -1 - splits]));
            }
            else
            {
                Full(children, Depth, 0);
            }
        }

        int all = splits * Trees;
        int width = IsTwice ? 2 : IsOfTree ? 1 : Targets;
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [Rows, Features], 0);
        int output = builder.AddTensor(TensorType.Float32, [Rows, Targets], 65536);
        builder.AddInput(input);
        int[] inputs =
        [
            input,
            builder.AddConstant(TensorType.Int32, [Trees, 2], MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, 2 * Trees).Select(i => i % 2 == 0 ? splits : leaves)])),
            builder.AddConstant(TensorType.Int32, [all], MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, all).Select(_ => random.Next(Features))])),
            builder.AddConstant(TensorType.Int32, [all, 2], MemoryMarshal.AsBytes<int>(children.ToArray())),
            builder.AddConstant(TensorType.Float32, [all], MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, all).Select(_ => Threshold(random))])),
            builder.AddConstant(TensorType.Float32, [leaves * Trees, width], MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, leaves * Trees * width).Select(_ => Weight(random))])),
            IsTwice ? builder.AddConstant(TensorType.Int8, [leaves * Trees * 2], new byte[leaves * Trees * 2])
                : IsOfTree ? builder.AddConstant(TensorType.Int8, [Trees], [.. Enumerable.Range(0, Trees).Select(_ => (byte)random.Next(Targets))]) : -1,
            builder.AddConstant(TensorType.Int8, [all], [.. Enumerable.Range(0, all).Select(_ => (byte)Comparison(random))]),
        ];
        builder.AddOperator(Opcode.TreeEnsemble, inputs, [output], [Aggregate, 0, (int)(IsTwice ? TreeTargets.OfWeight : IsOfTree ? TreeTargets.OfTree : TreeTargets.All)]);
        builder.AddOutput(After is null ? output : After(builder, output), OutputRole.Probability);
        return builder.Build();
    }

    /// <summary>A row: thresholds and their neighbours, and values that are special.</summary>
    internal static float[] Row(Random random, int length, float[] thresholds) => [.. Enumerable.Range(0, length).Select(_ => random.Next(4) switch
    {
        0 => Special[random.Next(Special.Length)],
        1 => thresholds[random.Next(thresholds.Length)],
        2 => random.Next(2) == 0 ? MathF.BitIncrement(thresholds[random.Next(thresholds.Length)]) : MathF.BitDecrement(thresholds[random.Next(thresholds.Length)]),
        _ => random.Next(-20, 21) / 8f,
    })];

    // Splits in order, the subtree where a comparison holds first. Gives the leaf after the last.
    private static int Full(List<int> children, int depth, int leaf)
    {
        int at = children.Count;
        children.AddRange([0, 0]);
        if (depth == 1)
        {
            (children[at], children[at + 1]) = (-1 - leaf, -2 - leaf);
            return leaf + 2;
        }

        leaf = Full(children, depth - 1, leaf);
        children[at + 1] = (children.Count - at - 2) / 2;
        return Full(children, depth - 1, leaf);
    }
}
