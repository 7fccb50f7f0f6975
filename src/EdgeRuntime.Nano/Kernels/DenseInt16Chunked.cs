using System;
using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>
    /// Dense with int16 activations and int8 weights that are not in RAM: they are read in chunks during each inference. Inputs are
    /// held in locals, eight at a time.
    /// </summary>
    /// <remarks>Eight products are at most 2²⁵ in magnitude, so that their sum is one of int32; the accumulator has int64.</remarks>
    internal sealed class DenseInt16Chunked : NanoKernel
    {
        private const int Group = 8;

        private readonly short[] input;
        private readonly WeightChunks chunks;
        private readonly int rows;
        private readonly int depth;
        private readonly int units;
        private readonly long[] bias;
        private readonly long[][] sums;
        private readonly RequantizationInt64 requantization;

        internal DenseInt16Chunked(BindContext context)
        {
            TensorRecord tensor = context.Input(1);
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            rows = context.Input(0).Elements / depth;
            input = context.InputInt16s(0);
            chunks = new WeightChunks(context);
            bias = RequantizationInt64.Bias(context, units);
            sums = new long[rows][];
            for (int row = 0; row < rows; row++)
            {
                sums[row] = new long[units];
            }

            requantization = new RequantizationInt64(context, units);
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                Array.Copy(bias, sums[row], units);
            }

            for (int unit = 0; unit < units; unit += chunks.Units)
            {
                for (int column = 0; column < depth; column += chunks.Columns)
                {
                    byte[] w = chunks.Read(unit, column);
                    for (int row = 0; row < rows; row++)
                    {
                        Accumulate(w, (row * depth) + column, chunks.ColumnsFrom(column), sums[row], unit, unit + chunks.UnitsFrom(unit));
                    }
                }
            }

            for (int row = 0; row < rows; row++)
            {
                requantization.Store(sums[row], row * units);
            }
        }

        private void Accumulate(byte[] w, int start, int d, long[] s, int first, int end)
        {
            short[] x = input;
            int whole = d - (d % Group);
            for (int i = 0; i < whole; i += Group)
            {
                int from = start + i;
                int x0 = x[from];
                int x1 = x[from + 1];
                int x2 = x[from + 2];
                int x3 = x[from + 3];
                int x4 = x[from + 4];
                int x5 = x[from + 5];
                int x6 = x[from + 6];
                int x7 = x[from + 7];
                int k = i;
                for (int unit = first; unit < end; unit++)
                {
                    s[unit] += (x0 * (sbyte)w[k]) + (x1 * (sbyte)w[k + 1]) + (x2 * (sbyte)w[k + 2]) + (x3 * (sbyte)w[k + 3])
                        + (x4 * (sbyte)w[k + 4]) + (x5 * (sbyte)w[k + 5]) + (x6 * (sbyte)w[k + 6]) + (x7 * (sbyte)w[k + 7]);
                    k += d;
                }
            }

            for (int i = whole; i < d; i++)
            {
                int x0 = x[start + i];
                int k = i;
                for (int unit = first; unit < end; unit++)
                {
                    s[unit] += x0 * (sbyte)w[k];
                    k += d;
                }
            }
        }
    }
}
