namespace EdgeInference.Site;

/// <summary>Documents and XML documentation as a site, by docfx, without a network once its packages are there.</summary>
internal static class SiteBuild
{
    internal static int Run(string? folder)
    {
        string root = Repository.Root;
        string work = Path.Combine(root, "artifacts", "site-sources");
        string site = Path.GetFullPath(folder ?? Path.Combine(root, "artifacts", "site"));
        RequireOwn(site);
        foreach (string old in new[] { work, site }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        // GitHub serves files as they are, and the next build knows its own folder, also after one that failed.
        Pages.Write(Path.Combine(site, ".nojekyll"), "");
        Pages.Stage(root, work, Repository.Url(root));
        Pages.Write(Path.Combine(work, "docs", "toc.yml"), Contents.OfDocuments(File.ReadAllText(Path.Combine(root, "docs", "README.md"))));
        foreach (string file in Directory.GetFiles(Path.Combine(root, "tools", "Site", "docfx")))
        {
            Pages.Write(Path.Combine(work, Path.GetFileName(file)), File.ReadAllText(file)
                .Replace("$BINARIES$", AppContext.BaseDirectory.Replace('\\', '/'), StringComparison.Ordinal)
                .Replace("$SITE$", site.Replace('\\', '/'), StringComparison.Ordinal));
        }

        Directory.CreateDirectory(Path.Combine(work, "template", "public"));
        File.Move(Path.Combine(work, "main.css"), Path.Combine(work, "template", "public", "main.css"));
        File.Copy(Path.Combine(root, "build", "icon.svg"), Path.Combine(work, "icon.svg"));
        Repository.Run(root, "dotnet", "tool", "restore");
        Repository.Run(root, "dotnet", "docfx", Path.Combine(work, "docfx.json"), "--warningsAsErrors");
        int pages = SiteCheck.Run(site);
        Console.WriteLine($"{pages} pages, every link between them leads somewhere: {Path.Combine(site, "index.html")}");
        Console.WriteLine($"To look at it with its search: dotnet docfx serve {site}");
        return 0;
    }

    // The folder is emptied: it must be ours.
    private static void RequireOwn(string site)
    {
        if (File.Exists(site))
        {
            throw new SiteException($"'{site}' is a file; name a folder for the site.");
        }

        if (Directory.Exists(site) && Directory.EnumerateFileSystemEntries(site).Any() && !File.Exists(Path.Combine(site, ".nojekyll")))
        {
            throw new SiteException($"'{site}' has files and is no site of this program; name an empty folder or one that is not there yet.");
        }
    }
}
