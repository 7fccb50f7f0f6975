using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat
{
    /// <content>Decisions on calibrated probabilities.</content>
    internal sealed partial class DecisionRule
    {
        // Null where there is none.
        private ProbabilityCalibration calibration;

        partial void UseCalibration(DecisionMetadata metadata, ref bool isUsed)
        {
            calibration = metadata.Calibration;
            isUsed = calibration != null;
        }

        partial void Calibrate(ref float probability)
        {
            if (calibration != null)
            {
                probability = calibration.Apply(probability);
            }
        }

        partial void CalibrateAll(float[] probabilities)
        {
            if (calibration != null)
            {
                calibration.ApplyToAll(probabilities);
            }
        }
    }
}
