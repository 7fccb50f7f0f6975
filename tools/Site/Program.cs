using EdgeInference.Site;

try
{
    return args switch
    {
        [] or ["build"] => SiteBuild.Run(null),
        ["build", string folder] => SiteBuild.Run(folder),
        ["picture"] => TerminalPicture.Write(Path.Combine(Repository.Root, "docs", "first-screen.svg")),
        ["picture", string file] => TerminalPicture.Write(file),
        ["report-picture"] => ReportPicture.Write(Path.Combine(Repository.Root, "docs", "report.png")),
        ["report-picture", string file] => ReportPicture.Write(file),
        _ => Fail("Usage: dotnet run -c Release --project tools/Site [-- build FOLDER | -- picture FILE | -- report-picture FILE]; without them the site is written to artifacts/site and the pictures to docs/first-screen.svg and docs/report.png."),
    };
}
catch (SiteException problem)
{
    return Fail(problem.Message);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
