using System.Runtime.CompilerServices;
using System.Xml.Linq;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelConverter.NanoProject;

namespace EdgeInference.Nano.Tests;

/// <summary>The nanoFramework projects, which the build of this repository does not open, are whole: imports, sources, packages.</summary>
public class NanoProjectTests
{
    // As in the projects of nanoframework/Samples.
    private const string ProjectTypes = "{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";

    private static readonly string[] Imports = ["NFProjectSystem.Default.props", "NFProjectSystem.props", "NFProjectSystem.CSharp.targets"];

    [Theory]
    [InlineData("src/EdgeRuntime.Nano/EdgeRuntime.Nano.nfproj")]
    [InlineData("src/EdgeRuntime.Nano.Signals/EdgeRuntime.Nano.Signals.nfproj")]
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
    [InlineData("src/EdgeRuntime.Nano.Signals/EdgeRuntime.Nano.Signals.nfproj")]
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

    // What two projects refer to in different versions cannot be deployed together. Runtime.Events is as Gpio asks for it.
    [Fact]
    public void Every_project_takes_the_same_version_of_a_package()
    {
        string root = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..");
        var versions = new List<(string Id, string Version)>
        {
            (NanoPackage.CoreLibrary.Id, NanoPackage.CoreLibrary.Version),
            (NanoPackage.RuntimeEvents.Id, NanoPackage.RuntimeEvents.Version),
            (NanoPackage.HardwareEsp32.Id, NanoPackage.HardwareEsp32.Version),
            (NanoPackage.I2c.Id, NanoPackage.I2c.Version),
        };
        foreach (string folder in (string[])["src/EdgeRuntime.Nano", "tests/EdgeRuntime.Nano.DeviceTests", "samples/Esp32"])
        {
            versions.AddRange(XDocument.Load(Path.Combine(root, folder, "packages.config")).Descendants("package").Select(package => (package.Attribute("id")!.Value, package.Attribute("version")!.Value)));
        }

        versions.AddRange(XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Select(package => (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value)).Where(package => package.Item1.StartsWith("nanoFramework.", StringComparison.Ordinal)));
        versions.AddRange(XDocument.Load(Path.Combine(root, "src/EdgeRuntime.Nano/EdgeInference.Nano.nuspec")).Descendants().Where(element => element.Name.LocalName == "dependency").Select(package => (package.Attribute("id")!.Value, package.Attribute("version")!.Value)));
        Assert.Contains(("nanoFramework.Runtime.Events", "1.11.37"), versions);
        Assert.All(versions.GroupBy(package => package.Id), package => Assert.Single(package.Select(item => item.Version).Distinct()));
    }

    [Fact]
    public void The_sample_has_a_solution_that_names_its_project_and_a_README_that_names_its_wiring()
    {
        string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "Esp32");
        string id = Elements(XDocument.Load(Path.Combine(folder, "Esp32.nfproj")), "ProjectGuid").Single().Value;
        Assert.Equal(ProjectFiles.Solution("Esp32", id), File.ReadAllText(Path.Combine(folder, "Esp32.sln")));
        string program = File.ReadAllText(Path.Combine(folder, "Program.cs"));
        string readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (string pin in (string[])["DataPin", "ClockPin", "LedPin"])
        {
            Assert.Contains($"GPIO {program.Split($"const int {pin} = ")[1].Split(';')[0]} ", readme, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);

    private static string Here([CallerFilePath] string path = "") => path;
}
