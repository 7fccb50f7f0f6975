using System.Xml.Linq;

namespace Documents.Tests;

/// <summary>tests/quick.runsettings leaves out what takes long, by name: a name that is no longer there leaves out nothing.</summary>
public sealed class QuickFilterTests
{
    [Fact]
    public void Every_name_that_the_quick_filter_leaves_out_is_a_test()
    {
        string tests = Path.Combine(CodeBlock.Root(), "tests");
        string filter = XDocument.Load(Path.Combine(tests, "quick.runsettings")).Descendants("TestCaseFilter").Single().Value;
        string[] sources = [.. Directory.GetFiles(tests, "*.cs", SearchOption.AllDirectories).Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).Select(File.ReadAllText)];
        string[] names = [.. filter.Split('&').Select(part => part.Split("!~")[1])];
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

    [Fact]
    public void CONTRIBUTING_names_the_quick_filter() =>
        Assert.Contains("-s tests/quick.runsettings", CodeBlock.Text("CONTRIBUTING.md"), StringComparison.Ordinal);
}
