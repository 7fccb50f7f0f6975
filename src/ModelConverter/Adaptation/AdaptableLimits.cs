using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelConverter.Adaptation;

/// <summary>The ranges of <see cref="AdaptableOptions"/>.</summary>
internal static class AdaptableLimits
{
    /// <exception cref="InputException">An option is out of its range; the message says which and which range.</exception>
    internal static void Check(AdaptableOptions options)
    {
        Within(options.AddedClasses, 0, AdaptationRecord.MaxAddedClasses, "The number of classes that can be added");
        Within(options.StoredSamples, 0, AdaptationRecord.MaxCapacity, "The number of stored samples");
        Within(options.Passes, 0, AdaptationRecord.MaxPasses, "The number of passes");
        Within(options.Neighbours, 0, AdaptationRecord.MaxNeighbours, "The number of neighbours");
        Within(options.WarmUp, 2, AnomalyHead.MaxSamples, "The number of normal samples before the first threshold");
        Within(options.SelfTestSamples, 0, AdaptationRecord.MaxCapacity, "The number of labelled self-test rows");
        Above(options.LearningRate, 4, "The learning rate");
        Above(options.MaxLogitChange, 1024, "The most that a logit may change");
        Above(options.AnomalyQuantile, 1, "The quantile of anomalies");
        if (options.Neighbours % 2 == 0 && options.Neighbours > 0)
        {
            throw new InputException($"The number of neighbours is {options.Neighbours}; give an odd number, or 0 for means of classes.");
        }

        if (options.Neighbours > options.StoredSamples)
        {
            throw new InputException($"{options.Neighbours} neighbours vote but {options.StoredSamples} samples are stored; store as many or more.");
        }

        if (options is { LastLayer: false, AddedClasses: 0, Anomalies: false })
        {
            throw new InputException("Nothing is to be learned; leave one of the heads.");
        }
    }

    private static void Within(int value, int least, int most, string what)
    {
        if (value < least || value > most)
        {
            throw new InputException($"{what} is {value}; give {least} to {most}.");
        }
    }

    private static void Above(double value, double most, string what)
    {
        if (!(value > 0 && value <= most))
        {
            throw new InputException($"{what} is {value}; give a number above 0, at most {most}.");
        }
    }
}
