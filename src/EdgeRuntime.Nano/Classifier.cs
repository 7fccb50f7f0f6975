using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>
    /// Decides between two or more classes by the records of the file: output meaning, class texts, threshold, calibration, abstain
    /// band, input statistics. Serves one thread at a time; no Classify allocates.
    /// </summary>
    public sealed partial class Classifier
    {
        /// <summary>The class of no decision; <see cref="Reason"/> says why.</summary>
        public const int None = DecisionRule.None;

        private readonly NanoSession session;
        private readonly DecisionRule rule;
        private readonly bool acceptsMissing;

        // Null until a text is asked for.
        private string[] texts;

        /// <summary>Creates a classifier.</summary>
        /// <param name="session">The session that runs the model.</param>
        /// <exception cref="ArgumentNullException"><paramref name="session"/> is null.</exception>
        /// <exception cref="ArgumentException">The model cannot decide: its output is a quantity or unknown, or there are several. The message names the option of <c>edge export</c> that fixes it.</exception>
        public Classifier(NanoSession session)
        {
            if (session == null)
            {
                throw new ArgumentNullException(nameof(session));
            }

            DecisionMetadata decision = session.Model.File.Decision;
            if (decision.Refusal != null)
            {
                throw new ArgumentException(decision.Refusal);
            }

            this.session = session;
            rule = new DecisionRule(decision, session.OutputLength);
            acceptsMissing = decision.AcceptsMissing;
            UseStatistics(decision);
        }

        /// <summary>Number of classes: 2 or more.</summary>
        public int ClassCount
        {
            get { return rule.ClassCount; }
        }

        /// <summary>
        /// Calibrated probability of class 1 of two from which on it is decided for: the file's, or 0.5. NaN for several classes,
        /// which have none.
        /// </summary>
        /// <exception cref="ArgumentException">The value is not finite.</exception>
        /// <exception cref="InvalidOperationException">The model has several classes.</exception>
        public float Threshold
        {
            get
            {
                return rule.Threshold;
            }

            set
            {
                if (rule.ClassCount != 2)
                {
                    throw new InvalidOperationException("The model has " + rule.ClassCount.ToString() + " classes and picks the highest; a threshold needs two classes.");
                }

                if (!(value - value == 0f))
                {
                    throw new ArgumentException("The threshold must be a finite number.");
                }

                rule.Threshold = value;
            }
        }

        /// <summary>
        /// The value of each class at the last decision, <see cref="ClassCount"/> of them, calibrated where the file says how; the
        /// scores themselves where that is the output's role. NaN if a value was not finite. Read only.
        /// </summary>
        public float[] Probabilities
        {
            get { return rule.Probabilities; }
        }

        /// <summary>The value that the last decision was taken on: that of class 1 of two, of the highest class of several; NaN if a value was not finite.</summary>
        public float Probability
        {
            get { return rule.Probability; }
        }

        /// <summary>Why the last decision was taken, or was not.</summary>
        public DecisionReason Reason
        {
            get { return rule.Reason; }
        }

        /// <summary>
        /// How unlike the training data the input of the last Classify was: 0 or more, above 1 beyond the file's limits, so that the
        /// class means little; 0 if the file has no input statistics.
        /// </summary>
        public float OutlierScore { get; private set; }

        /// <summary>Decides on one input.</summary>
        /// <param name="input">As many values as the session takes.</param>
        /// <returns>The class, or <see cref="None"/>; <see cref="Reason"/> says why.</returns>
        /// <exception cref="ArgumentException">The array has the wrong length.</exception>
        public int Classify(float[] input)
        {
            session.Run(input, rule.Outputs);
            Score(input);
            return rule.Decide(DecisionMetadata.Accepts(input, acceptsMissing));
        }

        /// <summary>Decides on one int8 input of a model that takes int8; the outputs may have any type.</summary>
        /// <param name="input">As many quantized values as the session takes.</param>
        /// <exception cref="ArgumentException">The array has the wrong length, or the model another input type.</exception>
        public int Classify(sbyte[] input)
        {
            return ClassifyRaw(input, input == null ? -1 : input.Length, TensorType.Int8);
        }

        /// <summary>Decides on one int16 input of a model that takes int16; the outputs may have any type.</summary>
        /// <param name="input">As many quantized values as the session takes.</param>
        /// <exception cref="ArgumentException">The array has the wrong length, or the model another input type.</exception>
        public int Classify(short[] input)
        {
            return ClassifyRaw(input, input == null ? -1 : input.Length, TensorType.Int16);
        }

        /// <summary>The text of a class, its number where the file has none; empty for <see cref="None"/>. The first call reads the texts from the file.</summary>
        /// <exception cref="ArgumentException">The class does not exist.</exception>
        public string ClassText(int index)
        {
            if (index < None || index >= rule.ClassCount)
            {
                throw new ArgumentException("There is no class " + index.ToString() + "; the model has " + rule.ClassCount.ToString() + ".");
            }

            if (texts == null)
            {
                texts = session.Model.File.Metadata.TextList(MetadataKey.Labels);
            }

            return index == None ? "" : index < texts.Length ? texts[index] : index.ToString();
        }

        /// <summary>Sets the state that the model keeps between inferences back to that of a new sequence.</summary>
        public void Reset()
        {
            session.Reset();
        }

        private int ClassifyRaw(Array input, int length, TensorType type)
        {
            float[] realInputs = null;
            TakeRealInputs(ref realInputs);
            session.RunRaw(input, length, type, rule.Outputs, realInputs);
            Score(realInputs);
            return rule.Decide(true);
        }

        // Nothing in an engine for models without input statistics.
        partial void UseStatistics(DecisionMetadata decision);

        partial void Score(float[] input);

        partial void TakeRealInputs(ref float[] values);
    }
}
