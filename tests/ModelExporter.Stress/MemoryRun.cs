using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Stress;

/// <summary>Runs command lines one after the other and says how much memory each took at most: one process for many, which no test process can be.</summary>
internal static class MemoryRun
{
    private const char Separator = '\t';

    /// <summary>A file with a command line a line, as the child reads it.</summary>
    internal static void Write(string file, IEnumerable<string[]> commands) => File.WriteAllLines(file, commands.Select(command => string.Join(Separator, command)));

    /// <summary>Runs the lines of a file; writes exit code, peak in bytes and what went to standard error.</summary>
    internal static int Run(string file)
    {
        TextWriter output = Console.Out;
        foreach (string line in File.ReadLines(file))
        {
            using var error = new StringWriter();
            Console.SetOut(TextWriter.Null);
            Console.SetError(error);
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            ForgetPeak();
            int exitCode = EdgeCommand.Run(line.Split(Separator));
            using Process self = Process.GetCurrentProcess();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exitCode} {self.PeakWorkingSet64} {Convert.ToBase64String(Encoding.UTF8.GetBytes(error.ToString()))}"));
        }

        return 0;
    }

    /// <summary>What a line of <see cref="Run"/> says.</summary>
    internal static (int ExitCode, long Peak, string Error) Parse(string line)
    {
        string[] parts = line.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(parts[2])));
    }

    // Where the system cannot forget, the peak is that of all commands so far, which is a stricter test.
    private static void ForgetPeak()
    {
        const string Control = "/proc/self/clear_refs";
        if (File.Exists(Control))
        {
            File.WriteAllText(Control, "5");
        }
    }
}
