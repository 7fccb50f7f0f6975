using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Stress;

/// <summary>Operators that take several elements together: reductions, normalizations, trees and votes.</summary>
internal static class RandomReductions
{
    internal static IReadOnlyList<RandomPrograms.Row> Rows { get; } =
    [
        new(Opcode.Reduce, TensorType.Float32, Reduce),
        new(Opcode.Reduce, TensorType.Int8, Reduce),
        new(Opcode.Reduce, TensorType.Int16, Reduce),
        new(Opcode.ArgReduce, TensorType.Float32, ArgReduce),
        new(Opcode.CumSum, TensorType.Float32, CumSum),
        new(Opcode.LayerNormalization, TensorType.Float32, LayerNormalization),
        new(Opcode.LRN, TensorType.Float32, (model, x) => model.Like(x, Opcode.LRN, x.Type, [x.Index], [model.Random.Next(1, 12), .. RandomModel.Many(3, () => RandomModel.Bits(model.Uniform()))])),
        new(Opcode.TreeEnsemble, TensorType.Float32, TreeEnsemble),
        new(Opcode.FeatureTransform, TensorType.Float32, FeatureTransform),
        new(Opcode.PairwiseCoupling, TensorType.Float32, PairwiseCoupling),
    ];

    private static Item Reduce(RandomModel model, Item x)
    {
        int axes = model.Random.Next(1 << x.Shape.Length);
        int kind = x.Type == TensorType.Float32 ? model.Kind<ReduceKind>() : model.Random.Next((int)ReduceKind.Min + 1);
        bool keep = model.Chance(2);
        int[] shape = [.. x.Shape.Select((size, axis) => (axes & (1 << axis)) == 0 ? size : keep ? 1 : 0).Where(size => size > 0)];
        int zeroPoint = kind is (int)ReduceKind.Max or (int)ReduceKind.Min ? x.ZeroPoint : 0;
        return model.Add(Opcode.Reduce, model.Arena(x.Type, shape, zeroPoint), [x.Index], [kind, axes, model.Random.Next(int.MaxValue), model.Random.Next(-31, 31)]);
    }

    private static Item ArgReduce(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        int axis = model.Random.Next(x.Shape.Length);
        Item y = model.Arena(x.Type, [.. x.Shape[..axis], .. x.Shape[(axis + 1)..]]);
        return model.Add(Opcode.ArgReduce, y, [x.Index], [model.Random.Next(2), axis, model.Random.Next(2)]);
    }

    private static Item CumSum(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        return model.Like(x, Opcode.CumSum, x.Type, [x.Index], [model.Random.Next(x.Shape.Length), model.Random.Next(2), model.Random.Next(2)]);
    }

    private static Item LayerNormalization(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        int axes = model.Random.Next(1, x.Shape.Length + 1);
        int depth = x.Shape[^axes..].Aggregate(1, (product, size) => product * size);
        int[] inputs = [x.Index, .. RandomModel.Many(model.Random.Next(3), () => model.Chance(4) ? -1 : model.Constant(x.Type, [depth]))];
        return model.Like(x, Opcode.LayerNormalization, x.Type, inputs, [axes, model.Random.Next(2), RandomModel.Bits(1e-3f)]);
    }

    private static Item TreeEnsemble(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        Random random = model.Random;
        int targets = random.Next(1, 6);
        var kind = (TreeTargets)random.Next(3);
        int width = kind switch { TreeTargets.All => targets, TreeTargets.OfWeight => random.Next(1, 4), _ => 1 };
        bool own = model.Chance(2);
        int shared = random.Next(1, 12);
        var counts = new List<int>();
        var children = new List<int>();
        int trees = random.Next(1, 12);
        int all = own ? 0 : shared;
        for (int tree = 0; tree < trees; tree++)
        {
            int count = random.Next(1, 9);
            int leaves = own ? random.Next(1, 6) : shared;
            counts.AddRange(own ? [count, leaves] : [count]);
            all += own ? leaves : 0;
            for (int left = count - 1; left >= 0; left--)
            {
                children.AddRange(RandomModel.Many(2, () => left > 0 && !model.Chance(3) ? random.Next(left) : -1 - random.Next(leaves)));
            }
        }

        int splits = children.Count / 2;
        int[] inputs =
        [
            x.Index,
            Integers(model, own ? [trees, 2] : [trees], counts),
            Integers(model, [splits], RandomModel.Many(splits, () => random.Next(x.Shape[^1]))),
            Integers(model, [splits, 2], children),
            model.Constant(TensorType.Float32, [splits]),
            model.Constant(TensorType.Float32, [all, width]),
            kind == TreeTargets.All ? -1 : Targets(kind == TreeTargets.OfTree ? trees : all * width),
        ];
        bool each = model.Chance(2);
        bool coded = model.Chance(3);
        if (each)
        {
            inputs = [.. inputs, model.Values(TensorType.Int8, [splits], RandomModel.Many(splits, () => (sbyte)(random.Next(6) + (8 * random.Next(2)))))];
        }

        if (coded)
        {
            inputs = [.. inputs, .. each ? (int[])[] : [-1], model.Values(TensorType.Int8, [x.Shape[^1]], RandomModel.Many(x.Shape[^1], () => (sbyte)(random.Next(-18, -11) + (model.Chance(9) ? random.Next(-108, 123) : 0))))];
            inputs[TreeEnsembleRule.Thresholds] = model.Values(TensorType.Int16, [splits], RandomModel.Many(splits, () => (short)random.Next(short.MinValue, short.MaxValue + 1)));
        }

        if (each)
        {
            return Add(0);
        }

        return Add(model.Chance(2) ? 0 : random.Next(6) + (8 * random.Next(2)));

        int Targets(int count) => Integers(model, [count], RandomModel.Many(count, () => random.Next(targets)));

        Item Add(int comparison) => model.Add(Opcode.TreeEnsemble, model.Arena(x.Type, [.. x.Shape[..^1], targets]), inputs, [random.Next(4), comparison, (int)kind]);
    }

    private static Item FeatureTransform(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        int outputs = model.Random.Next(1, 8);
        int[] kinds = RandomModel.Many(outputs, () => model.Random.Next(5));
        var counts = new List<int>();
        var values = new List<float>();
        foreach (FeatureKind kind in kinds)
        {
            int n = model.Random.Next(1, 7);
            float[] ascending = [.. RandomModel.Many(n, model.Uniform).Order()];
            if (FeatureTransformRule.HasCount((int)kind))
            {
                counts.Add(n);
            }

            values.AddRange(kind switch
            {
                FeatureKind.PiecewiseLinear => [model.Uniform(), .. ascending, .. RandomModel.Many(2 * FeatureTransformRule.Segments(n), model.Uniform)],
                FeatureKind.Equal => [model.Pick(0f, 1f, -0.5f)],
                FeatureKind.Bin => ascending,
                _ => [],
            });
        }

        int[] inputs =
        [
            x.Index,
            Integers(model, [outputs], RandomModel.Many(outputs, () => model.Random.Next(x.Shape[^1]))),
            model.Values(TensorType.Int8, [outputs], Array.ConvertAll(kinds, kind => (sbyte)kind)),
            counts.Count == 0 ? -1 : Integers(model, [counts.Count], counts),
            .. values.Count == 0 ? (int[])[] : [model.Values(TensorType.Float32, [values.Count], values.ToArray())],
        ];
        return model.Add(Opcode.FeatureTransform, model.Arena(x.Type, [.. x.Shape[..^1], outputs]), inputs, []);
    }

    // In a type that holds the numbers, which need not be the smallest.
    private static int Integers(RandomModel model, int[] shape, IReadOnlyList<int> values) => model.Random.Next(values.Max() <= sbyte.MaxValue ? 4 : values.Max() <= short.MaxValue ? 2 : 1) switch
    {
        0 => model.Values(TensorType.Int32, shape, values.ToArray()),
        1 => model.Values(TensorType.Int16, shape, values.Select(value => (short)value).ToArray()),
        _ => model.Values(TensorType.Int8, shape, values.Select(value => (sbyte)value).ToArray()),
    };

    private static Item PairwiseCoupling(RandomModel model, Item x)
    {
        int classes = model.Random.Next(2, 9);
        x = RandomCopies.Features(model, x, classes * (classes - 1) / 2);
        return model.Add(Opcode.PairwiseCoupling, model.Arena(x.Type, [.. x.Shape[..^1], classes]), [x.Index], []);
    }
}
