using EdgeInference.Site;

namespace Documents.Tests;

/// <summary>The documents as a site: tools/Site, which .github/workflows/site.yml runs.</summary>
public sealed class SiteTests
{
    private static readonly HashSet<string> pages = ["README.md", "docs/README.md", "docs/onnx.md", "data/README.md", "SECURITY.md"];

    [Theory]
    [InlineData("[a](docs/onnx.md#rows)", "README.md", "[a](docs/onnx.md#rows)")]
    [InlineData("[a](../README.md)", "docs/onnx.md", "[a](../index.md)")]
    [InlineData("[a](README.md#how)", "docs/onnx.md", "[a](index.md#how)")]
    [InlineData("[data](../data)", "docs/onnx.md", "[data](../data/index.md)")]
    [InlineData("[`Type`](../src/Type.cs)", "docs/onnx.md", "[`Type`](https://git.example/o/r/blob/HEAD/src/Type.cs)")]
    [InlineData("[sources](../src)", "docs/onnx.md", "[sources](https://git.example/o/r/tree/HEAD/src)")]
    [InlineData("[a](#rows) [b](https://x.example/) [c](mailto:a@b.example)", "docs/onnx.md", "[a](#rows) [b](https://x.example/) [c](mailto:a@b.example)")]
    [InlineData("`[a](../src/Type.cs)`", "docs/onnx.md", "`[a](../src/Type.cs)`")]
    [InlineData("```\n[a](../src/Type.cs)\n```", "docs/onnx.md", "```\n[a](../src/Type.cs)\n```")]
    public void A_link_leads_on_the_site_to_where_it_leads_in_the_repository(string text, string page, string expected) =>
        Assert.Equal(expected, Pages.Rewrite(text, page, pages, "https://git.example/o/r", path => path is "" or "docs" or "data" or "src", new HashSet<string>()));

    [Fact]
    public void A_link_to_a_source_is_its_text_where_nobody_said_where_sources_are() =>
        Assert.Equal("see `Type`.", Pages.Rewrite("see [`Type`](../src/Type.cs).", "docs/onnx.md", pages, null, _ => false, new HashSet<string>()));

    [Fact]
    public void A_picture_comes_along()
    {
        var pictures = new HashSet<string>();
        Assert.Equal("![Form](report.png)", Pages.Rewrite("![Form](report.png)", "docs/onnx.md", pages, null, _ => false, pictures));
        Assert.Equal(["docs/report.png"], pictures);
    }

    [Fact]
    public void Every_document_of_the_index_is_in_the_list_beside_the_pages()
    {
        string index = CodeBlock.Text("docs/README.md");
        string list = Contents.OfDocuments(index);
        Assert.All(CodeBlock.Documents().Where(document => document.StartsWith("docs/", StringComparison.Ordinal) && document != "docs/README.md"), document => Assert.Contains($"  href: {Pages.PlaceOf(document["docs/".Length..])}\n", list, StringComparison.Ordinal));
        Assert.Contains("- name: 'How it works'\n", list, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_the_finished_site_that_leads_nowhere_is_named_with_its_page()
    {
        string folder = Directory.CreateTempSubdirectory("edge-site-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), "<h1 id=\"top\">x</h1> <a href=\"other.html#there\">a</a> <a href=\"https://x.example/y\">b</a> <a href=\"#top\">c</a>");
            File.WriteAllText(Path.Combine(folder, "other.html"), "<p id=\"there\">x</p>");
            Assert.Equal(2, SiteCheck.Run(folder));
            File.WriteAllText(Path.Combine(folder, "other.html"), "<p id=\"gone\">x</p> <img src=\"none.svg\">");
            string message = Assert.Throws<SiteException>(() => SiteCheck.Run(folder)).Message;
            Assert.Contains("index.html: 'other.html#there'", message, StringComparison.Ordinal);
            Assert.Contains("other.html: 'none.svg'", message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_picture_of_a_terminal_has_every_line_and_follows_light_and_dark()
    {
        string svg = TerminalPicture.Draw([("edge one <x>", ["| a & b |", "", new string('-', TerminalPicture.Columns + 4)])]);
        var drawing = System.Xml.Linq.XDocument.Parse(svg);
        Assert.Equal(["$ edge one <x>", "| a & b |", new string('-', TerminalPicture.Columns), "----"], drawing.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        Assert.Contains("prefers-color-scheme: dark", svg, StringComparison.Ordinal);
        Assert.Contains("prefers-reduced-motion", svg, StringComparison.Ordinal);
    }

    // The picture is made by a command; what it shows must exist still.
    [Fact]
    public void The_commands_of_the_first_picture_exist_and_are_in_it()
    {
        IReadOnlyList<string> commands = TerminalPicture.Commands(File.ReadAllText(Path.Combine(CodeBlock.Root(), "tools", "Site", "first-screen.txt")));
        Assert.NotEmpty(commands);
        string title = System.Xml.Linq.XDocument.Load(Path.Combine(CodeBlock.Root(), "docs", "first-screen.svg")).Descendants().First(element => element.Name.LocalName == "title").Value;
        Assert.Equal(string.Join("; ", commands), title);
        Assert.All(commands, command => Assert.Empty(EdgeInference.Tool.Commands.EdgeCommand.CreateRoot().Parse(command["edge ".Length..]).Errors));
    }
}
