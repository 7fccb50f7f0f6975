using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress;

/// <summary>Operators that move elements of any type and compute nothing.</summary>
internal static class RandomCopies
{
    private const int MostDimensions = 6;

    internal static IReadOnlyList<RandomPrograms.Row> Rows { get; } =
    [
        .. new[] { TensorType.Float32, TensorType.Int8, TensorType.Int16, TensorType.Int32 }.SelectMany(type => (RandomPrograms.Row[])
        [
            new(Opcode.Reshape, type, Reshape),
            new(Opcode.Transpose, type, Transpose),
            new(Opcode.Slice, type, Slice),
            new(Opcode.Expand, type, Expand),
            new(Opcode.Concat, type, Concat),
            new(Opcode.Pad, type, Pad),
            new(Opcode.Gather, type, Gather),
        ]),
    ];

    /// <summary>Some elements of each axis.</summary>
    internal static Item Slice(RandomModel model, Item x)
    {
        int[] starts = new int[MostDimensions];
        int[] steps = new int[MostDimensions];
        int[] shape = [.. x.Shape];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int size = shape[axis];
            shape[axis] = model.Random.Next(1, size + 1);
            int longest = shape[axis] == 1 ? size : (size - 1) / (shape[axis] - 1);
            int step = model.Random.Next(-longest, longest + 1);
            int span = Math.Abs(step) * (shape[axis] - 1);
            starts[axis] = model.Random.Next(size - span) + (step < 0 ? span : 0);
            steps[axis] = step;
        }

        return model.Add(Opcode.Slice, model.Arena(x.Type, shape, x.ZeroPoint), [x.Index], [.. starts, .. steps]);
    }

    /// <summary>As many elements of the last axis as are asked for, in any order and as often as it takes.</summary>
    internal static Item Features(RandomModel model, Item x, int features)
    {
        x = model.OfSomeRank(x);
        int indices = model.Ints(features, () => model.Random.Next(x.Shape[^1]));
        return model.Add(Opcode.Gather, model.Arena(x.Type, [.. x.Shape[..^1], features], x.ZeroPoint), [x.Index, indices], [x.Shape.Length - 1]);
    }

    private static Item Reshape(RandomModel model, Item x)
    {
        int factor = model.Pick(1, 2, 3, 4, 7);
        factor = x.Elements % factor == 0 ? factor : 1;
        return model.Reshape(x, x.Shape.Length == MostDimensions ? [x.Elements] : model.Pick<int[]>([x.Elements], [factor, x.Elements / factor], [x.Elements / factor, 1, factor], [1, .. x.Shape]));
    }

    private static Item Transpose(RandomModel model, Item x)
    {
        int[] permutation = [.. Enumerable.Range(0, x.Shape.Length)];
        model.Random.Shuffle(permutation);
        Item y = model.Arena(x.Type, [.. permutation.Select(axis => x.Shape[axis])], x.ZeroPoint);
        return model.Add(Opcode.Transpose, y, [x.Index], [.. permutation, .. new int[MostDimensions - permutation.Length]]);
    }

    private static Item Expand(RandomModel model, Item x)
    {
        if (x.Shape.Length < 5 && model.Chance(2))
        {
            int at = model.Random.Next(x.Shape.Length + 1);
            x = model.Reshape(x, [.. x.Shape[..at], 1, .. x.Shape[at..]]);
        }

        int room = 2 * RandomModel.MostElements / x.Elements;
        int[] shape = [.. x.Shape.Select(size => size == 1 ? Factor() : size)];
        while (shape.Length < MostDimensions && model.Chance(3))
        {
            shape = [Factor(), .. shape];
        }

        return model.Add(Opcode.Expand, model.Arena(x.Type, shape, x.ZeroPoint), [x.Index], []);

        int Factor()
        {
            int factor = model.Random.Next(1, Math.Clamp(room, 1, 9) + 1);
            room /= factor;
            return factor;
        }
    }

    private static Item Concat(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        int axis = model.Random.Next(x.Shape.Length);
        Item[] parts = [x, .. RandomModel.Many(model.Random.Next(4), () => model.Chance(4) ? x : model.Other(x.Type, [.. x.Shape[..axis], model.Random.Next(1, 10), .. x.Shape[(axis + 1)..]], x.ZeroPoint))];
        int[] shape = [.. x.Shape];
        shape[axis] = parts.Sum(part => part.Shape[axis]);

        // A kernel is found by the type of the first input, which is the same whichever that is.
        model.Random.Shuffle(parts);
        return model.Add(Opcode.Concat, model.Arena(x.Type, shape, x.ZeroPoint), [.. parts.Select(part => part.Index)], [axis]);
    }

    private static Item Pad(RandomModel model, Item x)
    {
        int mode = model.Kind<PadMode>();
        int[] before = new int[MostDimensions];
        int[] shape = [.. x.Shape];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int most = mode == (int)PadMode.Reflect ? Math.Min(3, shape[axis] - 1) : 3;
            before[axis] = model.Random.Next(most + 1);
            shape[axis] += before[axis] + model.Random.Next(most + 1);
        }

        int value = x.Type == TensorType.Float32 ? RandomModel.Bits(model.Uniform()) : model.Random.Next(-128, 128);
        return model.Add(Opcode.Pad, model.Arena(x.Type, shape, x.ZeroPoint), [x.Index], [.. before, mode, value]);
    }

    private static Item Gather(RandomModel model, Item x)
    {
        if (x.Type == TensorType.Float32 && model.Chance(4))
        {
            // The elements are the indices, whatever they are.
            int data = model.Constant(x.Type, [model.Random.Next(1, 20)]);
            return model.Add(Opcode.Gather, model.Arena(x.Type, x.Shape), [data, x.Index], [0]);
        }

        x = model.OfSomeRank(x);
        int axis = model.Random.Next(x.Shape.Length);
        int[] indexShape = x.Shape.Length > 4 ? [model.Random.Next(1, 5)] : RandomModel.Many(model.Random.Next(3), () => model.Random.Next(1, 5));
        int count = indexShape.Aggregate(1, (product, size) => product * size);
        int indices = model.Chance(3)
            ? model.Values(TensorType.Float32, indexShape, RandomModel.Many(count, () => model.Pick(model.Uniform() * x.Shape[axis], float.NaN, float.PositiveInfinity, -1e30f)))
            : model.Values(TensorType.Int32, indexShape, RandomModel.Many(count, () => model.Random.Next(x.Shape[axis])));
        int[] shape = [.. x.Shape[..axis], .. indexShape, .. x.Shape[(axis + 1)..]];
        return model.Add(Opcode.Gather, model.Arena(x.Type, shape, x.ZeroPoint), [x.Index, indices], [axis]);
    }
}
