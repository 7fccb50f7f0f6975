using System.Diagnostics;

namespace EdgeInference.Site;

/// <summary>The first screen of a report on the breast cancer model, as headless Chromium draws it: docs/report.png.</summary>
internal static class ReportPicture
{
    private const int Width = 1200;

    private const int Height = 1220;

    // A screenshot takes a second; a machine under load gets a minute and more.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(3);

    internal static int Write(string path)
    {
        string browser = Browser() ?? throw new SiteException("The picture of the report needs Chromium: none of chromium, chromium-browser and google-chrome is on the path. Install one, or name it in EDGE_CHROMIUM.");
        string folder = Directory.CreateTempSubdirectory("edge-report-picture-").FullName;
        try
        {
            string data = Path.Combine(Repository.Root, "data");
            string page = Path.Combine(folder, "report.html");
            Repository.Run(folder, "dotnet", TerminalPicture.Tool, "export", Path.Combine(data, "breast_cancer_mlp.onnx"), "--name", "breast_cancer", "--classes", "malignant,benign", "-o", "model.edge");
            Repository.Run(folder, "dotnet", TerminalPicture.Tool, "report", "model.edge", "--data", Path.Combine(data, "breast_cancer.test.csv"), "--label", "benign", "--no-timings", "-o", page);
            string picture = Path.Combine(folder, "report.png");
            Shoot(browser, folder, page, picture);
            File.Copy(picture, path, overwrite: true);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Shoot(string browser, string folder, string page, string picture)
    {
        // No sandbox: it opens the page that was just made here, and containers let root have none.
        string[] options =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--blink-settings=preferredColorScheme=1", $"--user-data-dir={Path.Combine(folder, "profile")}",
            "--virtual-time-budget=2000", $"--window-size={Width},{Height}", $"--screenshot={picture}", new Uri(page).AbsoluteUri,
        ];
        using Process process = Process.Start(new ProcessStartInfo(browser, options) { RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new SiteException($"'{browser}' took longer than {longest.TotalMinutes} minutes for a picture of the report.");
        }

        if (!File.Exists(picture))
        {
            throw new SiteException($"'{browser}' wrote no picture of the report (exit code {process.ExitCode}): {error.Result.Trim()}");
        }
    }

    private static string? Browser()
    {
        string named = Environment.GetEnvironmentVariable("EDGE_CHROMIUM") ?? "";
        string[] names = ["chromium", "chromium-browser", "google-chrome"];
        return named.Length > 0 && !File.Exists(named) ? throw new SiteException($"EDGE_CHROMIUM names '{named}', which is no file; name a Chromium.")
            : named.Length > 0 ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
