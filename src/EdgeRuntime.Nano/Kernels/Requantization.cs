using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// From int32 accumulators to int8 or int16: the steps of FixedPoint.Requantize written out in one loop, then clamp,
    /// zero point and table: a sum with the zero point cannot leave int32 so. Shared by every operator with int8 weights.
    /// </summary>
    internal sealed class Requantization
    {
        private readonly ChannelFactors factors;

        // Whether a channel is shifted to the left.
        private readonly bool hasLefts;
        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;
        private readonly sbyte[] table8;
        private readonly short[] table16;
        private readonly sbyte[] output8;
        private readonly short[] output16;

        /// <summary>The results of a layer: the output of the operator, by the parameters of Dense, or the gates of a recurrent layer.</summary>
        internal Requantization(BindContext context, DenseShape shape, ChannelFactors factors)
        {
            this.factors = factors;
            for (int i = 0; i < shape.Units; i++)
            {
                hasLefts |= factors.Shifts[i] < ChannelFactors.LeastShift;
            }

            if (shape.Gates != null)
            {
                min = short.MinValue;
                max = short.MaxValue;
                output16 = shape.Gates;
                return;
            }

            min = context.Operator.Int(DenseRule.Min);
            max = context.Operator.Int(DenseRule.Max);
            zeroPoint = context.Operator.Int(DenseRule.ZeroPoint);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            table8 = output8 == null ? null : context.InputInt8s(5);
            table16 = output8 == null ? context.InputInt16s(5) : null;
        }

        /// <summary>Writes one output for each channel from <paramref name="first"/> to before <paramref name="end"/>; that of channel 0 is at <paramref name="index"/>.</summary>
        internal void Store(int[] sums, int first, int end, int index)
        {
            int[] m = factors.Multipliers;
            sbyte[] r = factors.Shifts;
            int zero = zeroPoint;
            int low = min - zero;
            int high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            sbyte[] t8 = table8;
            short[] t16 = table16;
            if (hasLefts)
            {
                for (int i = first; i < end; i++)
                {
                    long shifted = (long)sums[i] << (r[i] < ChannelFactors.LeastShift ? ChannelFactors.LeastShift - r[i] : 0);
                    sums[i] = shifted > int.MaxValue ? int.MaxValue : shifted < int.MinValue ? int.MinValue : (int)shifted;
                }
            }

            for (int i = first; i < end; i++)
            {
                // Multipliers are not negative, so the product of two int.MinValue, the one case that saturates, cannot be.
                long product = (((long)sums[i] * m[i]) + 0x40000000L) >> 31;
                int shift = r[i] - ChannelFactors.LeastShift;
                if (shift > 0)
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
            long m = factors.Multipliers[channel];
            int shift = factors.Shifts[channel] - ChannelFactors.LeastShift;
            int left = shift < 0 ? -shift : 0;
            long half = shift <= 0 ? 0L : 1L << (shift - 1);
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
                if (shift > 0)
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
