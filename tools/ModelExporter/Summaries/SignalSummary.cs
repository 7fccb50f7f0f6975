using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Tool.Summaries;

/// <summary>A channel of a model's signal pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CountSize">What one count is in the sensor's unit.</param>
internal sealed record SignalChannelSummary(string Name, float CountSize);

/// <summary>A section of second order of a model's filters.</summary>
/// <param name="Kind">What it lets through.</param>
/// <param name="Hertz">Cutoff or centre.</param>
/// <param name="Quality">Its quality.</param>
internal sealed record SignalFilterSummary(FilterKind Kind, double Hertz, double Quality);

/// <summary>A feature of a model's signal pipeline.</summary>
/// <param name="Feature">Its kind.</param>
/// <param name="EdgesHertz">The ends of its bands, ascending: of powers where one ends and the next begins, of mel powers the feet and tops of its triangles. None without bands.</param>
internal sealed record SignalFeatureSummary(SignalFeature Feature, IReadOnlyList<double> EdgesHertz);

/// <summary>What makes a model's features of samples.</summary>
/// <param name="Channels">The channels.</param>
/// <param name="SamplePeriod">Seconds from one sample to the next.</param>
/// <param name="WindowLength">Samples of a window.</param>
/// <param name="WindowHop">Samples from the start of one window to that of the next.</param>
/// <param name="Filters">Filters, in order, in sections of second order.</param>
/// <param name="Features">Features of each channel.</param>
/// <param name="FeatureCount">Features of all channels.</param>
/// <param name="RamBytes">Bytes of RAM on a device.</param>
/// <param name="FilterErrorCounts">How far filtered counts are at most from those of exact arithmetic; 0 without a filter.</param>
internal sealed record SignalSummary(
    IReadOnlyList<SignalChannelSummary> Channels,
    float SamplePeriod,
    int WindowLength,
    int WindowHop,
    IReadOnlyList<SignalFilterSummary> Filters,
    IReadOnlyList<SignalFeatureSummary> Features,
    int FeatureCount,
    int RamBytes,
    double FilterErrorCounts)
{
    // 1 in the coefficients of the record.
    private const double One = 1 << 30;

    /// <summary>Null where the model takes values as they are.</summary>
    internal static SignalSummary? Of(ModelFile file)
    {
        if (SignalsRecord.Read(file.Bytes, file.Metadata) is not { } record)
        {
            return null;
        }

        var pipeline = SignalPipeline.Of(file)!;

        // As it was typed: a float32 is a little off from 0.01.
        double period = double.Parse(record.Period.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new SignalSummary(
            [.. pipeline.Channels.Select(channel => new SignalChannelSummary(channel.Name, channel.CountSize))],
            record.Period,
            record.Length,
            record.Hop,
            [.. record.Filters.Chunk(SignalPlan.FilterCoefficients).Select(section => Filter(section, period))],
            [.. Outputs(record, period)],
            pipeline.FeatureCount,
            pipeline.RamBytes,
            pipeline.FilterError);
    }

    // The formulas of the Audio EQ Cookbook the other way: a1 and a2 have frequency and quality, b1 has the kind.
    private static SignalFilterSummary Filter(int[] section, double period)
    {
        (double b0, double b1, double a1, double a2) = (section[0] / One, section[1] / One, section[3] / One, section[4] / One);
        double alpha = (1 - a2) / (1 + a2);
        double turn = Math.Acos(Math.Clamp(-a1 / (1 + a2), -1, 1));
        FilterKind kind = Math.Abs(b1) < Math.Abs(b0) * 1e-6 && section[2] < 0 ? FilterKind.BandPass
            : Math.Abs(b1 - (2 * b0)) < Math.Abs(b0) * 1e-3 ? FilterKind.LowPass
            : Math.Abs(b1 + (2 * b0)) < Math.Abs(b0) * 1e-3 && Math.Abs(b0 - ((1 + Math.Cos(turn)) / 2 / (1 + alpha))) < 1e-6 ? FilterKind.HighPass
            : FilterKind.Notch;
        return new SignalFilterSummary(kind, turn / (2 * Math.PI * period), Math.Sin(turn) / (2 * alpha));
    }

    private static IEnumerable<SignalFeatureSummary> Outputs(SignalsRecord record, double period)
    {
        double bin = 1 / (SignalPlan.Points(record.Length) * period);
        for (int i = 0; i < record.Plan.Length; i++)
        {
            int kind = record.Plan[i];
            if (!SignalPlan.HasBands(kind))
            {
                yield return new SignalFeatureSummary((SignalFeature)kind, []);
                continue;
            }

            int edges = SignalPlan.Edges(kind, record.Plan[i + 1]);

            // Bin k of the powers reaches from k − 1 to k steps of the spectrum.
            double[] hertz = [.. record.Plan.Skip(i + 2).Take(edges).Select(edge => kind == (int)SignalFeature.BandPower ? (edge - 1) * bin : edge * bin / (1 << SignalPlan.BinShift))];
            yield return new SignalFeatureSummary((SignalFeature)kind, hertz);
            i += 1 + edges;
        }
    }
}
