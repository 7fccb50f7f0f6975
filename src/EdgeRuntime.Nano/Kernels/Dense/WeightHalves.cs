namespace EdgeInference.Nano.Kernels
{
    /// <summary>Weights of 16 bits, 256·high + low, as two rows of int8 for each unit with a sum each.</summary>
    internal static class WeightHalves
    {
        /// <summary>Writes the sum of each unit from <paramref name="first"/> to before <paramref name="end"/> over its halves' sums; a unit's place is not after its halves'.</summary>
        internal static void Join(long[] sums, long[] bias, int first, int end)
        {
            for (int i = first; i < end; i++)
            {
                sums[i] = (sums[2 * i] << 8) + sums[(2 * i) + 1] + bias[i];
            }
        }
    }
}
