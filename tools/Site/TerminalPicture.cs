using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeInference.Site;

/// <summary>
/// Commands and what they really print, as an SVG that follows the reader's light or dark theme and needs nothing else. Lines appear
/// one after the other, once; all of them are there at once where motion is unwanted.
/// </summary>
internal static class TerminalPicture
{
    internal const int Columns = 84;

    private const double CellWidth = 8.4;

    private const int LineHeight = 20;

    /// <summary>The tool as it was built with this program.</summary>
    internal static string Tool => Path.Combine(Repository.Root, "tools", "ModelExporter", "bin", AppContext.BaseDirectory.Contains("Debug", StringComparison.Ordinal) ? "Debug" : "Release", "net10.0", "EdgeInference.Tool.dll");

    /// <summary>The commands of a list: its lines without comments and empty ones.</summary>
    internal static IReadOnlyList<string> Commands(string list) =>
        [.. list.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Runs the commands of first-screen.txt in an empty folder that has the repository's data, and draws what they print.</summary>
    internal static int Write(string path)
    {
        string root = Repository.Root;
        string folder = Directory.CreateTempSubdirectory("edge-picture-").FullName;
        try
        {
            CopyData(Path.Combine(root, "data"), Path.Combine(folder, "data"));
            List<(string, string[])> shown = [];
            foreach (string command in Commands(File.ReadAllText(Path.Combine(root, "tools", "Site", "first-screen.txt"))))
            {
                shown.Add((command, Run(folder, command)));
            }

            File.WriteAllText(path, Draw(shown));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Draws commands and their lines of output.</summary>
    internal static string Draw(IReadOnlyList<(string Command, string[] Output)> commands)
    {
        List<(string Text, bool IsCommand)> lines = [];
        foreach ((string command, string[] output) in commands)
        {
            lines.AddRange(Wrap("$ " + command, "    ").Select((line, i) => (line, true)));
            lines.AddRange(output.SelectMany(line => Wrap(line, "")).Select(line => (line, false)));
        }

        int height = (lines.Count * LineHeight) + 32;
        double width = (Columns * CellWidth) + 32;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width:0.#}} {{height}}" width="{{width:0.#}}" height="{{height}}" role="img">
            <title>{{Escape(string.Join("; ", commands.Select(command => command.Command)))}}</title>
            <style>
            .back { fill: #f6f8fa; stroke: #d0d7de } text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #424a53; animation: show .01s both }
            .in { fill: #0550ae; font-weight: 600 } @keyframes show { from { opacity: 0 } to { opacity: 1 } }
            @media (prefers-color-scheme: dark) { .back { fill: #0d1117; stroke: #30363d } text { fill: #c9d1d9 } .in { fill: #79c0ff } }
            @media (prefers-reduced-motion: reduce) { text { animation: none } }
            </style>
            <rect class="back" x="0.5" y="0.5" width="{{width - 1:0.#}}" height="{{height - 1}}" rx="8"/>

            """);
        double delay = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            (string text, bool isCommand) = lines[i];
            delay += isCommand && i > 0 && !lines[i - 1].IsCommand ? 1 : 0.08;
            if (text.Length > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text{(isCommand ? " class=\"in\"" : "")} x=\"16\" y=\"{31 + (i * LineHeight)}\" textLength=\"{text.Length * CellWidth:0.#}\" xml:space=\"preserve\" style=\"animation-delay:{delay:0.##}s\">{Escape(text)}</text>\n");
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static IEnumerable<string> Wrap(string line, string indent)
    {
        while (line.Length > Columns)
        {
            int space = line.LastIndexOf(' ', Columns - 1);
            int cut = space > indent.Length ? space : Columns;
            yield return line[..cut];
            line = indent + line[cut..].TrimStart();
        }

        yield return line;
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string[] Run(string folder, string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[0] != "edge")
        {
            throw new SiteException($"tools/Site/first-screen.txt: '{command}' is not a command of 'edge'.");
        }

        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Tool, .. words[1..]]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new SiteException($"tools/Site/first-screen.txt: '{command}' ended with exit code {process.ExitCode}: {error.Result.Trim()}");
        }

        return [.. (error.Result + output).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    private static void CopyData(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*.csv"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
