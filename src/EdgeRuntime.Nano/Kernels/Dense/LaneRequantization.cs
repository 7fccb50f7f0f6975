using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// From three packed sums at once to three int8 outputs: the short way of a Dense layer whose sums fit their lanes to the end
    /// and whose shifts are to the right.
    /// </summary>
    /// <remarks>
    /// With p = sum · m + 2³⁰ and n = −shift, ties away from zero: (((p − (p &lt; 0) · 2³¹) &gt;&gt; (30 + n)) + 1) &gt;&gt; 1, because floors nest.
    /// A bias below 2³⁰ keeps p below 2⁶¹ + 2⁵³, so that 31 bits hold what is left of it after the first shift.
    /// </remarks>
    internal sealed class LaneRequantization
    {
        private const int MaxBias = 1 << 30;
        private const long Half = 1L << 30;
        private const long SignStep = 1L << 31;
        private const int LaneBits = 21;
        private const long LaneMask = (1L << LaneBits) - 1;

        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;
        private readonly sbyte[] table;
        private readonly sbyte[] output;

        private LaneRequantization(BindContext context)
        {
            min = context.Operator.Int(DenseRule.Min);
            max = context.Operator.Int(DenseRule.Max);
            zeroPoint = context.Operator.Int(DenseRule.ZeroPoint);
            output = context.OutputInt8s();
            table = context.InputInt8s(5);
        }

        /// <summary>The short way for an operator, or null if it is not exact or does not apply.</summary>
        /// <param name="context">The operator.</param>
        /// <param name="shape">Its units.</param>
        /// <param name="factors">Those of the units, with what a lane starts with taken off the bias.</param>
        internal static LaneRequantization TryMake(BindContext context, DenseShape shape, ChannelFactors factors)
        {
            bool good = shape.Gates == null && context.Output().Type == TensorType.Int8;
            int[] bias = factors.Bias;
            for (int i = 0; i < shape.Units; i++)
            {
                good &= factors.Shifts[i] > ChannelFactors.LeastShift && bias[i] < MaxBias && bias[i] > -MaxBias;
            }

            return good ? new LaneRequantization(context) : null;
        }

        /// <summary>Writes the outputs of one row of <paramref name="n"/> units, the first at <paramref name="index"/>.</summary>
        internal void Store(ChannelFactors factors, long[] lanes, int n, int index)
        {
            int[] b = factors.Bias;
            int[] m = factors.Multipliers;
            sbyte[] s = factors.Shifts;
            int twice = 1 + (2 * zeroPoint);
            int low = min;
            int high = max;
            sbyte[] y = output;
            sbyte[] t = table;
            int triple = 0;
            for (int unit = 0; unit < n;)
            {
                long packed = lanes[triple];
                triple++;
                for (int end = unit + 3 < n ? unit + 3 : n; unit < end; unit++)
                {
                    long p = (((packed & LaneMask) + b[unit]) * m[unit]) + Half;
                    packed >>= LaneBits;
                    if (p < 0)
                    {
                        p -= SignStep;
                    }

                    int value = ((int)(p >> s[unit]) + twice) >> 1;
                    if (value < low)
                    {
                        value = low;
                    }
                    else if (value > high)
                    {
                        value = high;
                    }

                    y[index + unit] = t == null ? (sbyte)value : t[value + 128];
                }
            }
        }
    }
}
