using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Packages.Tests;

/// <summary>What packages say of themselves beyond their contents: what is known, from one place each, and nothing invented.</summary>
public sealed partial class PackageTests
{
    private const string Repository = "https://git.example/owner/name";

    private static readonly string[] nano = ["EdgeRuntime.Nano", "EdgeRuntime.Nano.Signals", "EdgeRuntime.Nano.Adaptation", "EdgeRuntime.Nano.Updates", "EdgeRuntime.Nano.Updates.Files", "EdgeRuntime.Nano.Updates.Serial", "EdgeRuntime.Nano.Updates.Http", "EdgeRuntime.Nano.Updates.Mqtt"];

    public static TheoryData<string> NanoProjects => [.. nano];

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_has_an_icon_release_notes_and_no_address_that_nobody_gave(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(package, ".nupkg"));
        AssertRelease(archive, repository: null);
    }

    [Fact]
    public void An_address_filled_in_once_is_in_every_package()
    {
        string folder = packed.NewFolder("published");
        PackedFolder.Pack(PackedFolder.Projects.Values.Where(project => project is "src/ModelFormat" or "templates"), folder, $"-p:PublisherRepositoryUrl={Repository}");

        // By the command that NanoPackage.csproj documents.
        (int exitCode, string output) = PackedFolder.Run(PackedFolder.Root(), "dotnet", NanoArguments("EdgeRuntime.Nano", NanoSources("EdgeRuntime.Nano", packed.NewFolder("published-sources")), folder, $"-p:PublisherRepositoryUrl={Repository}"));
        Assert.True(exitCode == 0, output);
        string[] packages = Directory.GetFiles(folder, "*.nupkg");
        Assert.Equal(3, packages.Length);
        Assert.All(packages, path =>
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            AssertRelease(archive, Repository);
        });
    }

    // One place: a project that names an address of its own would be wrong on the day that the repository moves.
    [Fact]
    public void No_project_names_an_address_of_its_own()
    {
        string props = File.ReadAllText(Path.Combine(PackedFolder.Root(), "build", "Publisher.props"));
        Assert.Contains("<PublisherRepositoryUrl Condition=\"'$(PublisherRepositoryUrl)' == ''\">", props, StringComparison.Ordinal);
        IEnumerable<string> files = new[] { "src", "tools", "templates" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(PackedFolder.Root(), folder), "*.*proj", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(PackedFolder.Root(), folder), "*.nuspec", SearchOption.AllDirectories)))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        Assert.All(files, path => Assert.DoesNotMatch("(?i)<(PackageProjectUrl|RepositoryUrl|projectUrl|repository|releaseNotes|PackageReleaseNotes)[ >]", File.ReadAllText(path)));
    }

    [Theory]
    [MemberData(nameof(NanoProjects))]
    public void A_nanoFramework_package_is_packed_from_what_its_project_builds(string project)
    {
        string id = project.Replace("EdgeRuntime", "EdgeInference", StringComparison.Ordinal);
        using ZipArchive archive = ZipFile.OpenRead(packed.NanoFileOf(id, PackNano));
        XElement metadata = AssertRelease(archive, repository: null);
        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal(Version("EdgeInference.ModelFormat"), Value(metadata, "version"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal(new[] { "dll", "pdb", "pdbx", "pe", "xml" }.Select(extension => $"lib/{id}.{extension}"), archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.NotNull(archive.GetEntry("LICENSE"));
        Assert.NotNull(archive.GetEntry("docs/README.md"));
        Assert.Equal(project == "EdgeRuntime.Nano", archive.GetEntry($"build/{id}.targets") is not null);
        Assert.All(metadata.Descendants().Where(element => element.Name.LocalName == "dependency"), dependency => Assert.Matches(@"^\d+\.\d+\.\d+", (string)dependency.Attribute("version")!));
    }

    [Fact]
    public void Packing_a_nanoFramework_package_before_its_build_names_the_file_that_is_missing()
    {
        (int exitCode, string output) = PackedFolder.Run(PackedFolder.Root(), "dotnet", NanoArguments("EdgeRuntime.Nano", Path.Combine(PackedFolder.Root(), "src", "EdgeRuntime.Nano.Updates.Http"), packed.NewFolder("nano-none")));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("EdgeInference.Nano.nuspec", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_same_sources_give_the_same_assembly(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(package, ".nupkg"));
        using var copy = new MemoryStream();
        using (Stream assembly = archive.Entries.Single(entry => entry.FullName.StartsWith("lib/net10.0/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)).Open())
        {
            assembly.CopyTo(copy);
        }

        copy.Position = 0;
        using var reader = new PEReader(copy);
        Assert.Contains(reader.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    private static XElement AssertRelease(ZipArchive archive, string? repository)
    {
        XElement metadata = Metadata(archive);
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.Equal(new FileInfo(Path.Combine(PackedFolder.Root(), "build", "icon.png")).Length, archive.GetEntry("icon.png")!.Length);
        Assert.Equal(repository, Value(metadata, "projectUrl"));
        Assert.Equal(repository, (string?)metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url"));

        // Of this version: the section of its number, or of what is not released.
        string notes = Value(metadata, "releaseNotes")!.ReplaceLineEndings("\n");
        string changelog = File.ReadAllText(Path.Combine(PackedFolder.Root(), "CHANGELOG.md")).ReplaceLineEndings("\n");
        string section = Section(changelog, Value(metadata, "version")!) ?? Section(changelog, "Unreleased")!;
        string[] parts = notes.Split("\n\nAll changes: ");
        Assert.Equal(2, parts.Length);
        Assert.StartsWith("### In short\n\n" + parts[0] + "\n\n### ", section, StringComparison.Ordinal);
        Assert.InRange(parts[0].Length, 300, 1500);
        Assert.Equal(repository is null ? "CHANGELOG.md" : $"{repository}/blob/HEAD/CHANGELOG.md", parts[1]);
        return metadata;
    }

    private static string? Section(string changelog, string version) =>
        Regex.Match(changelog, $@"^## \[{Regex.Escape(version)}\][^\n]*\n(?<text>.*?)(?=^## |\z)", RegexOptions.Singleline | RegexOptions.Multiline) is { Success: true } match ? match.Groups["text"].Value.Trim() : null;

    private static string[] NanoArguments(string project, string sources, string target, params string[] more) =>
        ["pack", Path.Combine(PackedFolder.Root(), "build", "NanoPackage.csproj"), $"-p:Nano={project}", $"-p:NanoFolder={sources}", $"-p:MSBuildProjectExtensionsPath={target}.obj/", "-o", target, "-v", "quiet", .. more];

    // One MSBuild for all: a start for each takes longer than the packing.
    private static void PackNano(string folder)
    {
        string sources = Path.Combine(folder, "sources");
        string projects = string.Concat(nano.Select(project => $"<Nano Include=\"{project}\" Folder=\"{NanoSources(project, sources)}\" />"));
        string all = Path.Combine(folder, "all.proj");
        File.WriteAllText(all, $"""
            <Project>
              <PropertyGroup>
                <Package>{Path.Combine(PackedFolder.Root(), "build", "NanoPackage.csproj")}</Package>
                <Shared>Configuration=Release;MSBuildProjectExtensionsPath={Path.Combine(folder, "obj")}/;PackageOutputPath={folder}</Shared>
              </PropertyGroup>
              <ItemGroup>{projects}</ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="$(Package)" Targets="Restore" Properties="$(Shared);Step=Restore" />
                <MSBuild Projects="$(Package)" Targets="Pack" Properties="$(Shared);Nano=%(Nano.Identity);NanoFolder=%(Nano.Folder)" />
              </Target>
            </Project>
            """);
        Assert.Equal((0, ""), PackedFolder.Failure(PackedFolder.Run(PackedFolder.Root(), "dotnet", "msbuild", all, "-t:Pack", "-v:quiet", "-nologo")));
    }

    // nanoFramework's build needs Visual Studio: files of the names that it gives stand in for them.
    private static string NanoSources(string project, string root)
    {
        string sources = Directory.CreateDirectory(Path.Combine(root, "src", project)).FullName;
        string nuspec = Path.Combine(sources, project.Replace("EdgeRuntime", "EdgeInference", StringComparison.Ordinal) + ".nuspec");
        File.Copy(Path.Combine(PackedFolder.Root(), "src", project, Path.GetFileName(nuspec)), nuspec, overwrite: true);
        foreach (string file in XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "file").Select(element => ((string)element.Attribute("src")!).Replace('\\', '/')))
        {
            string path = Path.GetFullPath(Path.Combine(sources, file));
            string real = Path.GetFullPath(Path.Combine(PackedFolder.Root(), "src", project, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.StartsWith("bin/", StringComparison.Ordinal) ? [1, 2, 3] : File.ReadAllBytes(real));
        }

        return sources;
    }
}
