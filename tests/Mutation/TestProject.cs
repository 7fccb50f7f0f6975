using System.Text.RegularExpressions;

namespace EdgeInference.Mutation;

/// <summary>A class of tests, what it costs and what it reaches.</summary>
internal sealed class TestClass(TestProject project, string name)
{
    public TestProject Project => project;

    public string Name => name;

    /// <summary>Methods that fail without any mutant: guards of sizes, of source text.</summary>
    public List<string> Left { get; } = [];

    public TimeSpan Time { get; set; }

    /// <summary>Nothing of it passes without a mutant.</summary>
    public bool Unusable { get; set; }

    public bool[] Reached { get; set; } = [];
}

internal sealed record TestResult(bool Passed, bool Hung, int Total, IReadOnlyList<string> Failed, TimeSpan Time, string Output);

/// <summary>An xunit.v3 executable of the copy.</summary>
internal sealed partial class TestProject
{
    private readonly string executable;

    internal TestProject(string folder, string name)
    {
        Name = name;
        Folder = Path.Combine(folder, "tests", name, "bin", "Release", "net10.0");
        executable = Path.Combine(Folder, name);
    }

    internal string Name { get; }

    private string Folder { get; }

    internal async Task<List<TestClass>> ClassesAsync()
    {
        CommandResult result = await Command.RunAsync(executable, ["-list", "classes", "-noLogo", "-noColor"], Folder, TimeSpan.FromMinutes(5));
        if (result.Code != 0)
        {
            throw new MutationException($"{Name} does not list its tests: {result.Output.Trim()}");
        }

        return [.. result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => ClassName().IsMatch(line)).Select(line => new TestClass(this, line))];
    }

    /// <summary>Runs classes, or one method of one, until the first failure.</summary>
    internal async Task<TestResult> RunAsync(IReadOnlyList<TestClass> classes, string? method, int mutant, string? trace, TimeSpan limit, bool stop)
    {
        List<string> arguments = ["-noLogo", "-noColor", "-parallel", "none"];
        if (stop)
        {
            arguments.Add("-stopOnFail");
        }

        foreach (TestClass test in classes)
        {
            arguments.AddRange(method is null ? ["-class", test.Name] : ["-method", $"{test.Name}.{method}"]);
            arguments.AddRange(test.Left.SelectMany(left => new[] { "-method-", left }));
        }

        CommandResult result = await Command.RunAsync(executable, arguments, Folder, limit, (Switch.Number, mutant.ToString(System.Globalization.CultureInfo.InvariantCulture)), (Switch.Trace, trace ?? ""));
        Match total = Total().Match(result.Output);
        string[] failed = [.. Failure().Matches(result.Output).Select(match => match.Groups[1].Value).Distinct()];
        return new TestResult(result.Code == 0, result.Hung, total.Success ? int.Parse(total.Groups[1].ValueSpan) : 0, failed, result.Time, result.Output);
    }

    [GeneratedRegex(@"^[\w.+`]+$")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"Total:\s*(\d+)")]
    private static partial Regex Total();

    [GeneratedRegex(@"^\s*([\w.+`]+)(?:<[^\r\n]*?>)?(?:\([^\r\n]*)? \[FAIL\]", RegexOptions.Multiline)]
    private static partial Regex Failure();
}
