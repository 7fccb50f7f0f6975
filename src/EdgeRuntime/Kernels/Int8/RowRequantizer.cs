using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Requantize;

namespace EdgeInference.Runtime.Kernels.Int8;

/// <summary>What <see cref="RowRequantizer"/> keeps of each channel, in arrays padded as those of <see cref="Requantization"/>.</summary>
internal unsafe struct ShortRequantization
{
    /// <summary>Requantizes rows: (sums, int32 from one row to the next, rows, how, outputs, bytes from one row to the next, channels). Null where it cannot be proven to give the same.</summary>
    internal delegate*<int*, nint, int, Requantization*, byte*, nint, nint, void> Run;

    /// <summary>The shift to the left before the multiplication, and one more where that does not double.</summary>
    internal int* Lefts;

    /// <summary>What is added before the shift to the right: half a step, and the zero point.</summary>
    internal int* Halves;
}

/// <summary>
/// int8 or int16 outputs of rows of int32 sums, bit for bit as <see cref="Requantizer"/> computes them, in fewer instructions. With a sum
/// x below 2^30 in magnitude, 2x·multiplier needs no shift after the multiplication; the rounding shift by s, whose ties go away
/// from zero, is (x + 2^(s−1) − [x &lt; 0]) &gt;&gt; s, and a zero point z joins it as z·2^s. <see cref="Bind"/> proves
/// for each channel that nothing leaves int32 on the way, from the weights, the bias and the reach of the inputs.
/// </summary>
internal static unsafe class RowRequantizer
{
    private const int RowsAtOnce = 4;

    /// <summary>
    /// Leaves <see cref="Requantization.Short"/> nulls where a sum could be too large, or outputs are not plain int8 or all of int16. <paramref name="weights"/> and
    /// <paramref name="bias"/> are those of the file: [channels, window] and [channels] or null.
    /// </summary>
    internal static void Bind(in BindContext context, ref Requantization how, sbyte* weights, int* bias, int channels, int window, int inputZeroPoint)
    {
        var choice = new Choice { Channels = channels };
        if (!Int8Ladder.Requantizers<ChooseStep, Choice>(ref choice) || how.Table != null || !(how.OutputIsInt16 ? how.Min == short.MinValue && how.Max == short.MaxValue : how.Min >= sbyte.MinValue && how.Max <= sbyte.MaxValue))
        {
            return;
        }

        var packing = new Packing
        {
            Multipliers = how.Multipliers,
            LeftShifts = how.LeftShifts,
            RightShifts = how.RightShifts,
            ZeroPoint = how.ZeroPoint,
            Weights = weights,
            Bias = bias,
            Channels = channels,
            Window = window,
            InputZeroPoint = inputZeroPoint,
            Doubling = choice.Doubles ? 0 : 1,
        };
        int padded = Requantizer.Padded(channels);

        // Proven once for all sessions: behind the arrays stands whether it could be.
        int* packed = (int*)context.Shared(((2L * padded) + 1) * sizeof(int), packing, Pack);
        if (packed[2 * padded] != 0)
        {
            how.Short = new ShortRequantization { Run = how.OutputIsInt16 ? choice.RunInt16 : choice.Run, Lefts = packed, Halves = packed + padded };
        }
    }

    private static bool Fits(in Packing packing)
    {
        int reach = Math.Max(Math.Abs(sbyte.MinValue - packing.InputZeroPoint), Math.Abs(sbyte.MaxValue - packing.InputZeroPoint));
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            long most = packing.Bias == null ? 0 : Math.Abs((long)packing.Bias[channel]);
            sbyte* row = packing.Weights + ((nint)channel * packing.Window);
            for (int i = 0; i < packing.Window; i++)
            {
                most += Math.Abs((int)row[i]) * reach;
            }

            if (!Fits(in packing, channel, most))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(in Packing how, int channel, long most)
    {
        int left = how.LeftShifts[channel];
        int right = how.RightShifts[channel];
        if (right == 0 || most > int.MaxValue >> (left + 1))
        {
            return false;
        }

        long scaled = (((most << left) * how.Multipliers[channel]) >> 31) + 1;
        return scaled + Math.Abs(Half(how.ZeroPoint, right)) + 1 <= int.MaxValue;
    }

    private static long Half(int zeroPoint, int right) => (1L << (right - 1)) + ((long)zeroPoint << right);

    private static void Pack(byte* destination, Packing packing)
    {
        int padded = Requantizer.Padded(packing.Channels);
        if (!Fits(in packing))
        {
            return;
        }

        ((int*)destination)[2 * padded] = 1;
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            ((int*)destination)[channel] = packing.LeftShifts[channel] + packing.Doubling;
            ((int*)destination)[padded + channel] = (int)Half(packing.ZeroPoint, packing.RightShifts[channel]);
        }
    }

    // Channels outside: what a channel brings is loaded once for all rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector>(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
        where TVector : struct, IRequantizeVector<TVector>
    {
        TVector min = TVector.Bytes((sbyte)how->Min);
        TVector max = TVector.Bytes((sbyte)how->Max);
        for (nint i = 0; i < n; i += TVector.Count)
        {
            TVector multipliers = TVector.Load(how->Multipliers + i);
            TVector prepared = TVector.Prepare(multipliers);
            TVector lefts = TVector.Load(how->Short.Lefts + i);
            TVector rights = TVector.Load(how->RightShifts + i);
            TVector halves = TVector.Load(how->Short.Halves + i);
            int* source = sums + i;
            sbyte* destination = (sbyte*)output + i;
            int row = 0;
            for (; row <= rows - RowsAtOnce; row += RowsAtOnce)
            {
                TVector x0 = Scale(TVector.Load(source), multipliers, prepared, lefts, rights, halves);
                TVector x1 = Scale(TVector.Load(source + stride), multipliers, prepared, lefts, rights, halves);
                TVector x2 = Scale(TVector.Load(source + (2 * stride)), multipliers, prepared, lefts, rights, halves);
                TVector x3 = Scale(TVector.Load(source + (3 * stride)), multipliers, prepared, lefts, rights, halves);
                TVector.StoreRows(x0, x1, x2, x3, min, max, destination, outputBytes);
                source += RowsAtOnce * stride;
                destination += RowsAtOnce * outputBytes;
            }

            for (; row < rows; row++)
            {
                TVector.StoreRow(Scale(TVector.Load(source), multipliers, prepared, lefts, rights, halves), min, max, destination);
                source += stride;
                destination += outputBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunInt16<TVector>(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
        where TVector : struct, IRequantizeVector<TVector>
    {
        for (nint i = 0; i < n; i += TVector.Count)
        {
            TVector multipliers = TVector.Load(how->Multipliers + i);
            TVector prepared = TVector.Prepare(multipliers);
            TVector lefts = TVector.Load(how->Short.Lefts + i);
            TVector rights = TVector.Load(how->RightShifts + i);
            TVector halves = TVector.Load(how->Short.Halves + i);
            int* source = sums + i;
            byte* destination = output + (i * sizeof(short));
            for (int row = 0; row < rows; row++)
            {
                TVector.StoreInt16Saturated(Scale(TVector.Load(source), multipliers, prepared, lefts, rights, halves), (short*)destination);
                source += stride;
                destination += outputBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scale<TVector>(TVector x, TVector multipliers, TVector prepared, TVector lefts, TVector rights, TVector halves)
        where TVector : struct, IRequantizeVector<TVector>
    {
        x = TVector.MultiplyHighBounded(TVector.ShiftLeft(x, lefts), multipliers, prepared);
        return TVector.ShiftRight(x + halves + TVector.Sign(x), rights);
    }

    private readonly struct ChooseStep : IRequantizeStep<Choice>
    {
        public static bool Run<TVector>(ref Choice choice)
            where TVector : struct, IRequantizeVector<TVector>
        {
            choice.Run = &RowRequantizer.Run<TVector>;
            choice.RunInt16 = &RowRequantizer.RunInt16<TVector>;
            choice.Doubles = TVector.Doubles;
            return choice.Channels % TVector.Count == 0;
        }
    }

    private struct Choice
    {
        internal int Channels;
        internal bool Doubles;
        internal delegate*<int*, nint, int, Requantization*, byte*, nint, nint, void> Run;
        internal delegate*<int*, nint, int, Requantization*, byte*, nint, nint, void> RunInt16;
    }

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Packing
    {
        internal int* Multipliers;
        internal int* LeftShifts;
        internal int* RightShifts;
        internal sbyte* Weights;
        internal int* Bias;
        internal int ZeroPoint;
        internal int Channels;
        internal int Window;
        internal int InputZeroPoint;
        internal int Doubling;
    }
}
