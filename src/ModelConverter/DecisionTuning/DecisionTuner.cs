using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>Tunes a model's decision records on labelled rows that it was not trained on, in the order in which engines apply them.</summary>
internal static class DecisionTuner
{
    /// <summary>Tunes what the options ask for.</summary>
    /// <param name="table">Labelled rows, best ones that the model was not trained on.</param>
    /// <param name="outputs">What the model gave for each of them: one value (of class 1) or two for two classes, else one for each class.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="trainingRows">Inputs for the input statistics; null for those of <paramref name="table"/>.</param>
    /// <exception cref="InputException">An option does not fit the model, or cannot be met with these rows.</exception>
    public static DecisionSettings Tune(LabelledTable table, IReadOnlyList<float[]> outputs, DecisionOptions options, IReadOnlyList<float[]>? trainingRows = null)
    {
        Check(options);
        DecisionSettings settings = table.Classes.Count == 2
            ? TuneBinary(table.Labels, [.. outputs.Select(output => output[^1])], options, outputs[0].Length == 2)
            : TuneSeveral(table.Labels, [.. outputs.Select(output => (float[])[.. output])], options);
        if (options.UnlikeShare is { } share)
        {
            (float[] statistics, float[] limits) = InputStatisticsFitter.Fit(trainingRows ?? table.Rows, share);
            settings = settings with { InputStatistics = statistics, InputLimits = limits };
        }

        return settings;
    }

    private static DecisionSettings TuneBinary(int[] labels, float[] probabilities, DecisionOptions options, bool isPair)
    {
        var settings = new DecisionSettings();
        if (options.Calibration is { } method)
        {
            float[] values = Calibrator.Fit(method, labels, probabilities);
            probabilities = Array.ConvertAll(probabilities, new ProbabilityCalibration(values).Apply);
            settings = settings with { Calibration = values };
        }

        if (options.Threshold is { } objective)
        {
            settings = settings with { Threshold = ThresholdTuner.Tune(labels, probabilities, objective).Threshold };
        }

        if (options.AbstainAccuracy is { } accuracy)
        {
            // Of two equal columns the first is decided for, so that 0.5 itself lies below.
            float threshold = settings.Threshold ?? DecisionMetadata.DefaultThreshold;
            threshold = isPair && threshold == DecisionMetadata.DefaultThreshold ? MathF.BitIncrement(threshold) : threshold;
            (float low, float high, double abstained) = AbstainBandTuner.Tune(labels, probabilities, threshold, accuracy);
            settings = settings with { AbstainBand = [low, high], AbstainedShare = abstained };
        }

        return settings;
    }

    private static DecisionSettings TuneSeveral(int[] labels, float[][] outputs, DecisionOptions options)
    {
        if (options.Threshold is not null)
        {
            throw new InputException("A model of several classes has no threshold; omit the threshold objective.");
        }

        int[] called = Array.ConvertAll(outputs, output => Array.IndexOf(output, output.Max()));
        var settings = new DecisionSettings();
        if (options.Calibration is { } method)
        {
            if (method != CalibrationMethod.Temperature)
            {
                throw new InputException($"A model of several classes is calibrated by temperature; {method} is for two classes.");
            }

            float[] values = Calibrator.FitTemperature(labels, outputs);
            Array.ForEach(outputs, new ProbabilityCalibration(values).ApplyToAll);
            settings = settings with { Calibration = values };
        }

        if (options.AbstainAccuracy is { } accuracy)
        {
            bool[] correct = [.. labels.Select((label, i) => called[i] == label)];
            (float low, float high, double abstained) = AbstainBandTuner.Tune(correct, [.. outputs.Select((output, i) => output[called[i]])], accuracy);
            settings = settings with { AbstainBand = [low, high], AbstainedShare = abstained };
        }

        return settings;
    }

    private static void Check(DecisionOptions options)
    {
        if (options.AbstainAccuracy is { } accuracy && !(accuracy > 0 && accuracy <= 1))
        {
            throw new InputException($"The accuracy of decisions is {accuracy}; give a number above 0 and up to 1.");
        }

        if (options.UnlikeShare is { } share && !(share >= 0 && share < 1))
        {
            throw new InputException($"The share of unlike inputs is {share}; give a number from 0 to below 1.");
        }
    }
}
