using System.Globalization;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>What one count of each channel is: 1 where samples are counts already, else what was said.</summary>
internal static class CountSizes
{
    // Of fewer counts the features would be coarse.
    private const int FewCounts = 64;

    /// <summary>The channels of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="given">One size for all channels or one for each; null where samples are to be counts.</param>
    /// <exception cref="InputException">There are more or fewer sizes than channels, or samples are no counts and no size was given.</exception>
    internal static SignalChannel[] Channels(SampleRecording recording, IReadOnlyList<float>? given)
    {
        string[] names = recording.ChannelNames;
        if (given is not null && given.Count != 1 && given.Count != names.Length)
        {
            throw new InputException($"--count-size has {given.Count} sizes but '{recording.Path}' has {names.Length} channels, {NameMatch.List(names, 4)}; give one for all, or one for each in this order.");
        }

        var channels = new SignalChannel[names.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            (float largest, bool areCounts) = Look(recording, i);
            if (given is null && !areCounts)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{recording.Path}': the values of '{names[i]}' are not all whole numbers from -32768 to 32767, which a device would count in; give what one count is in the sensor's unit, for example --count-size {Fitting(largest)} (values reach {largest})."));
            }

            channels[i] = new SignalChannel(names[i], given is null ? 1f : given[given.Count == 1 ? 0 : i]);
            if (largest > 0 && largest / channels[i].CountSize < FewCounts && given is not null)
            {
                Notices.Say(string.Create(CultureInfo.InvariantCulture, $"'{recording.Path}': the values of '{names[i]}' reach {largest}, only {largest / channels[i].CountSize:0} counts of {channels[i].CountSize}; a smaller --count-size, such as {Fitting(largest)}, keeps more of them."));
            }
        }

        return channels;
    }

    /// <summary>Says where a model that counts in whole numbers is given others: the recording may be in another unit than that of its training.</summary>
    internal static void SayRounded(SampleRecording recording, SignalPipeline pipeline)
    {
        for (int i = 0; i < pipeline.Channels.Count; i++)
        {
            if (pipeline.Channels[i].CountSize == 1f && !AreWhole(recording, i))
            {
                Notices.Say(string.Create(CultureInfo.InvariantCulture, $"'{recording.Path}': the values of '{pipeline.Channels[i].Name}' are not all whole numbers, and reach {Look(recording, i).Largest}; the model counts in steps of 1 and they are rounded to them. Give the samples in the unit of the training, or train with --count-size."));
            }
        }
    }

    /// <summary>A size of which values become half of the counts that there are: 1, 2 or 5 times a power of ten.</summary>
    internal static float Fitting(float largest)
    {
        double least = Math.Max(largest, 1e-30) / 16384;
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double times = least / power;
        return (float)double.Parse(((times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power).ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static bool AreWhole(SampleRecording recording, int channel)
    {
        for (int sample = 0; sample < recording.Samples; sample++)
        {
            if (recording[sample][channel] != MathF.Round(recording[sample][channel]))
            {
                return false;
            }
        }

        return true;
    }

    private static (float Largest, bool AreCounts) Look(SampleRecording recording, int channel)
    {
        float largest = 0;
        bool areCounts = true;
        for (int sample = 0; sample < recording.Samples; sample++)
        {
            float value = recording[sample][channel];
            largest = MathF.Max(largest, MathF.Abs(value));
            areCounts &= value == MathF.Round(value) && value is >= short.MinValue and <= short.MaxValue;
        }

        return (largest, areCounts);
    }
}
