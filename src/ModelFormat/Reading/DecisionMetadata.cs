using ModelFormat.Numerics;

namespace ModelFormat
{
    /// <summary>
    /// What a file says about decisions: threshold, calibration, abstain band, input statistics. Read and checked with the
    /// file, so that an engine applies it without a check of its own. All of it is optional.
    /// </summary>
    public sealed class DecisionMetadata
    {
        /// <summary>The threshold where the file has none.</summary>
        public const float DefaultThreshold = 0.5f;

        private const int MaxKnots = 256;
        private const int StatisticsPerInput = 4;

        private readonly ModelMetadata metadata;

        internal DecisionMetadata(ModelMetadata metadata, int inputLength, int outputLength)
        {
            this.metadata = metadata;
            ReadThreshold();
            ReadAbstainBand();
            ReadCalibration(outputLength);
            ReadInputStatistics(inputLength);
        }

        /// <summary>Label 1 when its probability is at least this, 0 to 1.</summary>
        public float Threshold { get; private set; }

        /// <summary>No decision is taken from this probability on, and below <see cref="AbstainHigh"/>.</summary>
        public float AbstainLow { get; private set; }

        /// <summary>End of the abstain band; equal to <see cref="AbstainLow"/> where there is none.</summary>
        public float AbstainHigh { get; private set; }

        /// <summary>How probabilities are calibrated, or null.</summary>
        public ProbabilityCalibration Calibration { get; private set; }

        /// <summary>What inputs looked like in training, or null.</summary>
        public InputStatistics InputStatistics { get; private set; }

        /// <summary>Whether a probability lies in the abstain band.</summary>
        public bool Abstains(float probability)
        {
            return probability >= AbstainLow && probability < AbstainHigh;
        }

        private void ReadThreshold()
        {
            float[] values = Floats(MetadataKey.Threshold);
            Threshold = values == null ? DefaultThreshold : values[0];
            Require(values == null || (values.Length == 1 && Within(Threshold, 0f, 1f)), MetadataKey.Threshold, "the threshold is not one number from 0 to 1");
        }

        private void ReadAbstainBand()
        {
            float[] values = Floats(MetadataKey.AbstainBand);
            if (values == null)
            {
                return;
            }

            // Above 1 is allowed as the end of a band, for one that takes in probability 1.
            Require(values.Length == 2 && Within(values[0], 0f, 1f) && Within(values[1], values[0], 2f), MetadataKey.AbstainBand, "the abstain band is not two numbers in order, from 0 on");
            AbstainLow = values[0];
            AbstainHigh = values[1];
        }

        private void ReadCalibration(int outputLength)
        {
            float[] values = Floats(MetadataKey.Calibration);
            if (values == null)
            {
                return;
            }

            bool binary = outputLength <= 2;
            bool good;
            if (values[0] == (int)CalibrationMethod.Platt)
            {
                good = binary && values.Length == 3 && IsFinite(values[1]) && values[1] > 0f && IsFinite(values[2]);
            }
            else if (values[0] == (int)CalibrationMethod.Temperature)
            {
                good = values.Length == 2 && IsFinite(values[1]) && values[1] > 0f;
            }
            else
            {
                good = values[0] == (int)CalibrationMethod.Isotonic && binary && AreKnots(values);
            }

            Require(good, MetadataKey.Calibration, "the calibration is none that this reader knows, or its parameters do not fit it");
            Calibration = new ProbabilityCalibration(values);
        }

        private void ReadInputStatistics(int inputLength)
        {
            float[] values = Floats(MetadataKey.InputStatistics);
            float[] limits = Floats(MetadataKey.InputLimits);
            if (values == null)
            {
                Require(limits == null, MetadataKey.InputLimits, "there are input limits without input statistics");
                return;
            }

            bool good = values.Length == (long)inputLength * StatisticsPerInput;
            for (int i = 0; good && i < values.Length; i += StatisticsPerInput)
            {
                good = IsFinite(values[i]) && IsFinite(values[i + 1]) && values[i + 1] > 0f && IsFinite(1f / values[i + 1])
                    && IsFinite(values[i + 2]) && IsFinite(values[i + 3]) && values[i + 2] <= values[i + 3];
            }

            Require(good, MetadataKey.InputStatistics, "the input statistics are not mean, scale above 0, minimum and maximum for each input");
            Require(limits == null || (limits.Length == 2 && IsFinite(limits[0]) && limits[0] > 0f && IsFinite(limits[1]) && limits[1] > 0f), MetadataKey.InputLimits, "the input limits are not two numbers above 0");
            InputStatistics = limits == null ? new InputStatistics(values) : new InputStatistics(values, limits[0], limits[1]);
        }

        private static bool AreKnots(float[] values)
        {
            bool good = values.Length >= 3 && (values.Length & 1) == 1 && values.Length <= 1 + (2 * MaxKnots);
            for (int i = 1; good && i < values.Length; i += 2)
            {
                good = Within(values[i], 0f, 1f) && Within(values[i + 1], 0f, 1f);
                good = good && (i == 1 || (values[i] > values[i - 2] && values[i + 1] >= values[i - 1]));
            }

            return good;
        }

        // Null where the key is absent.
        private float[] Floats(MetadataKey key)
        {
            if (metadata.PayloadOffset(key) < 0)
            {
                return null;
            }

            float[] values = metadata.Floats(key);
            Require(values.Length > 0, key, "a record that holds numbers is empty or of another kind");
            return values;
        }

        private void Require(bool condition, MetadataKey key, string problem)
        {
            if (!condition)
            {
                throw new ModelFormatException("metadata", metadata.PayloadOffset(key), problem);
            }
        }

        // Comparisons with NaN are false.
        private static bool Within(float value, float low, float high)
        {
            return value >= low && value <= high;
        }

        private static bool IsFinite(float value)
        {
            return value - value == 0f;
        }
    }
}
