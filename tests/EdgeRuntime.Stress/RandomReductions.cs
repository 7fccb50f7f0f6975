using EdgeInference.ModelFormat;

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
        int count = random.Next(1, 30);
        int targets = random.Next(1, 6);
        int weights = random.Next(1, 12);
        int[] nodes = [.. Enumerable.Range(0, count).SelectMany(Node)];
        int[] inputs =
        [
            x.Index,
            model.Values(TensorType.Int32, [count, 4], nodes),
            model.Constant(TensorType.Float32, [count]),
            model.Ints(random.Next(1, 5), () => random.Next(count)),
            model.Ints(weights, () => random.Next(targets)),
            model.Constant(TensorType.Float32, [weights]),
        ];
        return model.Add(Opcode.TreeEnsemble, model.Arena(x.Type, [.. x.Shape[..^1], targets]), inputs, [random.Next(4)]);

        int[] Node(int index)
        {
            if (index == count - 1 || model.Chance(3))
            {
                int first = random.Next(weights + 1);
                return [-1, 0, first, random.Next(weights - first + 1)];
            }

            return [random.Next(x.Shape[^1]), random.Next(6) + (8 * random.Next(2)), random.Next(index + 1, count), random.Next(index + 1, count)];
        }
    }

    private static Item PairwiseCoupling(RandomModel model, Item x)
    {
        int classes = model.Random.Next(2, 9);
        x = RandomCopies.Features(model, x, classes * (classes - 1) / 2);
        return model.Add(Opcode.PairwiseCoupling, model.Arena(x.Type, [.. x.Shape[..^1], classes]), [x.Index], []);
    }
}
