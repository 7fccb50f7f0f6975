using System.Text;
using System.Text.Json;

namespace EdgeDevice;

/// <summary><c>edge-device doctor</c>: what of the board, the unit and the settings stands in the way, and what to do about it.</summary>
internal static class Doctor
{
    /// <summary>Flags that are no settings.</summary>
    internal static readonly string[] Flags = ["--touch", "--network", "--json"];

    /// <summary>All checks in the order of their lines.</summary>
    internal static readonly IReadOnlyList<ICheck> Checks =
    [
        new BoardCheck(), new SystemCheck(), new UserCheck(), new GroupCheck(), new I2cCheck(), new SpiCheck(), new GpioCheck(), new PinCheck(), new SensorCheck(),
        new ClockCheck(), new PowerCheck(), new GovernorCheck(), new RealTimeCheck(), new SettingsCheck(), new StoreCheck(), new ModelCheck(), new DiskCheck(),
        new PortCheck(), new NetworkCheck(), new UnitCheck(), new WatchdogCheck(), new ProcessCheck(),
    ];

    /// <summary>Looks at this machine and writes a line for each finding.</summary>
    /// <returns>0 without problems, else 1.</returns>
    internal static int Run(EdgeOptions options, IReadOnlyCollection<string> arguments) =>
        Run(new Examination(new Machine(), options, arguments.Contains("--touch"), arguments.Contains("--network")), Console.Out, arguments.Contains("--json"));

    internal static int Run(Examination examination, TextWriter output, bool json)
    {
        (string Check, Finding Finding)[] findings = [.. Checks.SelectMany(check => Findings(check, examination).Select(finding => (check.Name, finding)))];
        output.WriteLine(json ? Json(findings) : Text(findings));
        return findings.Any(found => found.Finding.Verdict == Verdict.Problem) ? 1 : 0;
    }

    // One check that fails must not hide what the others would say.
    internal static IReadOnlyList<Finding> Findings(ICheck check, Examination examination)
    {
        try
        {
            return [.. check.Run(examination)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or FormatException or NotSupportedException)
        {
            return [Finding.Problem($"This could not be looked at: {exception.Message.TrimEnd('.')}.", "Report it with this line.")];
        }
    }

    private static string Text((string Check, Finding Finding)[] findings)
    {
        var text = new StringBuilder();
        foreach ((string check, Finding finding) in findings)
        {
            string next = finding.Next.Length > 0 ? $" Do: {finding.Next}" : "";
            text.Append($"{Word(finding.Verdict),-8} {check,-9} {finding.Text}{next}\n");
        }

        return text.Append($"{findings.Count(found => found.Finding.Verdict == Verdict.Problem)} problems, {findings.Count(found => found.Finding.Verdict == Verdict.Warning)} warnings").ToString();
    }

    private static string Json((string Check, Finding Finding)[] findings)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach ((string check, Finding finding) in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("check", check);
                writer.WriteString("verdict", Word(finding.Verdict));
                writer.WriteString("text", finding.Text);
                writer.WriteString("next", finding.Next);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        _ => "problem",
    };
}
