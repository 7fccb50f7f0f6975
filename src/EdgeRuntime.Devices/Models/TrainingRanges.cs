using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;

namespace EdgeInference.Devices;

/// <summary>
/// How far each value of a model reached in its training rows: records 136 and 138 of docs/model-format.md, which <c>edge train</c>
/// writes. For a model without the statistics that <see cref="Runtime.Decision.OutlierScore"/> is made of.
/// </summary>
internal sealed class TrainingRanges
{
    private readonly float[] lowest;
    private readonly float[] highest;

    private TrainingRanges(int values)
    {
        lowest = new float[values];
        highest = new float[values];
    }

    /// <summary>Reads the ranges; null where the file has none, or has statistics for a score.</summary>
    /// <exception cref="ModelFormatException">A record does not fit the model.</exception>
    internal static TrainingRanges? Of(ModelFile file)
    {
        FeatureStatistics[] known = FeatureStatistics.Read(file);
        if (known.Length == 0 || file.Metadata.PayloadOffset(MetadataKey.InputStatistics) >= 0)
        {
            return null;
        }

        var ranges = new TrainingRanges(known.Length);
        for (int i = 0; i < known.Length; i++)
        {
            // A text that training did not know is the number behind the last. The slack of a constant is its own size, as where record 10 is made.
            FeatureStatistics value = known[i];
            double slack = value.Shares.Count > 0 ? 0 : value.Deviation > 0 ? value.Deviation : Math.Max(1, Math.Abs(value.Mean));
            (ranges.lowest[i], ranges.highest[i]) = ((float)(value.Low - slack), (float)(value.High + slack));
        }

        return ranges;
    }

    /// <summary>Whether no value lies farther outside its range than a standard deviation, the default limit of record 11. A missing value lies nowhere.</summary>
    internal bool Hold(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length && i < lowest.Length; i++)
        {
            if (values[i] < lowest[i] || values[i] > highest[i])
            {
                return false;
            }
        }

        return true;
    }
}
