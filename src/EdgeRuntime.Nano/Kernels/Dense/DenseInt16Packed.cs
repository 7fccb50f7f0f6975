using System;
using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>
    /// Dense with int16 activations and int8 weights, two units at a time: their weights for one input lie in the halves of a
    /// 64-bit element, so that one multiplication does two multiply-accumulates. Inputs are held in locals, eight at a time.
    /// Takes 8 bytes of RAM for two weights.
    /// </summary>
    /// <remarks>
    /// A product is at most 2²² in magnitude, so over 504 inputs each half's sum stays below 2³¹, and the low half, read as
    /// int32, tells what it borrowed from the high one. The halves are emptied that often.
    /// </remarks>
    internal sealed class DenseInt16Packed : NanoKernel
    {
        private const int Group = 8;
        private const int GroupsPerFlush = 63;
        private const int HalfBits = 32;

        private readonly short[] input;
        private readonly int rows;
        private readonly int depth;
        private readonly int units;
        private readonly int groups;
        private readonly int pairs;
        private readonly long[] bias;
        private readonly long[] weights;
        private readonly long[] halves;
        private readonly long[] sums;
        private readonly RequantizationInt64 requantization;

        internal DenseInt16Packed(BindContext context)
        {
            TensorRecord tensor = context.Input(1);
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            rows = context.Input(0).Elements / depth;
            input = context.InputInt16s(0);
            groups = (depth + Group - 1) / Group;
            pairs = (units + 1) / 2;
            weights = Pack(context.FileBytes, tensor.Offset);
            halves = new long[pairs];
            sums = new long[pairs * 2];
            bias = RequantizationInt64.Bias(context, pairs * 2);
            requantization = new RequantizationInt64(context, units);
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                Array.Copy(bias, sums, bias.Length);
                Accumulate(row * depth);
                requantization.Store(sums, row * units);
            }
        }

        private void Accumulate(int start)
        {
            short[] x = input;
            long[] w = weights;
            long[] sum = halves;
            int n = pairs;
            int end = start + depth;
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
            long[] packed = halves;
            long[] s = sums;
            int unit = 0;
            for (int t = 0; t < packed.Length; t++)
            {
                long both = packed[t];
                long low = (int)both;
                s[unit] += low;
                s[unit + 1] += (both - low) >> HalfBits;
                unit += 2;
            }
        }

        // [group][pair][input of the group], so that a run reads them in order.
        private long[] Pack(byte[] bytes, int offset)
        {
            long[] packed = new long[groups * pairs * Group];
            for (int unit = 0; unit < units; unit++)
            {
                int shift = (unit & 1) * HalfBits;
                for (int i = 0; i < depth; i++)
                {
                    int slot = ((((i / Group) * pairs) + (unit / 2)) * Group) + (i % Group);
                    packed[slot] += (long)(sbyte)bytes[offset + (unit * depth) + i] << shift;
                }
            }

            return packed;
        }
    }
}
