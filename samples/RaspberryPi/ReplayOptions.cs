using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>The words after <c>edge-device replay FILE.csv</c>.</summary>
internal sealed record ReplayOptions(string? Model, string Label, bool InRealTime, bool Json)
{
    /// <exception cref="InvalidDataException">A word is no option of the command.</exception>
    internal static ReplayOptions Of(string[] words)
    {
        var options = new ReplayOptions(null, LoopRecorder.LabelColumn, false, false);
        for (int i = 0; i < words.Length; i++)
        {
            options = words[i] switch
            {
                "--model" when i + 1 < words.Length => options with { Model = words[++i] },
                "--label" when i + 1 < words.Length => options with { Label = words[++i] },
                "--label" => throw new InvalidDataException("--label needs the name of a column."),
                "--model" => throw new InvalidDataException("--model needs the path of an .edge file."),
                "--real-time" => options with { InRealTime = true },
                "--json" => options with { Json = true },
                _ => throw new InvalidDataException($"'{words[i]}' is no option of replay, which has --model FILE, --label COLUMN, --real-time and --json."),
            };
        }

        return options;
    }
}
