using System.Diagnostics;
using System.Xml.Linq;

namespace EdgeInference.Site;

/// <summary>The clone that this program was built in.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Where the sources can be read on the web, as build/Publisher.props says; null where it says nothing.</summary>
    internal static string? Url(string root)
    {
        string given = Environment.GetEnvironmentVariable("PublisherRepositoryUrl") ?? "";
        string url = given.Length > 0 ? given : XDocument.Load(Path.Combine(root, "build", "Publisher.props")).Descendants("PublisherRepositoryUrl").Single().Value.Trim();
        return url.Length == 0 ? null : url.TrimEnd('/');
    }

    /// <summary>Runs a program to its end, its output on the console.</summary>
    internal static void Run(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new SiteException($"'{program} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new SiteException($"'{AppContext.BaseDirectory}' is not inside a clone of the repository, whose documents the site is made of.");
    }
}
