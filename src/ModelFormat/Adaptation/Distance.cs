namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>Distances of hidden vectors.</summary>
    internal static class Distance
    {
        /// <summary>The squared Euclidean distance; below 2⁴⁴, since 4096 differences have 16 bits and a sign.</summary>
        public static long Squared(short[] first, short[] others, int start, int depth)
        {
            long sum = 0;
            for (int i = 0; i < depth; i++)
            {
                long difference = first[i] - others[start + i];
                sum += difference * difference;
            }

            return sum;
        }
    }
}
