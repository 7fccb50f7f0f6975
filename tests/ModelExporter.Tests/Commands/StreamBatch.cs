using System.Diagnostics;
using System.Security.Cryptography;
using EdgeInference.Tool.Stress;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What a command did on standard streams of a kind, and the files beside it before and after.</summary>
internal sealed record StreamResult(int ExitCode, string Error, long OutputLength, (string, string)[] Before, (string, string)[] After);

/// <summary>Command lines on standard streams that are closed, full or left by their reader: one process for each way in which a process starts.</summary>
internal static class StreamBatch
{
    private static readonly string[] noted =
    [
        "train rows.csv --label y -o - --epochs 2",
        "train rows.csv --label y -o t.edge --epochs 2 --json",
        "emit m.edge -o - --class M",
        "sign m.edge --key key.pem --model-version 2 -o -",
        "report m.edge --data rows.csv --label y -o - --no-timings",
    ];

    private static readonly string[] all =
    [
        "run m.edge -i features.csv",
        "run m.edge -i features.csv -o -",
        "evaluate m.edge --data rows.csv --label y",
        "evaluate m.edge --data rows.csv --label y --json",
        "inspect m.edge",
        "inspect m.edge --json",
        "train rows.csv --label y -o - --epochs 2 --quiet",
        "emit m.edge -o - --class M",
        "report m.edge --data rows.csv --label y --no-timings -o -",
        "sign m.edge --key key.pem --model-version 2 -o -",
        "verify m.edge",
        "verify m.edge --json",
        "bench m.edge --json",
        "activations",
        "completion bash",
        "--help",
        "--version",
    ];

    private static readonly Lazy<byte[]> model = new(Train);

    private static readonly Lazy<Dictionary<string, StreamResult>> closedOutput = new(() => Run(all, StreamRun.Inherited, StreamRun.Captured, ">&-"));
    private static readonly Lazy<Dictionary<string, StreamResult>> closedError = new(() => Run(noted, null, StreamRun.Inherited, "2>&-"));
    private static readonly Lazy<bool> hasDevice = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("edge-device-").FullName;
        bool made = Bash(folder, "mknod full c 1 7 && ! (echo x > full) 2> /dev/null");
        Directory.Delete(folder, recursive: true);
        return made;
    });

    // The three that a process can be given while it runs share one.
    private static readonly Lazy<Dictionary<string, StreamResult>[]> given = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("edge-streams-").FullName;
        try
        {
            string full = Path.Combine(folder, "full");
            Bash(folder, "mknod full c 1 7");
            List<Job> jobs = [.. Jobs(folder, "broken", all, StreamRun.Broken, StreamRun.Captured)];
            if (HasDevice)
            {
                jobs.AddRange(Jobs(folder, "full", all, full, StreamRun.Captured));
                jobs.AddRange(Jobs(folder, "error", noted, null, full));
            }

            StreamResult[] results = Run(folder, jobs, "> /dev/null");
            return [.. new[] { "broken", "full", "error" }.Select(kind => jobs.Zip(results).Where(pair => pair.First.Kind == kind).ToDictionary(pair => pair.First.Line, pair => pair.Second))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    public static TheoryData<string> NotedLines => [.. noted];

    public static TheoryData<string> Lines => [.. all];

    /// <summary>Whether a device that takes nothing can be made here.</summary>
    internal static bool HasDevice => hasDevice.Value;

    internal static Dictionary<string, StreamResult> ClosedOutput => closedOutput.Value;

    internal static Dictionary<string, StreamResult> ClosedError => closedError.Value;

    internal static Dictionary<string, StreamResult> BrokenOutput => given.Value[0];

    internal static Dictionary<string, StreamResult> FullOutput => given.Value[1];

    internal static Dictionary<string, StreamResult> FullError => given.Value[2];

    /// <summary>Writes the files that the command lines name.</summary>
    internal static void Prepare(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "rows.csv"), Rows());
        File.WriteAllText(Path.Combine(folder, "features.csv"), "a,b\n1,2\n6,1\n");
        File.WriteAllText(Path.Combine(folder, "m.onnx"), "a model of another tool");
        File.WriteAllBytes(Path.Combine(folder, "m.edge"), model.Value);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = Path.Combine(folder, "key.pem");
        File.WriteAllText(path, key.ExportECPrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }
    }

    /// <summary>The words of a command line, those that name files with their folder.</summary>
    internal static string[] Words(string folder, string line) => [.. line.Split(' ').Select(word => word.Contains('.') ? Path.Combine(folder, word) : word)];

    internal static (string, string)[] Contents(string folder) =>
        [.. Directory.GetFiles(folder).Where(path => Path.GetFileName(path) is not ("full" or "dangling")).Order(StringComparer.Ordinal).Select(path => (path, Convert.ToHexString(File.ReadAllBytes(path))))];

    private static string Rows() => "a,b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},{i % 5},{(i % 7 > 3 ? 1 : 0)}\n"));

    private static byte[] Train()
    {
        string folder = Directory.CreateTempSubdirectory("edge-output-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "rows.csv"), Rows());
            string path = Path.Combine(folder, "m.edge");
            Assert.Equal(0, CommandLine.Run(out _, "train", Path.Combine(folder, "rows.csv"), "--label", "y", "-o", path, "--epochs", "2", "--quiet").ExitCode);
            return File.ReadAllBytes(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, StreamResult> Run(string[] lines, string? output, string error, string redirection)
    {
        string folder = Directory.CreateTempSubdirectory("edge-streams-").FullName;
        try
        {
            Job[] jobs = [.. Jobs(folder, "closed", lines, output, error)];
            return jobs.Zip(Run(folder, jobs, redirection)).ToDictionary(pair => pair.First.Line, pair => pair.Second);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Without an output it is a file of the command's own.
    private static IEnumerable<Job> Jobs(string folder, string kind, string[] lines, string? output, string error)
    {
        foreach (string line in lines)
        {
            string own = Directory.CreateDirectory(Path.Combine(folder, $"{kind}{Directory.GetDirectories(folder).Length}")).FullName;
            Prepare(own);
            yield return new Job(kind, line, own, output ?? Path.Combine(own, "stdout"), error);
        }
    }

    private static StreamResult[] Run(string folder, IReadOnlyList<Job> jobs, string redirection)
    {
        (string, string)[][] before = [.. jobs.Select(job => Contents(job.Folder))];
        StreamRun.Write(Path.Combine(folder, "commands.txt"), jobs.Select(job => (job.Output, job.Error, job.Folder, job.Line.Split(' '))));
        Assert.True(Bash(folder, $"dotnet {typeof(StreamRun).Assembly.Location} streams commands.txt results.txt {redirection}"), "The commands did not run to their end.");
        string[] results = File.ReadAllLines(Path.Combine(folder, "results.txt"));
        return [.. jobs.Select((job, i) =>
        {
            (int exitCode, string said) = StreamRun.Parse(results[i]);
            var output = new FileInfo(Path.Combine(job.Folder, "stdout"));
            return new StreamResult(exitCode, said, output.Exists ? output.Length : 0, before[i], Contents(job.Folder));
        })];
    }

    private static bool Bash(string folder, string line)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line]) { WorkingDirectory = folder })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed record Job(string Kind, string Line, string Folder, string Output, string Error);
}
