using EdgeInference.Site;

try
{
    return args switch
    {
        [] or ["build"] => SiteBuild.Run(null),
        ["build", string folder] => SiteBuild.Run(folder),
        _ => Fail("Usage: dotnet run -c Release --project tools/Site [-- build FOLDER]; without a folder the site is written to artifacts/site."),
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
