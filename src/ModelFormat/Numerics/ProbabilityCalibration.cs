namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// Makes a probability honest: of the cases given 0.8, about 80 % should be of class 1. float32 throughout, the same bits
    /// on every engine. docs/decisions-quality.md has formulas and sources.
    /// </summary>
    sealed partial class ProbabilityCalibration
    {
        /// <summary>Probabilities are kept this far from 0 and 1 before a logarithm: 2⁻²⁰.</summary>
        public const float Clip = 1f / 1048576f;

        private readonly CalibrationMethod method;
        private readonly float[] values;

        /// <summary>Creates a calibration from the values of a Calibration record, which have been checked.</summary>
        /// <param name="values">The method and its parameters.</param>
        public ProbabilityCalibration(float[] values)
        {
            method = (CalibrationMethod)(int)values[0];
            this.values = values;
        }

        /// <summary>The method.</summary>
        public CalibrationMethod Method
        {
            get { return method; }
        }

        /// <summary>The logit of a probability, ln(p / (1 − p)), with p kept <see cref="Clip"/> from 0 and 1.</summary>
        public static float Logit(float probability)
        {
            float p = Clipped(probability);
            return FloatFunctions.Log(p) - FloatFunctions.Log(1f - p);
        }

        /// <summary>The calibrated probability of class 1 of two; NaN gives NaN.</summary>
        public float Apply(float probability)
        {
            if (method == CalibrationMethod.Platt)
            {
                return FloatFunctions.Sigmoid((values[1] * Logit(probability)) + values[2]);
            }

            return method == CalibrationMethod.Isotonic ? Interpolate(probability) : FloatFunctions.Sigmoid(Logit(probability) / values[1]);
        }

        /// <summary>Calibrates the probabilities of several classes in place, by temperature; their order stays.</summary>
        public void ApplyToAll(float[] probabilities)
        {
            float max = Clip;
            for (int i = 0; i < probabilities.Length; i++)
            {
                max = max < probabilities[i] ? probabilities[i] : max;
            }

            float highest = FloatFunctions.Log(Clipped(max));
            float sum = 0f;
            for (int i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] = FloatFunctions.Exp((FloatFunctions.Log(Clipped(probabilities[i])) - highest) / values[1]);
                sum += probabilities[i];
            }

            for (int i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] /= sum;
            }
        }

        private float Interpolate(float x)
        {
            int last = values.Length - 2;
            if (x <= values[1])
            {
                return values[2];
            }

            if (values[last] <= x)
            {
                return values[last + 1];
            }

            // Between the knots at low and high, which are positions of an x.
            int low = 1;
            int high = last;
            while (high - low > 2)
            {
                int middle = low + (((high - low) >> 2) << 1);
                if (values[middle] <= x)
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }

            float share = (x - values[low]) / (values[high] - values[low]);
            return values[low + 1] + (share * (values[high + 1] - values[low + 1]));
        }

        private static float Clipped(float p)
        {
            return p < Clip ? Clip : 1f - Clip < p ? 1f - Clip : p;
        }
    }
}
