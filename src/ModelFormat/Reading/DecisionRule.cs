using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// The decision rule of a file, once for all engines: calibration, threshold, abstain band, ties, and values that are not
    /// finite. Holds the values of one decision, and allocates nothing after its creation.
    /// </summary>
    internal sealed class DecisionRule
    {
        /// <summary>The class of no decision.</summary>
        public const int None = -1;

        // Null where there is none.
        private readonly ProbabilityCalibration calibration;
        private readonly float abstainLow;
        private readonly float abstainHigh;
        private readonly bool isScore;
        private float threshold;

        /// <summary>Creates the rule of a file that can decide: one whose <see cref="DecisionMetadata.Refusal"/> is null.</summary>
        /// <param name="metadata">What the file says about decisions.</param>
        /// <param name="outputLength">Values that one inference gives, 1 or more.</param>
        public DecisionRule(DecisionMetadata metadata, int outputLength)
            : this(metadata.Role(0), metadata.Threshold, outputLength)
        {
            calibration = metadata.Calibration;
            abstainLow = metadata.AbstainLow;
            abstainHigh = metadata.AbstainHigh;
        }

        /// <summary>Creates the rule of outputs without calibration and abstain band.</summary>
        /// <param name="role">What the outputs mean: probabilities or scores.</param>
        /// <param name="threshold">The value of class 1 of two from which on it is decided for.</param>
        /// <param name="outputLength">Values that one inference gives, 1 or more.</param>
        public DecisionRule(OutputRole role, float threshold, int outputLength)
        {
            isScore = role == OutputRole.Score;
            this.threshold = threshold;
            ClassCount = outputLength == 1 ? 2 : outputLength;
            Probabilities = new float[ClassCount];
            Outputs = outputLength == 1 ? new float[1] : Probabilities;
            Called = None;
        }

        /// <summary>Number of classes: 2 or more.</summary>
        public int ClassCount { get; }

        /// <summary>Where the model's outputs go before <see cref="Decide"/>, which may change them.</summary>
        public float[] Outputs { get; }

        /// <summary>
        /// The value of each class at the last decision, calibrated where the file says how: probabilities, or scores where that is
        /// the output's role. Of a single output p they are 1 − p and p, of a single score s they are −s and s.
        /// </summary>
        public float[] Probabilities { get; }

        /// <summary>The value that the last decision was taken on: that of class 1 of two, of the highest class of several; NaN if a value is not finite.</summary>
        public float Probability { get; private set; }

        /// <summary>Why the last decision was taken, or was not.</summary>
        public DecisionReason Reason { get; private set; }

        /// <summary>The class that the last decision would have been for without the abstain band; <see cref="None"/> where a value is not finite.</summary>
        public int Called { get; private set; }

        /// <summary>
        /// The probability of class 1 from which on it is decided for, the file's to begin with; NaN for several classes, which
        /// have none. At 0.5 two outputs decide by the higher one, the first of equals.
        /// </summary>
        public float Threshold
        {
            get { return ClassCount == 2 ? threshold : float.NaN; }
            set { threshold = value; }
        }

        /// <summary>Decides on <see cref="Outputs"/>.</summary>
        /// <param name="accepts">Whether the inputs are ones that the model defines: finite, or NaN if that means missing.</param>
        /// <returns>The class, or <see cref="None"/>; <see cref="Reason"/> says why.</returns>
        public int Decide(bool accepts)
        {
            if (!accepts || !DecisionMetadata.Accepts(Outputs, false))
            {
                for (int i = 0; i < Probabilities.Length; i++)
                {
                    Probabilities[i] = float.NaN;
                }

                Probability = float.NaN;
                Called = None;
                Reason = DecisionReason.NotFinite;
                return None;
            }

            Called = ClassCount == 2 ? Binary() : Highest();
            Reason = abstainLow <= Probability && Probability < abstainHigh ? DecisionReason.AbstainBand : DecisionReason.Decided;
            return Reason == DecisionReason.Decided ? Called : None;
        }

        private int Binary()
        {
            float[] values = Probabilities;
            bool isSingle = Outputs.Length == 1;

            // Half the difference is the margin, whether or not the scores are each other's negative.
            float p = isSingle ? Outputs[0] : isScore ? (values[1] - values[0]) * 0.5f : values[1];
            if (calibration != null)
            {
                p = calibration.Apply(p);
            }

            if (isSingle || calibration != null)
            {
                values[0] = isScore ? -p : 1f - p;
                values[1] = p;
            }

            Probability = p;
            if (!isSingle && !isScore && threshold == DecisionMetadata.DefaultThreshold)
            {
                return values[0] < values[1] ? 1 : 0;
            }

            return threshold <= p ? 1 : 0;
        }

        private int Highest()
        {
            float[] values = Probabilities;
            int best = 0;
            for (int i = 1; i < values.Length; i++)
            {
                best = values[best] < values[i] ? i : best;
            }

            // The class is chosen before rounding can make two outputs equal.
            if (calibration != null)
            {
                calibration.ApplyToAll(values);
            }

            Probability = values[best];
            return best;
        }
    }
}
