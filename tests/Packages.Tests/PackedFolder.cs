using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Packages.Tests;

/// <summary>All packages, packed once and not before one is asked for, into a folder of their own, and a place to use them that leaves the machine as it was.</summary>
public sealed class PackedFolder : IDisposable
{
    /// <summary>Project folders by the package that they give.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Projects = new Dictionary<string, string>
    {
        ["EdgeInference.ModelFormat"] = "src/ModelFormat",
        ["EdgeInference.Runtime"] = "src/EdgeRuntime",
        ["EdgeInference.Devices"] = "src/EdgeRuntime.Devices",
        ["EdgeInference.Devices.Bindings"] = "src/EdgeRuntime.Devices.Bindings",
        ["EdgeInference.Devices.Hosting"] = "src/EdgeRuntime.Devices.Hosting",
        ["EdgeInference.ModelTraining"] = "src/ModelTraining",
        ["EdgeInference.ModelConverter"] = "src/ModelConverter",
        ["EdgeInference.Tool"] = "tools/ModelExporter",
        ["EdgeInference.Templates"] = "templates",
    };

    // A compiler server of these tests alone, which ends with them.
    private static readonly string compiler = $"edge-packages-{Environment.ProcessId}";

    private readonly string folder = Directory.CreateTempSubdirectory("edge-packages-").FullName;

    private readonly Lazy<string> packages;

    private readonly Lazy<string> tool;

    private readonly Lock nanoLock = new();

    private string? nano;

    public PackedFolder()
    {
        packages = new(() =>
        {
            string target = Path.Combine(folder, "packages");
            Pack(Projects.Values, target);
            return target;
        });
        tool = new(InstallTool);
    }

    /// <summary>Packs projects as they were built.</summary>
    /// <param name="projects">Their folders below the root.</param>
    /// <param name="target">Where the packages go.</param>
    /// <param name="more">Arguments for all of them.</param>
    internal static void Pack(IEnumerable<string> projects, string target, params string[] more)
    {
        // One MSBuild for all of them: a start for each takes longer than the packing. The solution would need what these tests do not.
        string items = string.Concat(projects.Select(project => $"<Packed Include=\"{Directory.GetFiles(Path.Combine(Root(), project), "*.csproj").Single()}\" />"));
        string all = target + ".proj";
        File.WriteAllText(all, $"""
            <Project>
              <ItemGroup>{items}</ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Packed)" Targets="Pack" Properties="NoBuild=true;Configuration={Configuration};PackageOutputPath={target}" />
              </Target>
            </Project>
            """);
        Assert.Equal((0, ""), Failure(Run(Root(), "dotnet", ["msbuild", all, "-t:Pack", "-v:quiet", "-nologo", .. more])));
    }

    /// <summary>What these tests were built as, and what is packed.</summary>
    internal static string Configuration { get; } = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";

    /// <summary>Where the packages are.</summary>
    internal string Packages => packages.Value;

    /// <summary>The folder of the installed tool, installed once for all tests.</summary>
    internal string ToolFolder => tool.Value;

    /// <summary>Where the machine keeps packages.</summary>
    internal static string MachinePackages { get; } = Run(Root(), "dotnet", "nuget", "locals", "global-packages", "--list").Output.Split(": ", 2)[1].Trim();

    public void Dispose()
    {
        string sdk = Run(folder, "dotnet", "msbuild", Path.Combine(Root(), "Directory.Packages.props"), "-getProperty:MSBuildToolsPath").Output.Trim();
        Run(folder, "dotnet", "exec", Path.Combine(sdk, "Roslyn", "bincore", "VBCSCompiler.dll"), "-shutdown", $"-pipename:{compiler}");
        Directory.Delete(folder, recursive: true);
    }

    internal static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    /// <summary>The file of a package.</summary>
    internal string FileOf(string package, string extension) => Assert.Single(Directory.GetFiles(Packages, $"{package}.*{extension}"), path => char.IsAsciiDigit(Path.GetFileName(path)[package.Length + 1]));

    /// <summary>The file of a package for nanoFramework.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="pack">What packs all of them into a folder, called once.</param>
    internal string NanoFileOf(string package, Action<string> pack)
    {
        lock (nanoLock)
        {
            if (nano is null)
            {
                string target = NewFolder("nano-packages");
                pack(target);
                nano = target;
            }
        }

        return Directory.GetFiles(nano, $"{package}.?.*.nupkg").Single();
    }

    /// <summary>A new folder below this one.</summary>
    internal string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    /// <summary>A NuGet configuration whose only sources are the packed packages and, where wanted, a folder of others.</summary>
    internal string OnlyLocal(string folder, string? others = null)
    {
        string path = Path.Combine(folder, "nuget.config");
        string more = others is null ? "" : $"""<add key="others" value="{others}" />""";
        File.WriteAllText(path, $"""<configuration><packageSources><clear /><add key="local" value="{Packages}" />{more}</packageSources></configuration>""");
        return path;
    }

    /// <summary>Nothing where a program ended well, otherwise its exit code and all that it said.</summary>
    internal static (int ExitCode, string Output) Failure((int ExitCode, string Output) result) => result.ExitCode == 0 ? (0, "") : result;

    /// <summary>What a program that does not end by itself says up to a line that holds a text, or all that it says where it ends without one.</summary>
    internal static string LinesUntil(string wanted, string workingFolder, string program, params string[] arguments)
    {
        using Process process = Process.Start(Start(workingFolder, program, arguments))!;
        var said = new StringBuilder();
        string? line;
        do
        {
            line = process.StandardOutput.ReadLine();
            said.AppendLine(line);
        }
        while (line?.Contains(wanted, StringComparison.Ordinal) == false);

        if (line is not null)
        {
            process.Kill();
        }

        said.Append(process.StandardError.ReadToEnd());
        process.WaitForExit();
        return said.ToString();
    }

    /// <summary>Takes from an environment what the test host sets for itself and would lead a child to the wrong files.</summary>
    internal static void Clean(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            environment.Remove(name);
        }

        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // As for everybody who changed nothing, whatever this machine says: a compiler that starts for each project takes most of a build.
        environment["UseSharedCompilation"] = "true";
        environment["SharedCompilationId"] = compiler;

        // Counting for a second compilation never pays in commands of seconds.
        environment["DOTNET_TieredPGO"] = "0";
    }

    internal static (int ExitCode, string Output) Run(string workingFolder, string program, params string[] arguments)
    {
        using Process process = Process.Start(Start(workingFolder, program, arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static ProcessStartInfo Start(string workingFolder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder, RedirectStandardError = true, RedirectStandardOutput = true };

        Clean(start.Environment);
        return start;
    }

    private string InstallTool()
    {
        string target = NewFolder("tool");
        Assert.Equal((0, ""), Failure(Run(target, "dotnet", "tool", "install", "EdgeInference.Tool", "--tool-path", target, "--configfile", OnlyLocal(NewFolder("tool-source")))));
        return target;
    }
}
