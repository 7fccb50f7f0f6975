using System.Globalization;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What a model may take on a device.</summary>
/// <param name="Board">The device.</param>
/// <param name="Milliseconds">Most time of an inference, or null.</param>
/// <param name="Bytes">Most bytes of the file, or null.</param>
internal sealed record DeviceBudget(NanoBoard Board, double? Milliseconds, int? Bytes)
{
    /// <summary>Reads <c>esp32:1ms,8KB</c>: a board, and a time (us, ms, s), a size (B, KB, MB) or both.</summary>
    /// <exception cref="InputException">The text is none.</exception>
    internal static DeviceBudget Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        NanoBoard board = NanoBoard.Find(parts[0])
            ?? throw new InputException($"--budget '{text}' begins with the board '{parts[0]}', which is not known; use one of {NanoBoard.Names}, as in esp32:1ms,8KB.");
        double? milliseconds = null;
        int? bytes = null;
        foreach (string part in parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.TrimEntries) : [])
        {
            if (Amount(part, [("us", 1e-3), ("ms", 1), ("s", 1e3)]) is { } time && milliseconds is null)
            {
                milliseconds = time;
            }
            else if (Amount(part, [("KB", 1024), ("MB", 1024 * 1024), ("B", 1)]) is { } size && bytes is null && size < int.MaxValue)
            {
                bytes = (int)size;
            }
            else
            {
                throw Wrong(text);
            }
        }

        return milliseconds is null && bytes is null ? throw Wrong(text) : new DeviceBudget(board, milliseconds, bytes);
    }

    private static InputException Wrong(string text) => new($"--budget '{text}' is not a board with a time, a size or both; write for example esp32:1ms,8KB.");

    /// <summary>Why a model does not fit, or null.</summary>
    internal string? Obstacle(int bytes, double? milliseconds)
    {
        if (bytes > Bytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");
        }

        return milliseconds > Milliseconds ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.###} ms") : null;
    }

    private static double? Amount(string text, (string Unit, double Factor)[] units)
    {
        foreach ((string unit, double factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0)
            {
                return number * factor;
            }
        }

        return null;
    }
}
