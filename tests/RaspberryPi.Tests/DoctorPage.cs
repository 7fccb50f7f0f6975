using System.Reflection;
using System.Text.RegularExpressions;

namespace RaspberryPi.Tests;

/// <summary>The table of messages in docs/raspberry-pi-troubleshooting.md.</summary>
internal static class DoctorPage
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(
        Path.GetDirectoryName(typeof(DoctorPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SampleProject").Value!)!, "../../docs/raspberry-pi-troubleshooting.md"));

    /// <summary>The messages of a check; "…" in one stands for what differs.</summary>
    internal static IReadOnlyList<string> Rows(string check) =>
        [.. Lines.Where(line => line.StartsWith($"| `{check}` | ", StringComparison.Ordinal)).Select(line => line.Split(" | ")[1])];

    internal static bool Matches(string row, string message) => Regex.IsMatch(message, "^" + Regex.Escape(row).Replace("…", ".+", StringComparison.Ordinal) + "$", RegexOptions.Singleline);
}
