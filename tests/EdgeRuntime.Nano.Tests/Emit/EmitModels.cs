using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>One fixed-point layer as its numbers, the file that holds it, and what it computes by its definition.</summary>
internal sealed record EmitLayer
{
    internal TensorType Input { get; init; } = TensorType.Int8;

    internal TensorType Output { get; init; } = TensorType.Int8;

    internal int InputZeroPoint { get; init; }

    internal required int Units { get; init; }

    internal required sbyte[] Weights { get; init; }

    internal required long[]? Bias { get; init; }

    internal int[] Multipliers { get; init; } = [1 << 30];

    internal int[] Shifts { get; init; } = [0];

    internal int ZeroPoint { get; init; }

    internal int Min { get; init; } = sbyte.MinValue;

    internal int Max { get; init; } = sbyte.MaxValue;

    /// <summary>256 entries, or null.</summary>
    internal int[]? Table { get; init; }

    internal int Depth => Weights.Length / Units;

    /// <summary>The file.</summary>
    internal byte[] File()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(Input, [1, Depth], 0, new TensorQuantization(1f / 64, InputZeroPoint));
        int y = builder.AddTensor(Output, [1, Units], 65536, new TensorQuantization(1f / 64, Table is null ? ZeroPoint : 0));
        int bias = Bias is null ? -1
            : Input == TensorType.Int8 ? builder.AddConstant(TensorType.Int32, [Units], MemoryMarshal.AsBytes<int>(Array.ConvertAll(Bias, value => (int)value)))
            : builder.AddConstant(TensorType.Int64, [Units], MemoryMarshal.AsBytes<long>(Bias));
        int[] inputs =
        [
            x,
            builder.AddConstant(TensorType.Int8, [Units, Depth], MemoryMarshal.AsBytes<sbyte>(Weights)),
            bias,
            builder.AddConstant(TensorType.Int32, [Multipliers.Length], MemoryMarshal.AsBytes<int>(Multipliers)),
            builder.AddConstant(TensorType.Int8, [Shifts.Length], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(Shifts, Convert.ToSByte))),
            Table is null ? -1
                : Output == TensorType.Int8 ? builder.AddConstant(TensorType.Int8, [256], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(Table, value => (sbyte)value)))
                : builder.AddConstant(TensorType.Int16, [256], MemoryMarshal.AsBytes<short>(Array.ConvertAll(Table, value => (short)value))),
        ];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max], parameters[DenseRule.ZeroPoint]) = (Min, Max, ZeroPoint);
        builder.AddOperator(Opcode.Dense, inputs, [y], parameters);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    /// <summary>The outputs by definition: sums, which int32 holds for int8, products rounded as FixedPoint says, saturated to int32.</summary>
    internal int[] Compute(int[] input)
    {
        var output = new int[Units];
        for (int unit = 0; unit < Units; unit++)
        {
            Int128 sum = Bias?[unit] ?? 0;
            for (int i = 0; i < Depth; i++)
            {
                sum += (Int128)(input[i] - InputZeroPoint) * Weights[(unit * Depth) + i];
            }

            int multiplier = Multipliers[Multipliers.Length == 1 ? 0 : unit];
            int shift = Shifts[Shifts.Length == 1 ? 0 : unit];
            long scaled = Input == TensorType.Int8 ? Requantize32(sum, multiplier, shift) : Requantize(sum, multiplier, shift);
            int q = (int)Math.Min(Math.Max(scaled + ZeroPoint, Min), Max);
            output[unit] = Table is null ? q : Table[q + 128];
        }

        return output;
    }

    private static int Requantize32(Int128 sum, int multiplier, int shift)
    {
        Int128 left = shift > 0 ? Saturate(sum << shift) : sum;
        Int128 product = Floor((left * multiplier) + (1L << 30), 31);
        if (shift >= 0)
        {
            return (int)product;
        }

        Int128 half = Int128.One << (-shift - 1);
        return (int)(product < 0 ? -Floor(-product + half, -shift) : Floor(product + half, -shift));
    }

    private static int Requantize(Int128 sum, int multiplier, int shift)
    {
        int reduced = multiplier >= 0x7FFF0000 ? 0x7FFF : (multiplier + 0x8000) / 0x10000;
        return Saturate(Floor((sum * reduced) + (Int128.One << (14 - shift)), 15 - shift));
    }

    private static int Saturate(Int128 value) => value > int.MaxValue ? int.MaxValue : value < int.MinValue ? int.MinValue : (int)value;

    private static Int128 Floor(Int128 value, int bits) => value >> bits;
}
