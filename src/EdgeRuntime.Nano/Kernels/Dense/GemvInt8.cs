// Written from Gemv.template by KernelTemplateTests.
namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// s += W · x with x in int8 and the weights in int8, read from bytes where they lie. Inputs are held in locals, eight at a time.
    /// </summary>
    /// <remarks>Exact modulo 2³².</remarks>
    internal static class GemvInt8
    {
        private const int Group = 8;

        /// <summary>Adds to the sum of each unit from <paramref name="first"/> to before <paramref name="end"/> its products with a row.</summary>
        /// <param name="w">Bytes with the weights.</param>
        /// <param name="offset">Where the first unit's weights begin.</param>
        /// <param name="step">Bytes from a unit's weights to the next one's.</param>
        /// <param name="d">Weights of a unit.</param>
        /// <param name="x">The inputs.</param>
        /// <param name="start">Where the row begins.</param>
        /// <param name="s">The sums.</param>
        /// <param name="first">The first unit.</param>
        /// <param name="end">One past the last unit.</param>
        internal static void Add(byte[] w, int offset, int step, int d, sbyte[] x, int start, int[] s, int first, int end)
        {
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
                for (int unit = first; unit < end; unit++)
                {
                    s[unit] = s[unit] + ((x0 * (sbyte)w[k]) + (x1 * (sbyte)w[k + 1]) + (x2 * (sbyte)w[k + 2]) + (x3 * (sbyte)w[k + 3])
                        + (x4 * (sbyte)w[k + 4]) + (x5 * (sbyte)w[k + 5]) + (x6 * (sbyte)w[k + 6]) + (x7 * (sbyte)w[k + 7]));
                    k += step;
                }
            }

            for (int i = whole; i < d; i++)
            {
                int x0 = x[start + i];
                int k = offset + i;
                for (int unit = first; unit < end; unit++)
                {
                    s[unit] = s[unit] + (x0 * (sbyte)w[k]);
                    k += step;
                }
            }
        }
    }
}
