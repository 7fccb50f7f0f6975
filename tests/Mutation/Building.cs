using System.Text.RegularExpressions;

namespace EdgeInference.Mutation;

/// <summary>Builds the copy. A mutant that does not compile takes its next form, and the build is repeated.</summary>
internal sealed partial class Building(WorkCopy copy, TextWriter log)
{
    private const int MostBuilds = 40;

    private static readonly string[] Properties =
    [
        "-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false",
        "-p:WarningLevel=0", "-p:NoWarn=CS1591%3BCS0436%3BCS0162%3BNU1701%3BNU1603%3BRS0041%3BRS0026%3BRS0027", "-p:EdgeMutation=true",
    ];

    /// <summary>Builds test projects, or all of the solution that they need.</summary>
    internal async Task<CommandResult> BuildAsync(string project, bool restore)
    {
        string[] arguments = ["build", project, .. Properties, .. restore ? Array.Empty<string>() : ["--no-restore"]];
        return await Command.RunAsync("dotnet", arguments, copy.Folder, TimeSpan.FromMinutes(20));
    }

    /// <summary>Builds every test project with the mutants in place; returns those that compile.</summary>
    internal async Task<List<Mutant>> BuildAllAsync(string project, IReadOnlyList<Mutant> mutants)
    {
        for (int build = 1; build <= MostBuilds; build++)
        {
            Dictionary<string, Instrumented> files = mutants.GroupBy(mutant => mutant.File)
                .ToDictionary(group => group.Key, group => new Instrumented(copy.Originals[group.Key], group));
            foreach ((string file, Instrumented source) in files)
            {
                copy.Write(file, source.Text);
            }

            CommandResult result = await BuildAsync(project, build == 1);
            if (result.Code == 0)
            {
                return [.. mutants.Where(mutant => mutant.Active is not null)];
            }

            HashSet<Mutant> wrong = [.. Errors(result.Output).SelectMany(error => Blamed(files, error.File, error.Line, error.Column))];
            if (wrong.Count == 0)
            {
                throw new MutationException("The copy does not build:" + Environment.NewLine + Tail(result.Output));
            }

            foreach (Mutant mutant in wrong)
            {
                mutant.Form++;
            }

            log.WriteLine($"build {build}: {wrong.Count} of {mutants.Count} mutants do not compile so ({result.Time.TotalSeconds:F0} s)");
        }

        throw new MutationException($"The copy does not build after {MostBuilds} builds.");
    }

    internal static string Tail(string output)
    {
        List<string> errors = [.. output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(20)];
        return errors.Count > 0 ? string.Join('\n', errors) : output[^Math.Min(output.Length, 2000)..];
    }

    private IEnumerable<(string File, int Line, int Column)> Errors(string output) =>
        ErrorLine().Matches(output).Select(match => (
            Path.GetRelativePath(copy.Folder, match.Groups["file"].Value.Trim()).Replace('\\', '/'),
            int.Parse(match.Groups["line"].ValueSpan), int.Parse(match.Groups["column"].ValueSpan))).Distinct();

    private static List<Mutant> Blamed(Dictionary<string, Instrumented> files, string file, int line, int column) =>
        files.TryGetValue(file, out Instrumented? source) ? source.Blamed(line, column) : [];

    [GeneratedRegex(@"^(?<file>[^\r\n(]+\.cs)\((?<line>\d+),(?<column>\d+)\): error ", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
