using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// From the int64 accumulators of Dense and Conv on int16 to int16 or int8: the steps of FixedPoint.Requantize for
    /// 64 bits written out in one loop, then clamp, zero point and table.
    /// </summary>
    internal sealed class RequantizationInt64
    {
        // Of 16 bits; int64 so that the loop need not widen them.
        private readonly long[] multipliers;
        private readonly sbyte[] shifts;
        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;
        private readonly sbyte[] table8;
        private readonly short[] table16;
        private readonly sbyte[] output8;
        private readonly short[] output16;

        /// <summary>The results of a layer: the output of the operator, by the parameters of Dense, or the gates of a recurrent layer.</summary>
        internal RequantizationInt64(BindContext context, DenseShape shape)
        {
            int channels = shape.Units;
            ChannelFactors factors = context.Factors(ChannelFactors.Layer(context, shape, 0), false);
            int[] stored = factors.Multipliers;
            shifts = new sbyte[channels];
            multipliers = new long[channels];
            for (int i = 0; i < channels; i++)
            {
                multipliers[i] = stored[i] < 0x7FFF0000 ? (stored[i] + (1 << 15)) >> 16 : 0x7FFF;
                shifts[i] = (sbyte)(factors.Shifts[i] - 15);
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

        /// <summary>The int64 bias of each unit, and zeros up to <paramref name="length"/>.</summary>
        internal static long[] Bias(BindContext context, DenseShape shape, int length)
        {
            long[] bias = new long[length];
            if (shape.Bias >= 0 && context.Operator.HasInput(shape.Bias))
            {
                TensorInfo stored = context.Input(shape.Bias);
                for (int i = 0; i < shape.Units; i++)
                {
                    bias[i] = context.File.I64(stored.Offset + ((shape.First + i) * 8));
                }
            }

            return bias;
        }

        /// <summary>Writes one output for each channel from <paramref name="first"/> to before <paramref name="end"/>; that of channel 0 is at <paramref name="index"/>.</summary>
        internal void Store(long[] sums, int first, int end, int index)
        {
            long[] m = multipliers;
            sbyte[] r = shifts;
            int zero = zeroPoint;
            long low = min - zero;
            long high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            sbyte[] t8 = table8;
            short[] t16 = table16;
            for (int i = first; i < end; i++)
            {
                int shift = r[i];
                long product = ((sums[i] * m[i]) + (1L << (shift - 1))) >> shift;
                int value = product < low ? (int)low : product > high ? (int)high : (int)product;
                value += zero;

                if (y16 != null)
                {
                    y16[index + i] = t16 == null ? (short)value : t16[value + 128];
                }
                else
                {
                    y8[index + i] = t8 == null ? (sbyte)value : t8[value + 128];
                }
            }
        }

        /// <summary>Writes <paramref name="n"/> outputs of one channel, <paramref name="step"/> apart, the first at <paramref name="index"/>.</summary>
        internal void StoreUnit(long[] sums, int n, int channel, int index, int step)
        {
            long m = multipliers[channel];
            int shift = shifts[channel];
            long half = 1L << (shift - 1);
            int zero = zeroPoint;
            long low = min - zero;
            long high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            sbyte[] t8 = table8;
            short[] t16 = table16;
            for (int i = 0; i < n; i++)
            {
                long product = ((sums[i] * m) + half) >> shift;
                int value = product < low ? (int)low : product > high ? (int)high : (int)product;
                value += zero;

                if (y16 != null)
                {
                    y16[index] = t16 == null ? (short)value : t16[value + 128];
                }
                else
                {
                    y8[index] = t8 == null ? (sbyte)value : t8[value + 128];
                }

                index += step;
            }
        }
    }
}
