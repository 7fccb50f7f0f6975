using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Documents.Tests;

/// <summary>tests/quick.runsettings leaves out what takes long, by name: a name that is no longer there leaves out nothing.</summary>
public sealed partial class QuickFilterTests
{
    [Fact]
    public void Every_name_that_the_quick_filter_leaves_out_is_a_test()
    {
        string tests = Path.Combine(CodeBlock.Root(), "tests");
        string[] sources = [.. Directory.GetFiles(tests, "*.cs", SearchOption.AllDirectories).Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).Select(File.ReadAllText)];
        string[] names = Names(tests);
        Assert.True(names.Length > 10);
        Assert.All(names, name =>
        {
            // Namespace. or .Class. or .Class.Start_of_a_method
            string[] parts = name.Trim('.').Split('.');
            bool isClass = name.StartsWith('.');
            bool isThere = isClass
                ? sources.Any(text => text.Contains($"class {parts[0]}", StringComparison.Ordinal) && (parts.Length == 1 || text.Contains($" {parts[1]}", StringComparison.Ordinal)))
                : sources.Any(text => text.Contains($"{name.Trim('.')};", StringComparison.Ordinal)) || sources.Any(text => text.Contains($"namespace {string.Join('.', parts[..^1])};", StringComparison.Ordinal) && text.Contains($"class {parts[^1]}", StringComparison.Ordinal));
            Assert.True(isThere, $"tests/quick.runsettings names '{name}', which is not there");
        });
    }

    // A project that is left out as a whole would say nothing of what was changed in it.
    [Fact]
    public void Every_test_project_answers_in_the_quick_run()
    {
        string tests = Path.Combine(CodeBlock.Root(), "tests");
        string[] names = Names(tests);
        string[] projects = [.. Directory.GetDirectories(tests, "*.Tests").Where(folder => Directory.GetFiles(folder, "*.csproj").Length == 1)];
        Assert.True(projects.Length > 10);
        Assert.All(projects, folder => Assert.Contains(Directory.GetFiles(folder, "*Tests.cs", SearchOption.AllDirectories), path =>
        {
            string text = File.ReadAllText(path);
            string space = NamespacePattern().Match(text).Groups[1].Value;
            string type = $"{space}.{Path.GetFileNameWithoutExtension(path)}.";
            return space.Length > 0 && text.Contains("[Fact", StringComparison.Ordinal) && !names.Any(name => type.Contains(name, StringComparison.OrdinalIgnoreCase));
        }));
    }

    // tests/QuickRun knows no other.
    [Fact]
    public void Every_part_of_the_quick_filter_leaves_out_a_name() =>
        Assert.All(Filter(Path.Combine(CodeBlock.Root(), "tests")), part => Assert.Matches("^FullyQualifiedName!~[A-Za-z0-9_.]+$", part));

    [Fact]
    public void CONTRIBUTING_names_the_quick_filter() =>
        Assert.Contains("-s tests/quick.runsettings", CodeBlock.Text("CONTRIBUTING.md"), StringComparison.Ordinal);

    private static string[] Names(string tests) => [.. Filter(tests).Select(part => part.Split("!~")[1])];

    private static string[] Filter(string tests) => XDocument.Load(Path.Combine(tests, "quick.runsettings")).Descendants("TestCaseFilter").Single().Value.Split('&');

    [GeneratedRegex("^namespace ([A-Za-z0-9.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();
}
