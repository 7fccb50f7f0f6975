using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// What a file's contract says about decisions: the output that decides, threshold, calibration, abstain band, window, input
    /// statistics. Read and checked with the file, so that an engine applies it without its own check.
    /// </summary>
    public sealed class DecisionMetadata
    {
        /// <summary>The threshold where the file has none.</summary>
        internal const float DefaultThreshold = 0.5f;

        private const int MaxKnots = 256;
        private const int StatisticsPerInput = 4;
        private const int WindowBytes = 12;
        private const int DecisionBytes = 3;

        private readonly ModelMetadata metadata;

        private readonly ModelBytes bytes;

        private readonly byte[] roles;

        private readonly int outputLength;

        private bool saysNone;

        internal DecisionMetadata(ModelBytes bytes, ModelMetadata metadata, byte[] roles, int inputLength, int outputLength)
        {
            this.bytes = bytes;
            this.metadata = metadata;
            this.roles = roles;
            this.outputLength = outputLength;
            ReadWindow();
            ReadNames(inputLength);
            ReadDecision();
            ReadThreshold();
            ReadAbstainBand();
            ReadCalibration(outputLength);
            ReadInputStatistics(inputLength);
        }

        /// <summary>The positive class when its probability is at least this, 0 to 1.</summary>
        public float Threshold { get; private set; }

        /// <summary>No decision is taken from this probability on, and below <see cref="AbstainHigh"/>.</summary>
        public float AbstainLow { get; private set; }

        /// <summary>End of the abstain band; equal to <see cref="AbstainLow"/> where there is none.</summary>
        public float AbstainHigh { get; private set; }

        /// <summary>How probabilities are calibrated, or null.</summary>
        internal ProbabilityCalibration Calibration { get; private set; }

        /// <summary>What inputs looked like in training, or null.</summary>
        internal InputStatistics InputStatistics { get; private set; }

        /// <summary>What each output means, as the file has it.</summary>
        internal byte[] Roles
        {
            get { return roles; }
        }

        /// <summary>Whether the model defines what a missing value, NaN, means.</summary>
        public bool AcceptsMissing
        {
            get { return metadata.PayloadOffset(MetadataKey.MissingValues) >= 0; }
        }

        /// <summary>The output that decides, or −1 where none does.</summary>
        public int Output { get; private set; }

        /// <summary>The function at the end of the output that decides.</summary>
        public DecisionHead Head { get; private set; }

        /// <summary>The class whose probability meets <see cref="Threshold"/>, and that an output of one column holds: 1 in this version.</summary>
        internal int PositiveClass { get; private set; }

        /// <summary>Seconds from one sample to the next, 0 if the file does not say.</summary>
        public float SamplePeriod { get; private set; }

        /// <summary>Samples of the window that one inference takes, 0 if the file does not say.</summary>
        public int WindowLength { get; private set; }

        /// <summary>Samples from the start of one window to that of the next, 0 if the file does not say.</summary>
        public int WindowHop { get; private set; }

        /// <summary>What an output means.</summary>
        /// <param name="output">Index of the output.</param>
        public OutputRole Role(int output)
        {
            return (OutputRole)roles[output];
        }

        /// <summary>Why no classifier can decide on this model, as a sentence that names the option that fixes it; null if one can.</summary>
        public string Refusal
        {
            get
            {
                if (roles.Length != 1)
                {
                    return "The model has " + roles.Length.ToString() + " outputs but a classifier needs one; export it again with --outputs and the name of the output that decides.";
                }

                if (saysNone)
                {
                    return "The model says that its output does not decide; run it instead, or export it again with --head logits, probability or scores if it does.";
                }

                int classes = outputLength == 1 ? 2 : outputLength;
                int texts = metadata.TextCount(MetadataKey.Labels);
                if (texts != 0 && texts != classes && Role(0) != OutputRole.Value && Role(0) != OutputRole.State)
                {
                    return "The model has " + texts.ToString() + " class texts but its output has " + classes.ToString() + " classes; export it again with --classes and a text for each.";
                }

                switch (Role(0))
                {
                    case OutputRole.Probability:
                    case OutputRole.Score: return null;
                    case OutputRole.Unknown: return "The model does not say what its output means; export it again with --head logits, probability, scores or value.";
                    case OutputRole.Logit: return "The model's output holds logits without a sigmoid or softmax; export it again with --head logits, which adds it.";
                    case OutputRole.Label: return "The model's only output is a label without a probability; export it again with --outputs and the name of the tensor that the label comes from.";
                    default: return "The model's output is a quantity or holds several results, not one class; run it instead, or export it again with --head logits, probability or scores if it is one, or with --outputs and the name of a tensor of one result.";
                }
            }
        }

        /// <summary>Whether every value is finite, or NaN if that is allowed.</summary>
        /// <param name="input">The values.</param>
        /// <param name="missing">Whether NaN stands for a missing value that the model defines.</param>
        internal static bool Accepts(float[] input, bool missing)
        {
            for (int i = 0; i < input.Length; i++)
            {
                float x = input[i];

                // Only the difference of equal finite numbers is 0, on nanoFramework too.
                if (!(x - x == 0f) && !(missing && IsNaN(x)))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Whether a probability lies in the abstain band.</summary>
        internal bool Abstains(float probability)
        {
            return probability >= AbstainLow && probability < AbstainHigh;
        }

        private void ReadNames(int inputLength)
        {
            int names = metadata.TextCount(MetadataKey.InputNames);

            // A window has as many values as its samples together; of how many samples, the file need not say.
            bool ofSample = names > 0 && inputLength % names == 0 && (WindowLength == 0 || (long)names * WindowLength == inputLength);
            Require(names == inputLength || ofSample || metadata.PayloadOffset(MetadataKey.InputNames) < 0, MetadataKey.InputNames, "there is not one name for each input value, or for each value of a sample");
            Require(metadata.PayloadOffset(MetadataKey.InputUnits) < 0 || metadata.TextCount(MetadataKey.InputUnits) == names, MetadataKey.InputUnits, "there is not one unit for each name");
        }

        private void ReadWindow()
        {
            int offset = metadata.PayloadOffset(MetadataKey.Window);
            if (offset < 0)
            {
                return;
            }

            Require(metadata.PayloadLength(MetadataKey.Window) == WindowBytes, MetadataKey.Window, "the window is not a period, a length and a hop");
            SamplePeriod = bytes.F32(offset);
            WindowLength = bytes.I32(offset + 4);
            WindowHop = bytes.I32(offset + 8);
            bool good = Within(SamplePeriod, 0f, float.MaxValue) && WindowLength >= 0 && WindowHop >= 0;
            Require(good, MetadataKey.Window, "the window's period, length or hop is negative or not finite");
        }

        private void ReadDecision()
        {
            Output = -1;
            PositiveClass = 1;
            if (metadata.PayloadOffset(MetadataKey.Decision) < 0)
            {
                return;
            }

            Require(metadata.PayloadLength(MetadataKey.Decision) == DecisionBytes, MetadataKey.Decision, "the decision is not an output, a head and a positive class");
            int output = metadata.Byte(MetadataKey.Decision, 0);
            int head = metadata.Byte(MetadataKey.Decision, 1);
            PositiveClass = metadata.Byte(MetadataKey.Decision, 2);
            Require(output == FormatLayout.NoOutput || output < roles.Length, MetadataKey.Decision, "the output that decides does not exist");
            Require(head <= (int)DecisionHead.Softmax, MetadataKey.Decision, "the head is unknown");
            Require(PositiveClass == 1, MetadataKey.Decision, "the positive class is not 1, the only one supported");
            saysNone = output == FormatLayout.NoOutput;
            Output = saysNone ? -1 : output;
            Head = (DecisionHead)head;
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

            Require(good, MetadataKey.Calibration, "the calibration is unknown, or its parameters do not fit it");
            Calibration = new ProbabilityCalibration(values);
        }

        private void ReadInputStatistics(int inputLength)
        {
            float[] values = Floats(MetadataKey.InputStatistics);
            float[] limits = Floats(MetadataKey.InputLimits);
            if (values == null)
            {
                Require(limits == null, MetadataKey.InputLimits, "the input limits need input statistics, which are missing");
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

            return metadata.Floats(key);
        }

        private void Require(bool condition, MetadataKey key, string problem)
        {
            if (!condition)
            {
                throw new ModelFormatException("contract", metadata.PayloadOffset(key), problem);
            }
        }

        // Comparisons with NaN are false.
        private static bool Within(float value, float low, float high)
        {
            return value >= low && value <= high;
        }

        // An infinity equals itself; nanoFramework takes a NaN for greater than any number, so that only equality tells it.
        private static bool IsNaN(float value)
        {
#pragma warning disable CS1718
            return value != value;
#pragma warning restore CS1718
        }

        private static bool IsFinite(float value)
        {
            return value - value == 0f;
        }
    }
}
