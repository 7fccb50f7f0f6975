using System.CommandLine;

namespace EdgeInference.Tool.Commands;

/// <summary>Options that say what the values of one inference are: units, and the window of samples that they come from.</summary>
internal sealed class WindowOptions
{
    private readonly Option<string?> units = new("--units") { Description = "A unit for each feature, separated by commas; leave an entry empty for no unit." };
    private readonly Option<float?> period = new("--sample-period") { Description = "Seconds between sensor samples; a device's loop must use the same." };
    private readonly Option<int?> window = new("--window") { Description = "Samples per inference; a device's loop must use the same." };
    private readonly Option<int?> hop = new("--hop") { Description = "Samples from the start of one window to the next; as --window by default." };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[units, period, window, hop])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The units, or null.</summary>
    internal string[]? Units(ParseResult result) => CommonOptions.Split(result.GetValue(units));

    /// <summary>The window of samples, or null.</summary>
    /// <exception cref="InputException">A number is out of range.</exception>
    internal SampleWindow? Window(ParseResult result)
    {
        float seconds = result.GetValue(period) ?? 0f;
        int length = result.GetValue(window) ?? 0;
        int step = result.GetValue(hop) ?? length;
        if (!(seconds >= 0f && float.IsFinite(seconds)) || (result.GetValue(period) is not null && seconds == 0f))
        {
            throw new UsageException($"--sample-period {result.GetValue(period)} is not a time above 0; give seconds, for example 0.02.");
        }

        if ((result.GetValue(window) is not null && length < 1) || (result.GetValue(hop) is not null && (length < 1 || step < 1 || step > length)))
        {
            throw new UsageException($"--window must be 1 or more and --hop from 1 to --window; they are {length} and {step}.");
        }

        return seconds > 0f || length > 0 ? new SampleWindow(seconds, length, step) : null;
    }
}
