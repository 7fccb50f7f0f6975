namespace EdgeInference.Devices.Hosting;

/// <summary>Makes names and words of others fit for a line of the log.</summary>
internal static class LogText
{
    /// <summary>The text with a space for each control character: a file may be called as it likes, and must not write lines of its own.</summary>
    internal static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
}
