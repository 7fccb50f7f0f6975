using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Stress;

/// <summary>Runs command lines one after the other on real standard streams of every kind: one process for many, since most of a short command is starting it.</summary>
internal static partial class StreamRun
{
    /// <summary>A stream as the process got it.</summary>
    internal const string Inherited = "inherited";

    /// <summary>Standard error that is kept and given back.</summary>
    internal const string Captured = "captured";

    /// <summary>A pipe whose reader has gone.</summary>
    internal const string Broken = "broken";

    private const char Separator = '\t';

    /// <summary>A file with a command line a line, as the child reads it.</summary>
    /// <param name="file">Where it is written.</param>
    /// <param name="lines">Where standard output and standard error go, each one of the words above or the path of a file, the current folder, and the command line.</param>
    internal static void Write(string file, IEnumerable<(string Output, string Error, string Folder, string[] Arguments)> lines) =>
        File.WriteAllLines(file, lines.Select(line => string.Join(Separator, [line.Output, line.Error, line.Folder, .. line.Arguments])));

    /// <summary>Runs the lines of a file; writes exit codes and what standard error captured to another.</summary>
    internal static int Run(string file, string results)
    {
        WarmUp.MaxSeconds = 0;
        using StreamWriter written = File.CreateText(results);
        foreach (string[] line in File.ReadLines(file).Select(line => line.Split(Separator)))
        {
            using var captured = new StringWriter();
            Directory.SetCurrentDirectory(line[2]);
            if (line[0] != Inherited)
            {
                Redirect(line[0], 1);
                Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
            }

            if (line[1] == Captured)
            {
                Console.SetError(captured);
            }
            else if (line[1] != Inherited)
            {
                Redirect(line[1], 2);
                Console.SetError(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
            }

            int exitCode = EdgeCommand.Run(line[3..]);
            written.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exitCode} {Convert.ToBase64String(Encoding.UTF8.GetBytes(captured.ToString()))}"));
            written.Flush();
        }

        return 0;
    }

    /// <summary>What a line of the results says.</summary>
    internal static (int ExitCode, string Error) Parse(string line)
    {
        string[] parts = line.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])));
    }

    // The descriptor is replaced as a shell does it, so that everything behind it is the system's.
    private static void Redirect(string target, int descriptor)
    {
        if (target == Broken)
        {
            using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
            pipe.DisposeLocalCopyOfClientHandle();
            Replace(pipe.SafePipeHandle, descriptor);
            return;
        }

        using Microsoft.Win32.SafeHandles.SafeFileHandle opened = File.OpenHandle(target, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        Replace(opened, descriptor);
    }

    private static void Replace(SafeHandle opened, int descriptor)
    {
        if (Duplicate(opened, descriptor) != descriptor)
        {
            throw new IOException($"Descriptor {descriptor} cannot be replaced.");
        }
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(SafeHandle from, int to);
}
