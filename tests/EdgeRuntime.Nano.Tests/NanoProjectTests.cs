using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace EdgeInference.Nano.Tests;

/// <summary>The nanoFramework projects, which the build of this repository does not open, are whole: imports, sources, packages.</summary>
public class NanoProjectTests
{
    // As in the projects of nanoframework/Samples.
    private const string ProjectTypes = "{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";

    private static readonly string[] Imports = ["NFProjectSystem.Default.props", "NFProjectSystem.props", "NFProjectSystem.CSharp.targets"];

    [Theory]
    [InlineData("src/EdgeRuntime.Nano/EdgeRuntime.Nano.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates/EdgeRuntime.Nano.Updates.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Files/EdgeRuntime.Nano.Updates.Files.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Serial/EdgeRuntime.Nano.Updates.Serial.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Http/EdgeRuntime.Nano.Updates.Http.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Mqtt/EdgeRuntime.Nano.Updates.Mqtt.nfproj")]
    [InlineData("tests/EdgeRuntime.Nano.DeviceTests/EdgeRuntime.Nano.DeviceTests.nfproj")]
    [InlineData("tests/EdgeRuntime.Nano.Updates.DeviceTests/EdgeRuntime.Nano.Updates.DeviceTests.nfproj")]
    [InlineData("samples/Esp32/Esp32.nfproj")]
    public void A_project_has_what_nanoFramework_asks_for(string project)
    {
        string path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", project);
        string folder = Path.GetDirectoryName(path)!;
        XDocument document = XDocument.Load(path);
        Assert.Equal(Imports, Elements(document, "Import").Select(import => import.Attribute("Project")!.Value.Split(')')[^1]));
        Assert.Equal(ProjectTypes, Elements(document, "ProjectTypeGuids").Single().Value);
        Assert.Equal("v1.0", Elements(document, "TargetFrameworkVersion").Single().Value);
        Assert.Single(Elements(document, "ProjectConfigurationsDeclaredAsItems"));

        foreach (XElement compile in Elements(document, "Compile"))
        {
            string include = compile.Attribute("Include")!.Value.Replace('\\', '/');
            string start = Path.Combine(folder, include.Split('*')[0]);
            Assert.True(include.Contains('*', StringComparison.Ordinal) ? Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories).Any() : File.Exists(start), include);
        }

        Assert.All(Elements(document, "ProjectReference"), reference => Assert.True(File.Exists(Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')))));
    }

    [Theory]
    [InlineData("src/EdgeRuntime.Nano/EdgeRuntime.Nano.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates/EdgeRuntime.Nano.Updates.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Files/EdgeRuntime.Nano.Updates.Files.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Serial/EdgeRuntime.Nano.Updates.Serial.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Http/EdgeRuntime.Nano.Updates.Http.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Updates.Mqtt/EdgeRuntime.Nano.Updates.Mqtt.nfproj")]
    [InlineData("tests/EdgeRuntime.Nano.DeviceTests/EdgeRuntime.Nano.DeviceTests.nfproj")]
    [InlineData("tests/EdgeRuntime.Nano.Updates.DeviceTests/EdgeRuntime.Nano.Updates.DeviceTests.nfproj")]
    [InlineData("samples/Esp32/Esp32.nfproj")]
    public void Packages_and_references_are_the_same(string project)
    {
        string path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", project);
        IEnumerable<string> packages = XDocument.Load(Path.Combine(Path.GetDirectoryName(path)!, "packages.config")).Descendants("package")
            .Select(package => package.Attribute("id")!.Value + "." + package.Attribute("version")!.Value);
        IEnumerable<string> references = Elements(XDocument.Load(path), "HintPath").Select(hint => hint.Value.Split('\\')[1]).Distinct();
        Assert.Equal(packages.Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);

    private static string Here([CallerFilePath] string path = "") => path;
}
