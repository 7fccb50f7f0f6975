// Written from DensePacked.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense in int8, three units at a time: their weights for one input lie in three 21-bit lanes of a 64-bit element, so that
    /// one multiplication does three multiply-accumulates. Inputs are held in locals, eight at a time. Takes 8 bytes of RAM
    /// for three weights.
    /// </summary>
    /// <remarks>
    /// A lane holds its sum plus 2²⁰. Over 56 inputs a sum is at most 56 · 128 · 128 = 917,504 in magnitude, below 2²⁰, so a
    /// lane never goes below zero or over 21 bits, and nothing is borrowed between lanes. The lanes are emptied that often, or
    /// only at the end where the weights are small enough.
    /// </remarks>
    internal sealed class DenseInt8Packed : DenseRows
    {
        private const int Group = 8;
        private const int GroupsPerFlush = 7;
        private const int Lanes = 3;
        private const int LaneBits = 21;
        private const int LaneOffset = 1 << 20;
        private const long Empty = LaneOffset | ((long)LaneOffset << LaneBits) | ((long)LaneOffset << (2 * LaneBits));
        private const long LaneMask = (1L << LaneBits) - 1;

        private readonly sbyte[] input;
        private readonly int groupsPerFlush;
        private readonly int packs;
        private readonly ChannelFactors factors;

        // Null where nobody else uses the factors.
        private readonly int[] layer;
        private readonly long[] weights;
        private readonly long[] lanes;
        private readonly LaneRequantization direct;
        private readonly Requantization requantization;

        internal DenseInt8Packed(BindContext context, DenseShape shape, sbyte[] input)
            : base(context, shape)
        {
            this.input = input;
            int groups = (Depth + Group - 1) / Group;
            packs = (Units + Lanes - 1) / Lanes;
            weights = Pack(context.FileBytes, shape.WeightsOffset, groups);
            lanes = context.Lanes(packs);
            groupsPerFlush = FitALane(context.FileBytes, shape.WeightsOffset) ? groups : GroupsPerFlush;
            layer = ChannelFactors.Layer(context, shape, Depth);
            factors = context.Factors(layer, shape.HasManyPlaces);
            factors.Sums = context.Sums(packs * Lanes);
            Fold();
            direct = groups <= groupsPerFlush ? LaneRequantization.TryMake(context, shape, factors) : null;
            requantization = direct == null ? new Requantization(context, shape, factors) : null;
            if (!shape.HasManyPlaces)
            {
                layer = null;
                factors.Patch = null;
            }
        }

        internal override int Begin(int unit)
        {
            if (layer != null)
            {
                factors.Load(layer);
                Fold();
            }

            return Units;
        }

        internal override void Row(int start, int index)
        {
            if (direct != null)
            {
                Accumulate(input, start);
                direct.Store(factors, lanes, Units, index);
                return;
            }

            Array.Copy(factors.Bias, factors.Sums, Units);
            Accumulate(input, start);
            requantization.Store(factors.Sums, 0, Units, index);
        }

        private void Accumulate(sbyte[] x, int start)
        {
            long[] w = weights;
            long[] sum = lanes;
            int n = packs;
            int end = start + Depth;
            int k = 0;
            int left = 0;
            for (int i = start; i < end; i += Group)
            {
                bool isFirst = left == 0;
                if (isFirst)
                {
                    left = groupsPerFlush;
                }

                long x0 = x[i];
                long x1 = 0, x2 = 0, x3 = 0, x4 = 0, x5 = 0, x6 = 0, x7 = 0;
                int rest = end - i;
                if (rest >= Group)
                {
                    x1 = x[i + 1];
                    x2 = x[i + 2];
                    x3 = x[i + 3];
                    x4 = x[i + 4];
                    x5 = x[i + 5];
                    x6 = x[i + 6];
                    x7 = x[i + 7];
                }
                else
                {
                    x1 = rest > 1 ? x[i + 1] : 0;
                    x2 = rest > 2 ? x[i + 2] : 0;
                    x3 = rest > 3 ? x[i + 3] : 0;
                    x4 = rest > 4 ? x[i + 4] : 0;
                    x5 = rest > 5 ? x[i + 5] : 0;
                    x6 = rest > 6 ? x[i + 6] : 0;
                }

                for (int t = 0; t < n; t++)
                {
                    sum[t] = (isFirst ? Empty : sum[t]) + (x0 * w[k]) + (x1 * w[k + 1]) + (x2 * w[k + 2]) + (x3 * w[k + 3])
                        + (x4 * w[k + 4]) + (x5 * w[k + 5]) + (x6 * w[k + 6]) + (x7 * w[k + 7]);
                    k += Group;
                }

                left--;
                if ((left == 0 || rest <= Group) && direct == null)
                {
                    Flush();
                }
            }
        }

        private void Flush()
        {
            long[] packed = lanes;
            int[] s = factors.Sums;
            int unit = 0;
            for (int t = 0; t < packs; t++)
            {
                long lane = packed[t];
                s[unit] += (int)(lane & LaneMask);
                s[unit + 1] += (int)((lane >> LaneBits) & LaneMask);
                s[unit + 2] += (int)(lane >> (2 * LaneBits));
                unit += Lanes;
            }
        }

        // [group][pack][input of the group], so that a run reads them in order.
        private long[] Pack(byte[] bytes, int offset, int groups)
        {
            long[] packed = new long[groups * packs * Group];
            for (int unit = 0; unit < Units; unit++)
            {
                int shift = unit % Lanes * LaneBits;
                for (int i = 0; i < Depth; i++)
                {
                    int slot = ((((i / Group) * packs) + (unit / Lanes)) * Group) + (i % Group);
                    packed[slot] += (long)(sbyte)bytes[offset + (unit * Depth) + i] << shift;
                }
            }

            return packed;
        }

        // The bias with the zero point's products and what lanes start with taken off, exact modulo 2³²: Σ w(x − z) = Σ wx − Σ wz, and
        // the last sum is that of a row of zero points.
        private void Fold()
        {
            int[] s = factors.Sums;
            Array.Clear(s, 0, packs * Lanes);
            Accumulate(factors.Patch, 0);
            if (direct != null)
            {
                Flush();
            }

            for (int i = 0; i < Units; i++)
            {
                factors.Bias[i] -= s[i];
            }
        }

        // Whether no row of inputs, each −128 to 127, can take a unit's sum out of its lane.
        private bool FitALane(byte[] bytes, int offset)
        {
            for (int unit = 0; unit < Units; unit++)
            {
                int magnitude = 0;
                for (int i = 0; i < Depth && magnitude < LaneOffset; i++)
                {
                    int weight = (sbyte)bytes[offset + (unit * Depth) + i];
                    magnitude += (weight < 0 ? -weight : weight) * 128;
                }

                if (magnitude >= LaneOffset)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
