using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Requantize;

namespace EdgeInference.Runtime.Kernels.Int8;

/// <summary>How int32 sums become an operator's outputs: scaled by channel, moved by the zero point, clamped, and looked up where there is a table.</summary>
internal unsafe struct Requantization
{
    /// <summary>For each channel, and zeros up to a whole vector of the widest kind.</summary>
    internal int* Multipliers;

    /// <summary>For each channel: the shift to the left before the multiplication, 0 to 30.</summary>
    internal int* LeftShifts;

    /// <summary>For each channel: the rounding shift to the right after it, 0 to 31.</summary>
    internal int* RightShifts;
    internal int ZeroPoint;
    internal int Min;
    internal int Max;

    /// <summary>256 entries, int8 or int16 as the output, or null.</summary>
    internal byte* Table;
    internal bool OutputIsInt16;

    /// <summary>For <see cref="RowRequantizer"/>, where it can be proven to give the same; else nulls.</summary>
    internal ShortRequantization Short;
}

/// <summary>
/// The end of every int8 operator with int32 sums: a vector at a time what <see cref="FixedPoint.Requantize(int, int, int)"/>
/// does to one, bit for bit.
/// </summary>
internal static unsafe class Requantizer
{
    /// <summary>int32 values in the widest vector: what arrays of sums and channels are padded to.</summary>
    internal const int Padding = 16;

    // Sums that were just stored as two vectors cannot be forwarded to a load of one; below this, waiting costs more than
    // the wider vectors gain.
    private const int MinChannelsOf512 = 48;

    // What a vector takes on Arm64, one number takes nearly as well.
    private static int MinChannels => AdvSimdRequantizeVector.IsSupported ? 1 : 3;

    // Positions among the inputs of Dense and the convolutions.
    private const int Bias = 2;
    private const int Multipliers = 3;
    private const int Table = 5;

    internal static int Padded(int channels) => (channels + Padding - 1) / Padding * Padding;

    /// <summary>Reads what <see cref="DenseRule"/> and the convolutions say of their outputs, for as many channels.</summary>
    internal static Requantization Bind(in BindContext context, int channels)
    {
        Requantization how = BindInt16(in context, channels, Multipliers);
        how.ZeroPoint = context.Operator.Int(DenseRule.ZeroPoint);
        how.Min = context.Operator.Int(DenseRule.Min);
        how.Max = context.Operator.Int(DenseRule.Max);
        how.Table = context.InputData(Table);
        how.OutputIsInt16 = context.Output().Type == TensorType.Int16;
        return how;
    }

    /// <summary>
    /// To int16 without a zero point, by the multipliers and shifts at a position among the inputs: one for all channels, one for each, of which the
    /// first may be another's, or one for each of so many runs of neighbours.
    /// </summary>
    internal static Requantization BindInt16(in BindContext context, int channels, int multipliers, int first = 0)
    {
        int elements = context.Input(multipliers).Elements;
        int start = elements == 1 ? 0 : first;
        var packing = new Packing
        {
            Multipliers = (int*)context.InputData(multipliers) + start,
            Shifts = (sbyte*)context.InputData(multipliers + 1) + start,
            Channels = channels,
            Run = Math.Max(channels / elements, 1),
        };
        int* packed = (int*)context.Shared((long)3 * Padded(channels) * sizeof(int), packing, Pack);
        return new Requantization
        {
            Multipliers = packed,
            LeftShifts = packed + Padded(channels),
            RightShifts = packed + (2 * Padded(channels)),
            Min = short.MinValue,
            Max = short.MaxValue,
            OutputIsInt16 = true,
        };
    }

    /// <summary>One multiplier and shift for all channels, to the range of a type that holds the zero point.</summary>
    internal static Requantization BindUniform(in BindContext context, int channels, int multiplier, int shift, int zeroPoint, bool outputIsInt16)
    {
        int* packed = (int*)context.Shared((long)3 * Padded(channels) * sizeof(int), new UniformPacking { Multiplier = multiplier, Shift = shift, Channels = channels }, PackUniform);
        return new Requantization
        {
            Multipliers = packed,
            LeftShifts = packed + Padded(channels),
            RightShifts = packed + (2 * Padded(channels)),
            ZeroPoint = zeroPoint,
            Min = outputIsInt16 ? short.MinValue : sbyte.MinValue,
            Max = outputIsInt16 ? short.MaxValue : sbyte.MaxValue,
            OutputIsInt16 = outputIsInt16,
        };
    }

    /// <summary>
    /// The function that requantizes n sums of channels 0 to n − 1: (sums, how, outputs, n). Sums are overwritten, up to
    /// the next multiple of <see cref="Padding"/>.
    /// </summary>
    internal static delegate*<int*, Requantization*, byte*, nint, void> Function(in BindContext context, bool fast, int channels) =>
        Function(in context, fast, channels, Multipliers, context.Input(1).Elements / channels, context.Input(0), (int*)context.InputData(Bias));

    /// <summary>The same for multipliers at a position among the inputs, and the products of a sum, what the weights are multiplied with, and the bias or null.</summary>
    internal static delegate*<int*, Requantization*, byte*, nint, void> Function(in BindContext context, bool fast, int channels, int multipliers, int depth, TensorInfo input, int* bias)
    {
        var shifts = new ReadOnlySpan<sbyte>(context.InputData(multipliers + 1), context.Input(multipliers + 1).Elements);
        return Function(fast, channels, Saturates(shifts, DenseRule.MostOfSum(depth, input), bias, channels));
    }

    /// <summary>The same, told whether a shift to the left may take a sum beyond int32.</summary>
    internal static delegate*<int*, Requantization*, byte*, nint, void> Function(bool fast, int channels, bool saturates)
    {
        var choice = new Choice { Channels = channels, Saturates = saturates, Function = &RunScalar };
        if (fast && channels >= MinChannels)
        {
            Int8Ladder.Requantizers<ChooseStep, Choice>(ref choice);
        }

        return choice.Function;
    }

    /// <summary>
    /// Requantizes rows of sums, <paramref name="stride"/> int32 from one to the next, by the function that was given
    /// for fast kernels.
    /// </summary>
    internal static void Rows(delegate*<int*, Requantization*, byte*, nint, void> requantize, int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        if (how->Short.Run != null)
        {
            how->Short.Run(sums, stride, rows, how, output, outputBytes, n);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            requantize(sums, how, output, n);
            sums += stride;
            output += outputBytes;
        }
    }

    // Whether a shift to the left may take a sum beyond int32, by the most that its products add up to and the largest bias.
    private static bool Saturates(ReadOnlySpan<sbyte> shifts, long products, int* biases, int channels)
    {
        int left = 0;
        foreach (sbyte shift in shifts)
        {
            left = Math.Max(left, shift);
        }

        long bias = 0;
        for (int i = 0; left > 0 && i < channels && biases != null; i++)
        {
            bias = Math.Max(bias, Math.Abs((long)biases[i]));
        }

        return left > 0 && (products + bias) << left > int.MaxValue;
    }

    private static void Pack(byte* destination, Packing packing)
    {
        int padded = Padded(packing.Channels);
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            int shift = packing.Shifts[channel / packing.Run];
            ((int*)destination)[channel] = packing.Multipliers[channel / packing.Run];
            ((int*)destination)[padded + channel] = Math.Max(shift, 0);
            ((int*)destination)[(2 * padded) + channel] = Math.Max(-shift, 0);
        }
    }

    private static void PackUniform(byte* destination, UniformPacking packing)
    {
        int padded = Padded(packing.Channels);
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            ((int*)destination)[channel] = packing.Multiplier;
            ((int*)destination)[padded + channel] = Math.Max(packing.Shift, 0);
            ((int*)destination)[(2 * padded) + channel] = Math.Max(-packing.Shift, 0);
        }
    }

    private static void RunScalar(int* sums, Requantization* how, byte* output, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            // One of the two shifts is 0.
            int value = FixedPoint.Requantize(sums[i], how->Multipliers[i], how->LeftShifts[i] - how->RightShifts[i]);
            sums[i] = Math.Clamp(value, how->Min - how->ZeroPoint, how->Max - how->ZeroPoint) + how->ZeroPoint;
        }

        Write(sums, how, output, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TShift>(int* sums, Requantization* how, byte* output, nint n)
        where TVector : struct, IRequantizeVector<TVector>
        where TShift : struct, ILeftShift
    {
        // Clamped before the zero point is added, so that the sum cannot leave int32.
        TVector zeroPoint = how->ZeroPoint;
        TVector min = how->Min - how->ZeroPoint;
        TVector max = how->Max - how->ZeroPoint;
        int* multipliers = how->Multipliers;
        int* lefts = how->LeftShifts;
        int* rights = how->RightShifts;
        bool plain = how->Table == null;
        bool shorts = how->OutputIsInt16;
        for (nint i = 0; i < n; i += TVector.Count)
        {
            TVector x = TShift.Apply(TVector.Load(sums + i), TVector.Load(lefts + i));
            x = TVector.MultiplyHigh(x, TVector.Load(multipliers + i));
            x = TVector.RoundingShiftRight(x, TVector.Load(rights + i));
            x = TVector.Min(TVector.Max(x, min), max) + zeroPoint;
            if (!plain || i + TVector.Count > n)
            {
                TVector.Store(x, sums + i);
            }
            else if (shorts)
            {
                TVector.StoreInt16(x, (short*)output + i);
            }
            else
            {
                TVector.StoreInt8(x, (sbyte*)output + i);
            }
        }

        if (!plain)
        {
            Write(sums, how, output, n);
            return;
        }

        WriteRest(sums, how, output, n, (nint)((nuint)n / (nuint)TVector.Count * (nuint)TVector.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRest(int* sums, Requantization* how, byte* output, nint n, nint done)
    {
        if (done == n)
        {
            return;
        }

        for (nint i = done; i < n; i++)
        {
            if (how->OutputIsInt16)
            {
                ((short*)output)[i] = (short)sums[i];
            }
            else
            {
                output[i] = (byte)sums[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(int* values, Requantization* how, byte* output, nint n)
    {
        if (how->Table == null)
        {
            WriteRest(values, how, output, n, 0);
        }
        else if (how->OutputIsInt16)
        {
            short* table = (short*)how->Table + 128;
            for (nint i = 0; i < n; i++)
            {
                ((short*)output)[i] = table[values[i]];
            }
        }
        else
        {
            LookUp(values, how->Table + 128, output, n);
        }
    }

    // Four at a time: counting takes as long as one of them.
    private static void LookUp(int* values, byte* table, byte* output, nint n)
    {
        int* end = values + n;
        for (int* last = end - 4; values <= last; values += 4)
        {
            output[0] = table[values[0]];
            output[1] = table[values[1]];
            output[2] = table[values[2]];
            output[3] = table[values[3]];
            output += 4;
        }

        while (values < end)
        {
            *output++ = table[*values++];
        }
    }

    private readonly struct ChooseStep : IRequantizeStep<Choice>
    {
        public static bool Run<TVector>(ref Choice choice)
            where TVector : struct, IRequantizeVector<TVector>
        {
            if (TVector.Count == Padding && choice.Channels < MinChannelsOf512)
            {
                return false;
            }

            choice.Function = choice.Saturates ? &Requantizer.Run<TVector, Saturating> : &Requantizer.Run<TVector, Exact>;
            return true;
        }
    }

    /// <summary>The shift to the left before the multiplication.</summary>
    private interface ILeftShift
    {
        static abstract TVector Apply<TVector>(TVector x, TVector count)
            where TVector : struct, IRequantizeVector<TVector>;
    }

    /// <summary>For sums that stay within int32.</summary>
    private readonly struct Exact : ILeftShift
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TVector>(TVector x, TVector count)
            where TVector : struct, IRequantizeVector<TVector>
            => TVector.ShiftLeft(x, count);
    }

    /// <summary>For others: beyond int32 its nearest end.</summary>
    private readonly struct Saturating : ILeftShift
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TVector>(TVector x, TVector count)
            where TVector : struct, IRequantizeVector<TVector>
        {
            TVector highest = TVector.ShiftRight(int.MaxValue, count);
            TVector within = TVector.Min(TVector.Max(x, TVector.ShiftRight(int.MinValue, count)), highest);
            return TVector.ShiftLeft(within, count) + (TVector.Greater(x, highest) & (TVector.ShiftLeft(1, count) - 1));
        }
    }

    private struct Choice
    {
        internal int Channels;
        internal bool Saturates;
        internal delegate*<int*, Requantization*, byte*, nint, void> Function;
    }

    private struct UniformPacking
    {
        internal int Multiplier;
        internal int Shift;
        internal int Channels;
    }

    private struct Packing
    {
        internal int* Multipliers;
        internal sbyte* Shifts;
        internal int Channels;
        internal int Run;
    }
}
