using System.Buffers.Binary;
using System.Text;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Signals;

/// <summary>Makes the record of a signal pipeline from its settings, and says what is wrong with them by the setting's name.</summary>
internal static class SignalRecordWriter
{
    // Values between filters saturate beyond it: BiquadCascade.Limit over what a count is there.
    private const int MostGain = 15;

    internal static byte[] Write(SignalSettings settings)
    {
        Check(settings);
        int[] filters = [.. settings.Filters.SelectMany(filter => BiquadDesign.Rounded(filter, settings.SamplePeriod))];
        int sections = filters.Length / SignalPlan.FilterCoefficients;
        Require(sections <= SignalPlan.MaxFilters, $"The filters have {sections} sections of second order, more than {SignalPlan.MaxFilters}; take fewer filters or lower orders.");
        CheckGain(filters);
        using var stream = new MemoryStream();
        stream.WriteByte((byte)settings.Channels.Count);
        stream.WriteByte((byte)sections);
        stream.WriteByte((byte)settings.Features.Count);
        foreach (SignalChannel channel in settings.Channels)
        {
            Int(stream, BitConverter.SingleToInt32Bits(channel.CountSize));
            ModelBuilder.WriteText(stream, channel.Name);
        }

        foreach (int coefficient in filters)
        {
            Int(stream, coefficient);
        }

        foreach (SignalOutput output in settings.Features)
        {
            stream.WriteByte((byte)output.Feature);
            if (SignalPlan.HasBands((int)output.Feature))
            {
                stream.WriteByte((byte)output.Bands);
                stream.WriteByte((byte)(output.Bands >> 8));
                foreach (int edge in BandDesign.Edges(output, settings.Length, settings.SamplePeriod))
                {
                    Int(stream, edge);
                }
            }
        }

        return stream.ToArray();
    }

    /// <summary>Refuses filters whose values would saturate between two of them.</summary>
    /// <exception cref="ArgumentException">They would.</exception>
    internal static void CheckGain(int[] coefficients)
    {
        double gain = FilterBound.Gain(coefficients);
        Require(gain < MostGain, $"The filters can make values {gain:0.#} times as large as the samples, more than the {MostGain} that they have room for; take a lower quality or order.");
    }

    private static void Check(SignalSettings settings)
    {
        Require(settings.Channels.Count is > 0 and <= 255, $"A pipeline has 1 to 255 channels, not {settings.Channels.Count}.");
        foreach (SignalChannel channel in settings.Channels)
        {
            int bytes = Encoding.UTF8.GetByteCount(channel.Name);
            Require(bytes is > 0 and <= TextList.MaxBytes, $"The channel name '{channel.Name}' has {bytes} bytes; it takes 1 to {TextList.MaxBytes}.");
            Require(channel.CountSize > 0 && float.IsFinite(channel.CountSize), $"The count of channel '{channel.Name}' has the size {channel.CountSize}; it is finite and above 0.");
        }

        Require(settings.Channels.DistinctBy(channel => channel.Name).Count() == settings.Channels.Count, "Two channels have the same name; give each its own.");
        Require(settings.SamplePeriod > 0 && float.IsFinite(settings.SamplePeriod), $"The sample period is {settings.SamplePeriod} s; it is finite and above 0.");
        Require(settings.Length is >= SignalPlan.MinLength and <= SignalPlan.MaxLength, $"The window has {settings.Length} samples; it takes {SignalPlan.MinLength} to {SignalPlan.MaxLength}.");
        Require((long)settings.Channels.Count * settings.Length <= SignalPlan.MaxCounts, $"The windows of {settings.Channels.Count} channels have {(long)settings.Channels.Count * settings.Length} counts, more than {SignalPlan.MaxCounts}; take a shorter window.");
        Require(settings.Hop > 0 && settings.Hop <= settings.Length, $"The hop is {settings.Hop} samples; it is 1 to the window's length, {settings.Length}.");
        Require(settings.Features.Count > 0, "A pipeline makes at least one feature.");
        Require(settings.Features.DistinctBy(output => output.Feature).Count() == settings.Features.Count, "A feature is named twice; name each kind once.");
        foreach (SignalOutput output in settings.Features)
        {
            Require(Enum.IsDefined(output.Feature), $"There is no feature {output.Feature}.");
            bool hasBands = SignalPlan.HasBands((int)output.Feature);
            Require(hasBands || (output.Bands == 0 && output.Low == 0 && output.High == 0), $"{output.Feature} has no bands; leave bands, low and high out.");
            Require(!hasBands || settings.Length >= SignalPlan.MinSpectrumLength, $"{output.Feature} needs a window of {SignalPlan.MinSpectrumLength} samples or more.");
        }

        foreach (SignalFilter filter in settings.Filters)
        {
            double nyquist = 0.5 / settings.SamplePeriod;
            Require(Enum.IsDefined(filter.Kind), $"There is no filter {filter.Kind}.");
            Require(filter.Frequency > 0 && filter.Frequency < nyquist * (1 - 1e-6), $"A {filter.Kind} filter has the frequency {filter.Frequency} Hz; it is above 0 and below {nyquist:0.###} Hz, half the sample rate.");
            bool isPass = filter.Kind is FilterKind.LowPass or FilterKind.HighPass;
            Require(isPass ? filter.Order is 2 or 4 or 6 or 8 : filter.Order == 2, $"A {filter.Kind} filter has the order {filter.Order}; it takes {(isPass ? "2, 4, 6 or 8" : "2")}.");
            Require(filter.Quality > 0 && double.IsFinite(filter.Quality), $"A {filter.Kind} filter has the quality {filter.Quality}; it is finite and above 0.");
        }
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new ArgumentException(problem);
        }
    }

    private static void Int(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
