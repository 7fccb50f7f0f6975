using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// From int32 accumulators to int8 or int16: the steps of FixedPoint.Requantize written out in one loop, then clamp,
    /// zero point and table: a sum with the zero point cannot leave int32 so. Shared by every operator with int8 weights.
    /// </summary>
    internal sealed class Requantization
    {
        private readonly int[] multipliers;

        // How far a channel is shifted to the right; to the left, null where none is.
        private readonly sbyte[] rights;
        private readonly sbyte[] lefts;
        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;
        private readonly sbyte[] table8;
        private readonly short[] table16;
        private readonly sbyte[] output8;
        private readonly short[] output16;

        /// <param name="context">The operator.</param>
        /// <param name="first">The first of the channels.</param>
        /// <param name="channels">Number of channels, one after the other in the output.</param>
        /// <param name="multiplier">Position of the multipliers among the inputs; the shifts follow.</param>
        /// <param name="table">Position of the optional table among the inputs.</param>
        /// <param name="min">Position of the lowest value among the parameters; the highest and the zero point follow.</param>
        internal Requantization(BindContext context, int first, int channels, int multiplier, int table, int min)
        {
            multipliers = context.Spread(multiplier, first, channels);
            int[] shifts = context.Spread(multiplier + 1, first, channels);
            rights = new sbyte[channels];
            for (int i = 0; i < channels; i++)
            {
                rights[i] = (sbyte)(shifts[i] < 0 ? -shifts[i] : 0);
                if (shifts[i] > 0)
                {
                    lefts = lefts ?? new sbyte[channels];
                    lefts[i] = (sbyte)shifts[i];
                }
            }

            this.min = context.Operator.Int(min);
            max = context.Operator.Int(min + 1);
            zeroPoint = context.Operator.Int(min + 2);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            if (context.Operator.HasInput(table))
            {
                table8 = output8 == null ? null : context.InputInt8s(table);
                table16 = output8 == null ? (short[])context.InputElements(table) : null;
            }
        }

        /// <summary>Writes one output for each channel from <paramref name="first"/> to before <paramref name="end"/>; that of channel 0 is at <paramref name="index"/>.</summary>
        internal void Store(int[] sums, int first, int end, int index)
        {
            int[] m = multipliers;
            sbyte[] r = rights;
            int zero = zeroPoint;
            int low = min - zero;
            int high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            sbyte[] t8 = table8;
            short[] t16 = table16;
            if (lefts != null)
            {
                sbyte[] l = lefts;
                for (int i = first; i < end; i++)
                {
                    long shifted = (long)sums[i] << l[i];
                    sums[i] = shifted > int.MaxValue ? int.MaxValue : shifted < int.MinValue ? int.MinValue : (int)shifted;
                }
            }

            for (int i = first; i < end; i++)
            {
                // Multipliers are not negative, so the product of two int.MinValue, the one case that saturates, cannot be.
                long product = (((long)sums[i] * m[i]) + 0x40000000L) >> 31;
                int shift = r[i];
                if (shift != 0)
                {
                    // Ties away from zero: add half, and one less below zero.
                    product = (product + (1L << (shift - 1)) + (product >> 63)) >> shift;
                }

                int value = (int)product;
                if (value < low)
                {
                    value = low;
                }
                else if (value > high)
                {
                    value = high;
                }

                value += zero;

                if (y8 != null)
                {
                    y8[index + i] = t8 == null ? (sbyte)value : t8[value + 128];
                }
                else
                {
                    y16[index + i] = t16 == null ? (short)value : t16[value + 128];
                }
            }
        }

        /// <summary>Writes <paramref name="n"/> outputs of one channel, <paramref name="step"/> apart, the first at <paramref name="index"/>.</summary>
        internal void StoreUnit(int[] sums, int n, int channel, int index, int step)
        {
            long m = multipliers[channel];
            int left = lefts == null ? 0 : lefts[channel];
            int shift = rights[channel];
            long half = shift == 0 ? 0L : 1L << (shift - 1);
            int zero = zeroPoint;
            int low = min - zero;
            int high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            sbyte[] t8 = table8;
            short[] t16 = table16;
            for (int i = 0; i < n; i++)
            {
                long product = sums[i];
                if (left != 0)
                {
                    product <<= left;
                    product = product > int.MaxValue ? int.MaxValue : product < int.MinValue ? int.MinValue : product;
                }

                product = ((product * m) + 0x40000000L) >> 31;
                if (shift != 0)
                {
                    product = (product + half + (product >> 63)) >> shift;
                }

                int value = (int)product;
                if (value < low)
                {
                    value = low;
                }
                else if (value > high)
                {
                    value = high;
                }

                value += zero;

                if (y8 != null)
                {
                    y8[index] = t8 == null ? (sbyte)value : t8[value + 128];
                }
                else
                {
                    y16[index] = t16 == null ? (short)value : t16[value + 128];
                }

                index += step;
            }
        }
    }
}
