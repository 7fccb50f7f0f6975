using Microsoft.Extensions.Options;

namespace EdgeDevice;

/// <summary>Tells settings of the command line from the words of a verb: a setting names a section, <c>--Edge:Loop:Hop=4</c>.</summary>
internal static class CommandWords
{
    private static readonly string[] Sections = [EdgeOptions.Path, "Logging"];

    internal static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Split('=')[0].Contains(':', StringComparison.Ordinal);

    /// <summary>The settings of a command line. .NET's own reader passes over one that it does not understand.</summary>
    /// <exception cref="OptionsValidationException">One has no value, or is of another section than those that are read.</exception>
    internal static string[] Settings(IEnumerable<string> arguments)
    {
        string[] settings = [.. arguments.Where(IsSetting)];
        string[] faults = [.. settings.Select(Fault).OfType<string>()];
        return faults.Length == 0 ? settings : throw new OptionsValidationException(EdgeOptions.Path, typeof(EdgeOptions), faults);
    }

    private static string? Fault(string setting)
    {
        string section = setting[2..].Split(':')[0];
        return !Sections.Contains(section, StringComparer.OrdinalIgnoreCase) ? $"{setting} is no setting: '{section}' is none of the sections {string.Join(" and ", Sections)}."
            : setting.Contains('=', StringComparison.Ordinal) ? null
            : $"{setting} has no value; write {setting}=VALUE, without a space.";
    }
}
