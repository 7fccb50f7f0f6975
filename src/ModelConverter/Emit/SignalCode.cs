using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>The signal pipeline of a model as a class beside the model's: what the engines have of it, with its numbers as constants.</summary>
/// <param name="Text">The class, to be put into the namespace.</param>
/// <param name="Bytes">Bytes of its IL, estimated from above.</param>
internal sealed record SignalCode(string Text, int Bytes)
{
    /// <summary>The class of a model's pipeline; null where it has none.</summary>
    /// <param name="file">The model.</param>
    /// <param name="className">Name of the model's class.</param>
    public static SignalCode? Of(ModelFile file, string className)
    {
        if (SignalsRecord.Read(file.Bytes, file.Metadata) is not { } signals)
        {
            return null;
        }

        (string types, int bytes) = SignalEmitter.Emit(file);
        var core = new SignalCore(signals.Channels, signals.Length, signals.Hop, signals.Filters, signals.Plan);
        string[] names = [.. Enumerable.Range(0, signals.Channels).Select(signals.ChannelName)];
        string[] sizes = [.. Enumerable.Range(0, signals.Channels).Select(channel => Literal.Of(signals.CountSize(channel)))];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""

                /// <summary>
                /// From samples to what {{className}} takes: {{signals.Filters.Length / SignalPlan.FilterCoefficients}} filters of second order, windows of {{signals.Length}} samples of {{signals.Channels}} channels every {{signals.Hop}}, {{core.Count}} features.
                /// Takes {{core.RamBytes}} bytes of RAM. Serves one thread at a time.
                /// </summary>
                public static class {{className}}Signals
                {
                    /// <summary>Values in a sample.</summary>
                    public const int Channels = {{signals.Channels}};

                    /// <summary>Samples of a window.</summary>
                    public const int Length = {{signals.Length}};

                    /// <summary>Samples from the start of one window to that of the next.</summary>
                    public const int Hop = {{signals.Hop}};

                    /// <summary>Seconds from one sample to the next.</summary>
                    public const float SamplePeriod = {{Literal.Of(signals.Period)}};

                    /// <summary>Features of a window.</summary>
                    public const int FeatureCount = {{core.Count}};

                    /// <summary>A name for each channel.</summary>
                    public static readonly string[] ChannelNames = new string[] { {{string.Join(", ", names.Select(Literal.Of))}} };

                    /// <summary>What one count of each channel is in the sensor's unit.</summary>
                    public static readonly float[] CountSizes = new float[] { {{string.Join(", ", sizes)}} };

                    private static readonly {{SignalEmitter.Core}} pipeline = new {{SignalEmitter.Core}}({{signals.Channels}}, {{signals.Length}}, {{signals.Hop}}, new int[] { {{Numbers(signals.Filters)}} }, new int[] { {{Numbers(signals.Plan)}} });

                    /// <summary>Adds a sample.</summary>
                    /// <param name="sample">Counts, one a channel, from offset on.</param>
                    /// <param name="offset">Where they begin.</param>
                    /// <returns>Whether a window is due: the first when it is full, then one every Hop.</returns>
                    public static bool Add(short[] sample, int offset)
                    {
                        if (sample == null || offset < 0 || sample.Length - offset < Channels)
                        {
                            throw new ArgumentException("A sample has {{signals.Channels}} values.");
                        }

                        return pipeline.Add(sample, offset);
                    }

                    /// <summary>The features of the window that ends with the last sample; ask when Add says that one is due.</summary>
                    /// <param name="features">Room for FeatureCount values.</param>
                    public static void Features(float[] features)
                    {
                        if (features == null || features.Length < FeatureCount)
                        {
                            throw new ArgumentException("The pipeline makes {{core.Count}} features.");
                        }

                        pipeline.Features(features);
                    }

                    /// <summary>A value in the sensor's unit as a count: rounded, halves to the even one, and saturated to int16.</summary>
                    public static short Count(float value, int channel)
                    {
                        return {{SignalEmitter.Counts}}.Of(value, CountSizes[channel]);
                    }

                    /// <summary>Forgets all samples, as after a gap that no window may span; the filters begin anew.</summary>
                    public static void Reset()
                    {
                        pipeline.Reset();
                    }

            """);
        foreach (string line in types.Split('\n'))
        {
            text.Append(line.Length == 0 || line[0] == '#' ? line : "    " + line).Append('\n');
        }

        text.Length = text.ToString().TrimEnd().Length;
        text.Append("\n    }\n");
        return new SignalCode(text.ToString(), bytes);
    }

    private static string Numbers(int[] values) => string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
