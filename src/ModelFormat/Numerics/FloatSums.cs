namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// How both engines add many float32: in parts, in order, and the parts with what each addition of them rounds away. So a sum of
    /// numbers of one sign is off by at most 127 · 2^-24 of itself, 7.6e-6, however many there are.
    /// </summary>
    internal static class FloatSums
    {
        /// <summary>Numbers of a part.</summary>
        public const int Part = 128;

        /// <summary>Above so many numbers what single additions lose is itself too much to be added up in one float32.</summary>
        public const int Large = 4096;

        /// <summary>What rounding sum + part to <paramref name="after"/> lost, exactly: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.</summary>
        public static float Lost(float sum, float part, float after)
        {
            float added = after - sum;
            return (sum - (after - added)) + (part - added);
        }

        /// <summary>A sum with what its additions lost; an infinite sum leaves no loss that is a number.</summary>
        public static float Total(float sum, float lost)
        {
            return lost - lost == 0f ? sum + lost : sum;
        }
    }
}
