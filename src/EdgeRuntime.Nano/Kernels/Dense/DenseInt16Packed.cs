// Written from DensePacked.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense with int16 activations and int8 weights, two units at a time: their weights for one input lie in the halves of a
    /// 64-bit element, so that one multiplication does two multiply-accumulates. Inputs are held in locals, eight at a time.
    /// Takes 8 bytes of RAM for two weights. The halves of a weight of 16 bits are two units.
    /// </summary>
    /// <remarks>
    /// A product is at most 2²² in magnitude, so over 504 inputs each half's sum stays below 2³¹, and the low half, read as
    /// int32, tells what it borrowed from the high one. The halves are emptied that often.
    /// </remarks>
    internal sealed class DenseInt16Packed : DenseRows
    {
        private const int Group = 8;
        private const int GroupsPerFlush = 63;
        private const int Lanes = 2;
        private const int LaneBits = 32;

        private readonly short[] input;
        private readonly int halves;
        private readonly int rows;
        private readonly int packs;
        private readonly long[] bias;
        private readonly long[] weights;
        private readonly long[] lanes;
        private readonly long[] sums;
        private readonly RequantizationInt64 requantization;

        internal DenseInt16Packed(BindContext context, DenseShape shape, short[] input)
            : base(context, shape)
        {
            this.input = input;
            int groups = (Depth + Group - 1) / Group;
            halves = shape.Halves;
            rows = Units * halves;
            packs = (rows + Lanes - 1) / Lanes;
            weights = Pack(context.FileBytes, shape.WeightsOffset, groups);
            lanes = context.Lanes(packs);
            sums = new long[packs * Lanes];
            bias = RequantizationInt64.Bias(context, shape, packs * Lanes);
            requantization = new RequantizationInt64(context, shape);
        }

        internal override void Row(int start, int index)
        {
            if (halves == 2)
            {
                Array.Clear(sums, 0, rows);
                Accumulate(input, start);
                WeightHalves.Join(sums, bias, 0, Units);
                requantization.Store(sums, 0, Units, index);
                return;
            }

            Array.Copy(bias, sums, bias.Length);
            Accumulate(input, start);
            requantization.Store(sums, 0, Units, index);
        }

        private void Accumulate(short[] x, int start)
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
                    left = GroupsPerFlush;
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
                    sum[t] = (isFirst ? 0L : sum[t]) + (x0 * w[k]) + (x1 * w[k + 1]) + (x2 * w[k + 2]) + (x3 * w[k + 3])
                        + (x4 * w[k + 4]) + (x5 * w[k + 5]) + (x6 * w[k + 6]) + (x7 * w[k + 7]);
                    k += Group;
                }

                left--;
                if (left == 0 || rest <= Group)
                {
                    Flush();
                }
            }
        }

        private void Flush()
        {
            long[] packed = lanes;
            long[] s = sums;
            int unit = 0;
            for (int t = 0; t < packs; t++)
            {
                long both = packed[t];
                long low = (int)both;
                s[unit] += low;
                s[unit + 1] += (both - low) >> LaneBits;
                unit += Lanes;
            }
        }

        // [group][pack][input of the group], so that a run reads them in order.
        private long[] Pack(byte[] bytes, int offset, int groups)
        {
            long[] packed = new long[groups * packs * Group];
            for (int unit = 0; unit < rows; unit++)
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
    }
}
