using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>The probabilities that a model's decisions are taken on: its outputs, calibrated as its file says.</summary>
internal static class CalibratedOutputs
{
    /// <summary>The probabilities for outputs of the model; the same arrays where the file has no calibration.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputs">For each row one value (of class 1), two, or one for each class.</param>
    internal static float[][] Of(EdgeModel model, float[][] outputs) =>
        model.File.Decision.Calibration is { } calibration ? Array.ConvertAll(outputs, output => Of(calibration, output)) : outputs;

    private static float[] Of(ProbabilityCalibration calibration, float[] output)
    {
        if (output.Length > 2)
        {
            float[] all = [.. output];
            calibration.ApplyToAll(all);
            return all;
        }

        float p = calibration.Apply(output[^1]);
        return output.Length == 1 ? [p] : [1 - p, p];
    }
}
