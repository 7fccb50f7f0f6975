using System.IO.Compression;
using System.Xml.Linq;

namespace Packages.Tests;

/// <summary>What users get: packages with all that belongs inside, a tool that installs, templates that build.</summary>
public sealed partial class PackageTests(PackedFolder packed)
{
    public static TheoryData<string> All => [.. PackedFolder.Projects.Keys];

    public static TheoryData<string> Libraries => [.. PackedFolder.Projects.Where(project => project.Value.StartsWith("src/", StringComparison.Ordinal)).Select(project => project.Key)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_has_its_README_the_licence_and_a_description(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(package, ".nupkg"));
        XElement metadata = Metadata(archive);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.NotEqual("Package Description", Value(metadata, "description"));
        Assert.NotNull(archive.GetEntry("LICENSE"));
        using var readme = new StreamReader(archive.GetEntry("README.md")!.Open());
        Assert.StartsWith($"# {package}", readme.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_has_documentation_and_symbols_with_their_sources(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(package, ".nupkg"));
        ZipArchiveEntry assembly = Assert.Single(archive.Entries, entry => entry.FullName.StartsWith("lib/net10.0/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal));
        using Stream documentation = archive.GetEntry(Path.ChangeExtension(assembly.FullName, ".xml"))!.Open();
        Assert.NotEmpty(XDocument.Load(documentation).Descendants("member"));
        using ZipArchive symbols = ZipFile.OpenRead(packed.FileOf(package, ".snupkg"));
        Assert.NotNull(symbols.GetEntry(Path.ChangeExtension(assembly.FullName, ".pdb")));
    }

    [Fact]
    public void The_tool_installs_from_a_folder_and_runs_its_demonstration()
    {
        string tool = packed.ToolFolder;
        (int exitCode, string output) = PackedFolder.Run(tool, Path.Combine(tool, "edge"), "demo", "-o", packed.NewFolder("demo"));
        Assert.True(exitCode == 0, output);
        Assert.NotEmpty(Directory.GetFiles(packed.NewFolder("demo"), "*.edge"));
    }

    [Fact]
    public void The_template_for_a_Raspberry_Pi_builds_and_names_its_project()
    {
        string project = New("edge-pi", "Vibration");
        string[] text = Directory.GetFiles(project).Where(path => !path.EndsWith(".edge", StringComparison.Ordinal)).Select(File.ReadAllText).ToArray();
        Assert.DoesNotContain(text, content => content.Contains("EdgePi", StringComparison.Ordinal));

        // Packages of its own, so that this version never gets among the machine's; the others are there from building the tests.
        string[] arguments = ["build", "-c", "Release", "-v", "quiet", $"-p:RestorePackagesPath={packed.NewFolder("global")}", $"-p:RestoreFallbackFolders={PackedFolder.MachinePackages}", $"-p:RestoreConfigFile={packed.OnlyLocal(project)}"];
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(project, "dotnet", arguments)));
        string program = Path.Combine(project, "bin", "Release", "net10.0", "Vibration.dll");
        Assert.True(File.Exists(program));

        // Without a board it decides with the model that it came with, and its pin is said.
        Assert.Contains("GPIO 18: high", PackedFolder.LinesUntil("GPIO 18: high", project, "dotnet", program));

        // The simulated machine is recorded, and the recording replayed to the same pin.
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(project, "dotnet", program, "record", "rows.csv", "still", "2")));
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(project, "dotnet", program, "record", "rows.csv", "shaking", "2")));
        (int code, string replayed) = PackedFolder.Run(project, "dotnet", program, "replay", "rows.csv");
        Assert.True(code == 0, replayed);
        Assert.Contains("s: shaking\n", replayed, StringComparison.Ordinal);
        Assert.Contains("GPIO 18: high\n", replayed, StringComparison.Ordinal);
        int rows = File.ReadAllLines(Path.Combine(project, "rows.csv")).Length - 1;
        Assert.Contains($"{rows} decisions; {rows} of {rows} agree with their label", replayed, StringComparison.Ordinal);

        // What is put into the inbox is looked at while the device decides.
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(project, "inbox")).FullName, "next.edge"), "no model");
        Assert.Contains("inbox/next.edge: ", PackedFolder.LinesUntil("[1101] No new model (NotAModel) from ", project, "dotnet", program, "--Edge:Updates:IntervalSeconds=0.1"));

        // A table of other columns and a pin that is not there are one sentence.
        File.WriteAllText(Path.Combine(project, "other.csv"), "a,b\n");
        AssertSentence("other.csv has the columns [a, b]", "replay", "other.csv");
        AssertSentence("other.csv has the columns [a,b]", "record", "other.csv", "still", "1");
        if (!File.Exists("/dev/gpiochip0"))
        {
            AssertSentence("GPIO 18 cannot be opened: ", "--Edge:Sensor:Kind=mpu6050", "--Edge:Output:Simulated=false");
        }

        // So are settings that cannot be.
        AssertSentence("Edge:Loop:Windw is no setting; did you mean Window?", "--Edge:Loop:Windw=64");
        AssertSentence("Edge:Modell is no setting; did you mean ", "--Edge:Modell=m.edge");
        AssertSentence("Kind is 'mpu6O50', which is no sensor; the nearest is 'mpu6050'", "--Edge:Sensor:Kind=mpu6O50");
        AssertSentence("DataPin is given, but bme280 does not use it", "--Edge:Sensor:Kind=bme280", "--Edge:Sensor:DataPin=4");
        AssertSentence("ChannelNames has 2 names, but bme280 has 3 channels here", "--Edge:Sensor:Kind=bme280", "--Edge:Sensor:ChannelNames:0=a", "--Edge:Sensor:ChannelNames:1=b");
        AssertSentence("Edge:Sensor:Kind is 'simulated', which is wired to nothing", "--Edge:Sensor:Bus=1");
        AssertSentence("Edge:Updates:Folders is no setting; did you mean Folder?", "--Edge:Updates:Folders=inbox");
        AssertSentence("'x' is no number of seconds", "record", "rows.csv", "still", "x");

        // So is a damaged model.
        File.WriteAllText(Path.Combine(project, "bin", "Release", "net10.0", "model.edge"), "no model");
        AssertSentence("The model file is not usable: ", "replay", "rows.csv");

        void AssertSentence(string start, params string[] arguments)
        {
            (int code, string said) = PackedFolder.Run(project, "dotnet", [program, .. arguments]);
            Assert.Equal(1, code);
            Assert.StartsWith(start, Assert.Single(said.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_template_for_an_ESP32_names_its_project_and_nothing_else()
    {
        string project = New("edge-esp32", "Motion");
        XDocument file = XDocument.Load(Path.Combine(project, "Motion.nfproj"));
        Assert.Equal("Motion", file.Descendants().Single(element => element.Name.LocalName == "AssemblyName").Value);
        Assert.Equal("Motion", file.Descendants().Single(element => element.Name.LocalName == "RootNamespace").Value);
        Assert.Contains(file.Descendants(), element => (string?)element.Attribute("Include") == "nanoFramework.Hardware.Esp32");
        string id = file.Descendants().Single(element => element.Name.LocalName == "ProjectGuid").Value;
        Assert.NotEqual("{6D0C1C3E-52B1-4E0B-9C63-0C5B0E1F7A03}", id.ToUpperInvariant());
        string solution = File.ReadAllText(Path.Combine(project, "Motion.sln"));
        Assert.Contains($"= \"Motion\", \"Motion.nfproj\", \"{id}\"", solution, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Esp32", solution, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project, "README.md")));
        Assert.All(Directory.GetFiles(project, "*.cs"), source => Assert.Contains("namespace Motion\n", File.ReadAllText(source).ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_template_takes_the_packages_of_this_version()
    {
        XDocument project = XDocument.Load(Path.Combine(PackedFolder.Root(), "templates", "edge-pi", "EdgePi.csproj"));
        string[] expected = ["EdgeInference.Devices.Bindings", "EdgeInference.Devices.Hosting"];
        IEnumerable<(string, string)> references = project.Descendants("PackageReference").Select(reference => ((string)reference.Attribute("Include")!, (string)reference.Attribute("Version")!));
        Assert.Equal(expected.Select(package => (package, Version(package))), references);
    }

    [Fact]
    public void The_library_for_devices_needs_no_bindings()
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf("EdgeInference.Devices", ".nupkg"));
        IEnumerable<string> needed = Metadata(archive).Descendants().Where(element => element.Name.LocalName == "dependency").Select(dependency => (string)dependency.Attribute("id")!);
        Assert.Equal(["EdgeInference.Runtime", "System.Device.Gpio"], needed.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".Adaptation")]
    [InlineData(".Updates")]
    [InlineData(".Updates.Files")]
    [InlineData(".Updates.Serial")]
    [InlineData(".Updates.Http")]
    [InlineData(".Updates.Mqtt")]
    public void A_nanoFramework_package_has_what_its_project_builds_and_needs(string suffix)
    {
        string folder = Path.Combine(PackedFolder.Root(), "src", "EdgeRuntime.Nano" + suffix);
        XDocument specification = XDocument.Load(Path.Combine(folder, $"EdgeInference.Nano{suffix}.nuspec"));
        XDocument project = XDocument.Load(Path.Combine(folder, $"EdgeRuntime.Nano{suffix}.nfproj"));
        string assembly = project.Descendants().Single(element => element.Name.LocalName == "AssemblyName").Value;
        string[] files = [.. specification.Descendants().Where(element => element.Name.LocalName == "file").Select(element => ((string)element.Attribute("src")!).Replace('\\', '/'))];
        Assert.Equal(new[] { "dll", "pdb", "pdbx", "pe", "xml" }.Select(extension => $"bin/Release/{assembly}.{extension}"), files.Where(file => file.StartsWith("bin/", StringComparison.Ordinal)).Order());
        Assert.All(files.Where(file => !file.StartsWith("bin/", StringComparison.Ordinal)), file => Assert.True(File.Exists(Path.Combine(folder, file)), file));
        Assert.Contains(project.Descendants(), element => element.Name.LocalName == "DocumentationFile");

        // Packages of others as the project has them, and the last of this repository's projects that it refers to, which bring the rest.
        IEnumerable<(string?, string?)> needed = XDocument.Load(Path.Combine(folder, "packages.config")).Descendants("package").Select(package => ((string?)package.Attribute("id"), (string?)package.Attribute("version")));
        string? own = project.Descendants().Where(element => element.Name.LocalName == "ProjectReference").Select(reference => ((string)reference.Attribute("Include")!).Replace('\\', '/')).LastOrDefault();
        IEnumerable<(string?, string?)> ours = own is null ? [] : [(Path.GetFileNameWithoutExtension(own).Replace("EdgeRuntime.", "EdgeInference.", StringComparison.Ordinal), "$version$")];
        Assert.Equal(needed.Concat(ours), specification.Descendants().Where(element => element.Name.LocalName == "dependency").Select(dependency => ((string?)dependency.Attribute("id"), (string?)dependency.Attribute("version"))));
    }

    private static XElement Metadata(ZipArchive archive)
    {
        using Stream specification = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(specification).Root!.Elements().Single();
    }

    private static string? Value(XElement metadata, string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    private string Version(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(package, ".nupkg"));
        return Value(Metadata(archive), "version")!;
    }

    private string New(string template, string name)
    {
        string hive = packed.NewFolder($"hive-{template}");
        string project = Path.Combine(packed.NewFolder(template), name);
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(hive, "dotnet", "new", "install", packed.FileOf("EdgeInference.Templates", ".nupkg"), "--debug:custom-hive", hive)));
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(hive, "dotnet", "new", template, "-o", project, "--debug:custom-hive", hive)));
        return project;
    }
}
