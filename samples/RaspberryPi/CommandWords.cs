namespace EdgeDevice;

/// <summary>Tells settings of the command line from the words of a verb: a setting names a section, <c>--Edge:Loop:Hop=4</c>.</summary>
internal static class CommandWords
{
    internal static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Split('=')[0].Contains(':', StringComparison.Ordinal);
}
