namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// What the inputs of a model looked like in training, and how unlike them another input is. float32 throughout, the same
    /// bits on every engine. docs/decisions-quality.md has the formulas.
    /// </summary>
    internal sealed class InputStatistics
    {
        /// <summary>Limit of the range excess where the file has none: one standard deviation.</summary>
        public const float DefaultRangeLimit = 1f;

        /// <summary>Limit of the mean squared distance where the file has none: three standard deviations in every input.</summary>
        public const float DefaultDistanceLimit = 9f;

        private const int PerInput = 4;

        // For each input: mean, 1 / scale, minimum, maximum.
        private readonly float[] values;
        private float rangeLimit;
        private float distanceLimit;

        /// <summary>Creates statistics with the default limits.</summary>
        /// <param name="values">The values of an InputStatistics record, which have been checked; taken over and changed.</param>
        public InputStatistics(float[] values)
        {
            this.values = values;
            rangeLimit = DefaultRangeLimit;
            distanceLimit = DefaultDistanceLimit;
            for (int i = 1; i < values.Length; i += PerInput)
            {
                values[i] = 1f / values[i];
            }
        }

        /// <summary>Creates statistics.</summary>
        /// <param name="values">The values of an InputStatistics record, which have been checked; taken over and changed.</param>
        /// <param name="rangeLimit">Range excess from which on an input is unlike the training data, in standard deviations, above 0.</param>
        /// <param name="distanceLimit">Mean squared distance from which on it is, above 0.</param>
        public InputStatistics(float[] values, float rangeLimit, float distanceLimit)
            : this(values)
        {
            Limit(rangeLimit, distanceLimit);
        }

        /// <summary>Sets other limits.</summary>
        /// <param name="range">Range excess from which on an input is unlike the training data, in standard deviations, above 0.</param>
        /// <param name="distance">Mean squared distance from which on it is, above 0.</param>
        public void Limit(float range, float distance)
        {
            rangeLimit = range;
            distanceLimit = distance;
        }

        /// <summary>
        /// How unlike the training data an input is: 0 or more, above 1 beyond the limits, +∞ where a value is NaN. The larger
        /// of the farthest that a value lies outside its training range and the mean squared distance from the training
        /// means, both in standard deviations and each over its limit.
        /// </summary>
        /// <param name="input">As many values as there are statistics for.</param>
        public float OutlierScore(float[] input)
        {
            float excess = 0f;
            float sum = 0f;
            int position = 0;
            for (int i = 0; i < input.Length; i++)
            {
                float x = input[i];
                float inverse = values[position + 1];
                float z = (x - values[position]) * inverse;
                float low = (values[position + 2] - x) * inverse;
                float high = (x - values[position + 3]) * inverse;
                excess = excess < low ? low : excess;
                excess = excess < high ? high : excess;
                sum += z * z;
                position += PerInput;
            }

            float range = excess / rangeLimit;
            float distance = sum / input.Length / distanceLimit;
            float score = distance < range ? range : distance;

            // Only the difference of equal finite numbers is 0; nanoFramework takes a NaN for greater than any number.
            return score - score == 0f ? score : float.PositiveInfinity;
        }
    }
}
