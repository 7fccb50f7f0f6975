using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Int16;

/// <summary>
/// How the sums of int16 activations and int8 weights become an operator's outputs: an int64 bias, requantized by channel as in
/// TensorFlow Lite's 16×8 scheme, clamped, and looked up where there is a table.
/// </summary>
internal unsafe struct WideRequantization
{
    // Positions among the inputs of Dense and the convolutions.
    private const int BiasInput = 2;
    private const int MultiplierInput = 3;
    private const int TableInput = 5;

    // Multipliers have 16 bits, shifts are 8 to 46.
    private WideFactors factors;
    private byte* table;
    private int units;
    private int zeroPoint;

    // The clamp before the zero point is added, so that the sum cannot leave int32.
    private int low;
    private int high;
    private bool outputIsInt16;
    private bool fast;

    /// <summary>Reads what <see cref="DenseRule"/> says of the outputs, of sums that are at most so large, or of any.</summary>
    internal static WideRequantization Bind(in BindContext context, int units, long mostOfSum = long.MaxValue)
    {
        OperatorRecord record = context.Operator;
        WideRequantization how = BindInt16(in context, units, (long*)context.InputData(BiasInput), MultiplierInput);
        how.zeroPoint = record.Int(DenseRule.ZeroPoint);
        how.low = record.Int(DenseRule.Min) - how.zeroPoint;
        how.high = record.Int(DenseRule.Max) - how.zeroPoint;
        how.table = context.InputData(TableInput);
        how.outputIsInt16 = context.Output().Type == TensorType.Int16;
        how.factors.AreBounded = how.AreBounded(mostOfSum);
        return how;
    }

    /// <summary>To int16, with a bias or null, by the multipliers and shifts at a position among the inputs: one for all units, one for each, of which the first may be another's, or one for each of so many runs of neighbours.</summary>
    internal static WideRequantization BindInt16(in BindContext context, int units, long* bias, int multipliers, int first = 0)
    {
        int elements = context.Input(multipliers).Elements;
        int start = elements == 1 ? 0 : first;
        var packing = new Packing
        {
            Bias = bias,
            Multipliers = (int*)context.InputData(multipliers) + start,
            Shifts = (sbyte*)context.InputData(multipliers + 1) + start,
            Units = units,
            Run = Math.Max(units / elements, 1),
        };
        int padded = Padded(units);
        long* packed = (long*)context.Shared(5L * padded * sizeof(long), packing, Pack);
        return new WideRequantization
        {
            factors = new WideFactors
            {
                Biases = packed,
                Multipliers = packed + padded,
                Shifts = packed + (2 * padded),
                Offsets = packed + (3 * padded),
                Lifts = packed + (4 * padded),
            },
            fast = context.Fast && WideScaling.IsSupported,
            units = units,
            low = short.MinValue,
            high = short.MaxValue,
            outputIsInt16 = true,
        };
    }

    /// <summary>Writes the output of a channel to its place in a row of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store(long sum, int channel, byte* row)
    {
        int value = Value(sum, channel);
        if (outputIsInt16)
        {
            ((short*)row)[channel] = table == null ? (short)value : ((short*)table)[value + 128];
        }
        else
        {
            ((sbyte*)row)[channel] = table == null ? (sbyte)value : ((sbyte*)table)[value + 128];
        }
    }

    /// <summary>Writes a row of outputs.</summary>
    internal readonly void StoreRow(int* sums, byte* row)
    {
        int channel = IsPlain ? (int)WideScaling.Store(sums, in factors, low, high, zeroPoint, (short*)row, units) : 0;
        for (; channel < units; channel++)
        {
            Store(sums[channel], channel, row);
        }
    }

    /// <summary>Writes a row of outputs.</summary>
    internal readonly void StoreRow(long* sums, byte* row)
    {
        int channel = IsPlain ? (int)WideScaling.Store(sums, in factors, low, high, zeroPoint, (short*)row, units) : 0;
        for (; channel < units; channel++)
        {
            Store(sums[channel], channel, row);
        }
    }

    private readonly bool AreBounded(long mostOfSum)
    {
        const long Most = 1L << 47;
        for (int unit = 0; unit < units; unit++)
        {
            long bias = factors.Biases[unit];
            if (mostOfSum > Most || bias is > Most or < -Most)
            {
                return false;
            }

            // Below 2^48 · 2^15.
            long product = (mostOfSum + Math.Abs(bias)) * factors.Multipliers[unit];
            if ((product >> (int)factors.Shifts[unit]) + 1 > int.MaxValue >> 1)
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool IsPlain => fast && outputIsInt16 && table == null;

    private static int Padded(int units) => (units + WideScaling.Channels - 1) / WideScaling.Channels * WideScaling.Channels;

    // What FixedPoint.Requantize does to 64 bits; the clamp lies within int32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Value(long sum, int channel)
    {
        int shift = (int)factors.Shifts[channel];
        long product = (((sum + factors.Biases[channel]) * factors.Multipliers[channel]) + (1L << (shift - 1))) >> shift;
        return (int)Math.Min(Math.Max(product, low), high) + zeroPoint;
    }

    private static void Pack(byte* destination, Packing packing)
    {
        int padded = Padded(packing.Units);
        long* biases = (long*)destination;
        for (int unit = 0; unit < packing.Units; unit++)
        {
            biases[unit] = packing.Bias == null ? 0 : packing.Bias[unit];
            biases[padded + unit] = FixedPoint.ReducedMultiplier(packing.Multipliers[unit / packing.Run]);
            int shift = 15 - packing.Shifts[unit / packing.Run];
            biases[(2 * padded) + unit] = shift;
            biases[(3 * padded) + unit] = unchecked((biases[unit] * biases[padded + unit]) + (1L << (shift - 1)) + long.MinValue);
            biases[(4 * padded) + unit] = (long)((1UL << 63) >> shift);
        }
    }

    private struct Packing
    {
        internal long* Bias;
        internal int* Multipliers;
        internal sbyte* Shifts;
        internal int Units;
        internal int Run;
    }
}
