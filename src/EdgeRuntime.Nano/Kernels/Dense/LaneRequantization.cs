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
        private const int MaxShift = 31;
        private const int MaxBias = 1 << 30;
        private const long Half = 1L << 30;
        private const long SignStep = 1L << 31;
        private const int LaneBits = 21;
        private const long LaneMask = (1L << LaneBits) - 1;

        private readonly int units;
        private readonly int[] bias;
        private readonly int[] multipliers;
        private readonly sbyte[] shifts;
        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;
        private readonly sbyte[] table;
        private readonly sbyte[] output;

        private LaneRequantization(BindContext context, DenseShape shape, int[] bias)
        {
            units = shape.Units;
            min = context.Operator.Int(DenseRule.Min);
            max = context.Operator.Int(DenseRule.Max);
            zeroPoint = context.Operator.Int(DenseRule.ZeroPoint);
            output = context.OutputInt8s();
            table = context.Operator.HasInput(5) ? context.InputInt8s(5) : null;
            this.bias = bias;
            multipliers = context.Spread(3, shape.First, units);
            shifts = new sbyte[units];
            int[] stored = context.Spread(4, shape.First, units);
            for (int i = 0; i < units; i++)
            {
                shifts[i] = (sbyte)(30 - stored[i]);
            }
        }

        /// <summary>The short way for an operator, or null if it is not exact or does not apply.</summary>
        /// <param name="context">The operator.</param>
        /// <param name="shape">Its units.</param>
        /// <param name="bias">Bias of each unit, less what a lane starts with; it is kept.</param>
        internal static LaneRequantization TryMake(BindContext context, DenseShape shape, int[] bias)
        {
            bool good = shape.Gates == null && context.Output().Type == TensorType.Int8;
            int[] shifts = context.Spread(shape.Factors + 1, shape.First, shape.Units);
            for (int i = 0; i < shifts.Length; i++)
            {
                good &= shifts[i] < 0 && shifts[i] >= -MaxShift && bias[i] < MaxBias && bias[i] > -MaxBias;
            }

            return good ? new LaneRequantization(context, shape, bias) : null;
        }

        /// <summary>Writes the outputs of one row, the first at <paramref name="index"/>.</summary>
        internal void Store(long[] lanes, int index)
        {
            int n = units;
            int[] b = bias;
            int[] m = multipliers;
            sbyte[] s = shifts;
            int twice = 1 + (2 * zeroPoint);
            int low = min;
            int high = max;
            sbyte[] y = output;
            sbyte[] t = table;
            int triple = 0;
            int lane = 0;
            long packed = 0;
            for (int unit = 0; unit < n; unit++)
            {
                if (lane == 0)
                {
                    packed = lanes[triple];
                    triple++;
                    lane = 3;
                }

                long p = (((packed & LaneMask) + b[unit]) * m[unit]) + Half;
                packed >>= LaneBits;
                lane--;
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
