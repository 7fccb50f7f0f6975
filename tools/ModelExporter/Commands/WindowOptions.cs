using System.CommandLine;
using EdgeInference.ModelConverter.Graphs;

namespace ModelExporter.Commands;

/// <summary>Options that say what the values of one inference are: units, and the window of samples that they come from.</summary>
internal sealed class WindowOptions
{
    private readonly Option<string?> units = new("--units") { Description = "A unit for each feature, separated by commas; nothing between two commas for none." };
    private readonly Option<float?> period = new("--sample-period") { Description = "Seconds from one sample of the sensor to the next; a device's loop is held to it." };
    private readonly Option<int?> window = new("--window") { Description = "Samples that one inference is computed from; a device's loop is held to it." };
    private readonly Option<int?> hop = new("--hop") { Description = "Samples from the start of one window to that of the next; as many as --window where it is left out." };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[units, period, window, hop])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Puts them into a graph's metadata.</summary>
    /// <exception cref="InputException">A number is out of range, or the units are not one for each feature.</exception>
    internal void Apply(ParseResult result, Graph graph)
    {
        if (CommonOptions.Split(result.GetValue(units)) is { } texts)
        {
            int features = graph.Metadata.InputNames.Count > 0 ? graph.Metadata.InputNames.Count : graph.Inputs.Sum(input => input.Elements);
            graph.Metadata = texts.Length == features
                ? graph.Metadata with { InputUnits = texts }
                : throw new InputException($"--units names {texts.Length} units where the model has {features} features; give one for each, with nothing between two commas for none.");
        }

        float seconds = result.GetValue(period) ?? 0f;
        int length = result.GetValue(window) ?? 0;
        int step = result.GetValue(hop) ?? length;
        if (!(seconds >= 0f && float.IsFinite(seconds)) || (result.GetValue(period) is not null && seconds == 0f))
        {
            throw new InputException($"--sample-period {result.GetValue(period)} is not a time above 0; give seconds, for example 0.02.");
        }

        if ((result.GetValue(window) is not null && length < 1) || (result.GetValue(hop) is not null && (length < 1 || step < 1 || step > length)))
        {
            throw new InputException($"--window is 1 or more and --hop from 1 to --window; they are {length} and {step}.");
        }

        if (seconds > 0f || length > 0)
        {
            graph.Metadata = graph.Metadata with { Window = new SampleWindow(seconds, length, step) };
        }
    }
}
