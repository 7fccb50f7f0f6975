using System.Text.RegularExpressions;
using Documents.Tests;

[assembly: AssemblyFixture(typeof(Packages.Tests.PackedFolder))]

namespace Packages.Tests;

/// <summary>Somebody who has the SDK, the packages and the installed tool: a home and empty folders, and nothing of the clone.</summary>
public sealed partial class Stranger
{
    private readonly PackedFolder packed;
    private readonly string folder;
    private readonly Lazy<(int ExitCode, string Output)> built;

    public Stranger(PackedFolder packed)
    {
        this.packed = packed;
        folder = packed.NewFolder("stranger");

        // What the machine has restored stands in for the registry.
        packed.OnlyLocal(folder, PackedFolder.MachinePackages);
        built = new(BuildPrograms);
    }

    /// <summary>All C# blocks of the documents that are whole programs.</summary>
    internal static IEnumerable<CodeBlock> Programs => StrangerDocuments.All.SelectMany(CodeBlock.Of).Where(block => block.Language == "csharp");

    /// <summary>How all programs of the documents were built, in one run.</summary>
    internal (int ExitCode, string Output) Built => built.Value;

    /// <summary>The packages that a reader adds for a block: those that the paragraph above it names, and for the README of a package that one.</summary>
    internal static IReadOnlyCollection<string> PackagesOf(CodeBlock block)
    {
        IEnumerable<string> own = PackedFolder.Projects.Where(project => $"{project.Value}/README.md" == block.Document).Select(project => project.Key);
        IEnumerable<string> named = NamePattern().Matches(block.Above).Select(match => match.Groups["name"].Value);
        if (!named.Any())
        {
            named = CodeBlock.Of(block.Document).Where(other => other.Line < block.Line).SelectMany(other => AddPattern().Matches(other.Code)).Select(match => match.Groups["name"].Value);
        }

        return [.. own.Concat(named).Distinct()];
    }

    /// <summary>An empty folder.</summary>
    internal string NewFolder(string document) => Directory.CreateDirectory(Path.Combine(folder, Name(document))).FullName;

    /// <summary>The command for the program of a block.</summary>
    internal string Command(CodeBlock block) => $"dotnet '{Path.Combine(ProgramsFolder, ProgramName(block), "bin", "Release", "net10.0", ProgramName(block))}.dll'";

    /// <summary>Makes an environment that of the stranger.</summary>
    internal void Prepare(IDictionary<string, string?> environment)
    {
        PackedFolder.Clean(environment);
        string home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        environment["HOME"] = home;
        environment["DOTNET_CLI_HOME"] = home;
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        environment["PATH"] = string.Join(Path.PathSeparator, Path.Combine(home, ".dotnet", "tools"), packed.ToolFolder, environment["PATH"]);

        // Packages of its own, so that this version never gets among the machine's.
        environment["NUGET_PACKAGES"] = packed.NewFolder("stranger-packages");
        environment["RestoreFallbackFolders"] = PackedFolder.MachinePackages;
    }

    private static string Name(string document) => document.Replace('/', '-').Replace(".md", "", StringComparison.Ordinal);

    private static string ProgramName(CodeBlock block) => $"{Name(block.Document)}-{block.Line}";

    private string ProgramsFolder => packed.NewFolder("stranger/programs");

    private (int ExitCode, string Output) BuildPrograms()
    {
        foreach (CodeBlock block in Programs)
        {
            string project = Directory.CreateDirectory(Path.Combine(ProgramsFolder, ProgramName(block))).FullName;
            File.WriteAllText(Path.Combine(project, "Program.cs"), block.WholeCode());
            File.WriteAllText(Path.Combine(project, $"{ProgramName(block)}.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                    <UseAppHost>false</UseAppHost>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    {string.Concat(PackagesOf(block).Select(package => $"""<PackageReference Include="{package}" Version="*" />"""))}
                  </ItemGroup>
                </Project>
                """);
        }

        // A solution restores all of them at once.
        string all = Path.Combine(ProgramsFolder, "All.slnx");
        File.WriteAllText(all, $"<Solution>{string.Concat(Programs.Select(block => $"""<Project Path="{ProgramName(block)}/{ProgramName(block)}.csproj" />"""))}</Solution>");
        return BlockRunner.Run(ProgramsFolder, Prepare, "dotnet", "build", all, "-m:2", "-nologo", "-v:quiet", "-c", "Release").GetAwaiter().GetResult();
    }

    [GeneratedRegex(@"`(?<name>(?:EdgeInference|Microsoft|System|Iot)(?:\.\w+)+)`")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^dotnet (?:package )?add .*?(?<name>EdgeInference(?:\.\w+)+)", RegexOptions.Multiline)]
    private static partial Regex AddPattern();
}
