using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Tensors for rows. Random ones come from fixed seeds.</summary>
internal static class Make
{
    /// <summary>Sizes around the widths of vectors of 4 to 64 elements.</summary>
    internal static readonly int[] Widths = [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 65];

    /// <summary>Multiples of 1/8 from −2 to 2: products and their sums are exact in float32.</summary>
    internal static Values Real(int seed, params int[] shape) => Reals(shape, Draw(Grid.Count(shape), seed, random => random.Next(-16, 17) / 8.0));

    /// <summary>Numbers with many digits.</summary>
    internal static Values Smooth(int seed, double low, double high, params int[] shape) =>
        Reals(shape, Draw(Grid.Count(shape), seed, random => (float)(low + (random.NextDouble() * (high - low)))));

    internal static Values Reals(int[] shape, params double[] data) => new(TensorType.Float32, shape, data);

    /// <summary>Codes of the whole range, with the lowest and the highest among them.</summary>
    internal static Values Codes(TensorType type, int seed, float scale, int zeroPoint, params int[] shape)
    {
        int limit = type == TensorType.Int8 ? 128 : 32768;
        double[] data = Draw(Grid.Count(shape), seed, random => random.Next(8) switch { 0 => -limit, 1 => limit - 1, 2 => zeroPoint, _ => random.Next(-limit, limit) });
        return new(type, shape, data, quantization: new TensorQuantization(scale, zeroPoint));
    }

    internal static Values Codes(TensorType type, float scale, int zeroPoint, int[] shape, params double[] data) =>
        new(type, shape, data, quantization: new TensorQuantization(scale, zeroPoint));

    internal static Values Whole(int seed, params int[] shape) => new(TensorType.Int32, shape, Draw(Grid.Count(shape), seed, random => random.Next(-1_000_000, 1_000_000)));

    internal static Values Constant(Values values) => new(values.Type, values.Shape, values.Data, true, values.Quantization);

    internal static Values Integers(TensorType type, params double[] data) => new(type, [data.Length], data, true);

    internal static Values Bytes(int seed, params int[] shape) => new(TensorType.Int8, shape, Draw(Grid.Count(shape), seed, random => random.Next(6) == 0 ? -128 : random.Next(-128, 128)), true);

    internal static Values Output(TensorType type, params int[] shape) => new(type, shape, []);

    internal static Values Output(TensorType type, float scale, int zeroPoint, params int[] shape) => new(type, shape, [], quantization: new TensorQuantization(scale, zeroPoint));

    /// <summary>A tensor of any type for operators that only move elements.</summary>
    internal static Values Any(TensorType type, int seed, params int[] shape) => type switch
    {
        TensorType.Float32 => Real(seed, shape),
        TensorType.Int32 => Whole(seed, shape),
        _ => Codes(type, seed, 0.5f, 3, shape),
    };

    internal static Values Like(Values input, params int[] shape) => new(input.Type, shape, [], quantization: input.Quantization);

    internal static double[] Draw(int count, int seed, Func<Random, double> next)
    {
        var random = new Random(seed);
        double[] data = new double[count];
        for (int i = 0; i < count; i++)
        {
            data[i] = next(random);
        }

        return data;
    }
}
