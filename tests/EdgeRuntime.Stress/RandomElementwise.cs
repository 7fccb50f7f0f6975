using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using static EdgeInference.Runtime.Stress.RandomModel;

namespace EdgeInference.Runtime.Stress;

/// <summary>Operators that compute each element of a tensor, or each row of it, by itself.</summary>
internal static class RandomElementwise
{
    internal static IReadOnlyList<RandomPrograms.Row> Rows { get; } =
    [
        new(Opcode.Activation, TensorType.Float32, Activation),
        new(Opcode.Unary, TensorType.Float32, (model, x) => model.Like(x, Opcode.Unary, x.Type, [x.Index], [model.Kind<UnaryKind>(), Bits(model.Uniform()), Bits(model.Uniform())])),
        new(Opcode.Binary, TensorType.Float32, (model, x) => Broadcast(model, x, Opcode.Binary, [model.Kind<BinaryKind>()])),
        .. new[] { Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Div }.Select(opcode => new RandomPrograms.Row(opcode, TensorType.Float32, (model, x) => Broadcast(model, x, opcode, new int[OperatorNames.Parameters(Opcode.Add).Length]))),
        .. new[] { Opcode.Add, Opcode.Sub, Opcode.Mul }.SelectMany(opcode => new[] { TensorType.Int8, TensorType.Int16 }.Select(type =>
            new RandomPrograms.Row(opcode, type, (model, x) => Broadcast(model, x, opcode, FixedBinary(model, type))))),
        new(Opcode.Where, TensorType.Float32, Where),
        new(Opcode.Table, TensorType.Int8, Table),
        new(Opcode.Table, TensorType.Int16, Segments),
        new(Opcode.Quantize, TensorType.Float32, Quantize),
        new(Opcode.Dequantize, TensorType.Int8, Dequantize),
        new(Opcode.Dequantize, TensorType.Int16, Dequantize),
        new(Opcode.Softmax, TensorType.Float32, Softmax),
        new(Opcode.Softmax, TensorType.Int8, Softmax),
        new(Opcode.Softmax, TensorType.Int16, Softmax),
        new(Opcode.LogSoftmax, TensorType.Float32, (model, x) => LikeRows(model, model.OfSomeRank(x), Opcode.LogSoftmax)),
    ];

    private static Item LikeRows(RandomModel model, Item x, Opcode opcode) => model.Like(x, opcode, x.Type, [x.Index], []);

    private static Item Activation(RandomModel model, Item x)
    {
        if (!model.Chance(6))
        {
            return model.Like(x, Opcode.Activation, x.Type, [x.Index], model.Activation());
        }

        int slopes = model.Constant(TensorType.Float32, [x.Shape.LastOrDefault(1)]);
        return model.Like(x, Opcode.Activation, x.Type, [x.Index, slopes], [(int)ActivationKind.PReLU, 0, 0]);
    }

    // The second input is a constant, another input of the model, or the first one again; either may be the larger one.
    private static Item Broadcast(RandomModel model, Item x, Opcode opcode, int[] parameters)
    {
        int[] shape = [.. x.Shape.Select(size => model.Chance(3) ? 1 : size).Skip(model.Random.Next(x.Shape.Length + 1))];
        if (x.Elements < 256 && model.Chance(3))
        {
            shape = [.. x.Shape.Select(size => size == 1 ? model.Random.Next(1, 5) : size)];
            shape = shape.Length < 4 ? [model.Random.Next(1, 4), .. shape] : shape;
        }

        Item other = model.Chance(4) ? x : model.Other(x.Type, shape);
        int rank = Math.Max(x.Shape.Length, other.Shape.Length);
        int[] result = [.. Enumerable.Range(0, rank).Select(axis => Math.Max(Size(x, axis - rank), Size(other, axis - rank)))];
        return model.Add(opcode, model.Arena(x.Type, result), model.Chance(2) ? [x.Index, other.Index] : [other.Index, x.Index], parameters);
    }

    private static int Size(Item x, int fromEnd) => x.Shape.Length + fromEnd >= 0 ? x.Shape[^-fromEnd] : 1;

    private static int[] FixedBinary(RandomModel model, TensorType type)
    {
        Random random = model.Random;
        return [random.Next(int.MaxValue), -random.Next(32), random.Next(int.MaxValue), -random.Next(32), random.Next(int.MaxValue), random.Next(-31, 31), .. model.Clamp(type)];
    }

    private static Item Where(RandomModel model, Item x)
    {
        int[] inputs = [x.Index, Part(), Part()];
        model.Random.Shuffle(inputs);
        return model.Like(x, Opcode.Where, x.Type, inputs, []);

        int Part() => model.Chance(4) ? x.Index : model.Other(x.Type, [.. x.Shape.Select(size => model.Chance(2) ? 1 : size).Skip(model.Random.Next(x.Shape.Length + 1))]).Index;
    }

    private static Item Table(RandomModel model, Item x)
    {
        TensorType type = model.Pick(TensorType.Int8, TensorType.Int16);
        int entries = model.Chance(2) ? 256 : 256 * x.Shape.LastOrDefault(1);
        return model.Like(x, Opcode.Table, type, [x.Index, model.Constant(type, [entries])], []);
    }

    private static Item Segments(RandomModel model, Item x)
    {
        var starts = new SortedSet<int>(RandomModel.Many(model.Random.Next(20), () => model.Random.Next(short.MinValue, short.MaxValue + 1))) { short.MinValue };
        // A shift of a segment's length at least, so that no coefficient is too large.
        int[] segments = [.. starts.Zip(starts.Skip(1).Append(short.MaxValue + 1)).SelectMany(part => (int[])
        [
            (part.First * (1 << InterpolationTable.ShiftBits)) + model.Random.Next(32 - int.LeadingZeroCount(part.Second - part.First - 1), 17), .. RandomModel.Many(4, () => model.Random.Next(int.MinValue, int.MaxValue)),
        ])];
        int table = model.Values(TensorType.Int32, [segments.Length], segments);
        return model.Like(x, Opcode.Table, model.Pick(TensorType.Int8, TensorType.Int16), [x.Index, table], []);
    }

    private static Item Quantize(RandomModel model, Item x)
    {
        int features = x.Shape.LastOrDefault(1);
        int[] inputs = [x.Index, .. RandomModel.Many(model.Random.Next(3), () => model.Chance(4) ? -1 : model.Values(TensorType.Float32, [features], RandomModel.Many(features, () => 0.05f + (float)model.Random.NextDouble())))];
        return model.Like(x, Opcode.Quantize, model.Pick(TensorType.Int8, TensorType.Int16), inputs, []);
    }

    private static Item Dequantize(RandomModel model, Item x) => model.Like(x, Opcode.Dequantize, TensorType.Float32, [x.Index], []);

    private static Item Softmax(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        if (x.Shape[^1] > SoftmaxRule.MaxInt8Classes)
        {
            x = model.Reshape(x, [x.Elements, 1]);
        }

        int beta = Bits(model.Uniform());
        int multiplier = model.Random.Next(int.MaxValue);
        switch (x.Type)
        {
            case TensorType.Float32:
                return model.Like(x, Opcode.Softmax, x.Type, [x.Index], [beta, 0, 0, 0]);
            case TensorType.Int8:
                int left = model.Random.Next(32);
                return model.Like(x, Opcode.Softmax, model.Pick(TensorType.Int8, TensorType.Int16), [x.Index], [beta, multiplier, left, -model.Random.Next(left <= 23 ? 32769 : (1 << (31 - left)) + 1)]);
            default:
                int[] tables =
                [
                    model.Values(TensorType.Int16, [Int16Softmax.TableLength], RandomModel.Many(Int16Softmax.TableLength, () => (short)model.Random.Next(2, 32768))),
                    model.Values(TensorType.Int16, [Int16Softmax.TableLength], RandomModel.Many(Int16Softmax.TableLength, () => (short)model.Random.Next(32768))),
                ];
                return model.Like(x, Opcode.Softmax, x.Type, [x.Index, .. tables], [beta, multiplier, model.Random.Next(-31, 31), 0]);
        }
    }
}
