using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace Documents.Tests;

/// <summary>README's badges say what the sources say. EDGE_UPDATE_DOCS=1 in the environment draws them again.</summary>
public sealed class BadgeTests
{
    private const int LetterWidth = 7;

    public static TheoryData<string> Names => ["licence", "dotnet", "nanoframework"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_badge_is_true(string name)
    {
        string path = Path.Combine(CodeBlock.Root(), "docs", "badges", $"{name}.svg");
        string badge = name switch
        {
            "licence" => Draw("licence", Value("Directory.Build.props", "PackageLicenseExpression")),
            "dotnet" => Draw(".NET", Value("Directory.Build.props", "TargetFramework")["net".Length..].Split('.')[0]),
            _ => Draw("nanoFramework.CoreLibrary", (string)Load("Directory.Packages.props").Descendants("PackageVersion").Single(package => (string?)package.Attribute("Include") == "nanoFramework.CoreLibrary").Attribute("Version")!),
        };
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, badge);
        }

        Assert.Equal(badge, File.ReadAllText(path));
    }

    private static XDocument Load(string file) => XDocument.Load(Path.Combine(CodeBlock.Root(), file));

    private static string Value(string file, string name) => Load(file).Descendants(name).Single().Value;

    private static string Draw(string label, string value)
    {
        int left = (label.Length * LetterWidth) + 12;
        int right = (value.Length * LetterWidth) + 12;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img">
            <title>{Escape(label)}: {Escape(value)}</title>
            <rect width="{left + right}" height="20" rx="3" fill="#444c56"/>
            <path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{right - 3}z" fill="#0a5fb4"/>
            <g fill="#ffffff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11"><text x="6" y="14" textLength="{left - 12}">{Escape(label)}</text><text x="{left + 6}" y="14" textLength="{right - 12}">{Escape(value)}</text></g>
            </svg>

            """).ReplaceLineEndings("\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
