namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>int8 weights that are read from the model file where they lie, times a row. Inputs are held in locals, eight at a time.</summary>
    internal sealed class Int8Matrix
    {
        private const int Group = 8;

        private readonly byte[] bytes;
        private readonly int offset;
        private readonly int unitStride;
        private readonly int units;
        private readonly int depth;

        /// <param name="bytes">The model file.</param>
        /// <param name="offset">Where the first unit's weights lie.</param>
        /// <param name="unitStride">Bytes from a unit's weights to the next one's.</param>
        /// <param name="units">Number of units.</param>
        /// <param name="depth">Weights of a unit.</param>
        internal Int8Matrix(byte[] bytes, int offset, int unitStride, int units, int depth)
        {
            this.bytes = bytes;
            this.offset = offset;
            this.unitStride = unitStride;
            this.units = units;
            this.depth = depth;
        }

        /// <summary>Sum of the weights of a unit, for a zero point.</summary>
        internal int Sum(int unit)
        {
            int sum = 0;
            int k = offset + (unit * unitStride);
            for (int end = k + depth; k < end; k++)
            {
                sum += (sbyte)bytes[k];
            }

            return sum;
        }

        /// <summary>Adds to each unit's sum its products with the row that begins at <paramref name="start"/>.</summary>
        internal void Accumulate(sbyte[] x, int start, int[] s)
        {
            byte[] w = bytes;
            int n = units;
            int step = unitStride;
            int d = depth;
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
                int k = offset + i;
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] = s[unit] + (x0 * (sbyte)w[k]) + (x1 * (sbyte)w[k + 1]) + (x2 * (sbyte)w[k + 2]) + (x3 * (sbyte)w[k + 3])
                        + (x4 * (sbyte)w[k + 4]) + (x5 * (sbyte)w[k + 5]) + (x6 * (sbyte)w[k + 6]) + (x7 * (sbyte)w[k + 7]);
                    k += step;
                }
            }

            for (int i = whole; i < d; i++)
            {
                int x0 = x[start + i];
                int k = offset + i;
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] += x0 * (sbyte)w[k];
                    k += step;
                }
            }
        }
    }
}
