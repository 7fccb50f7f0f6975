using System.ComponentModel;
using System.Diagnostics;

namespace EdgeDevice;

/// <summary>Programs of the system that answer a question.</summary>
internal static class Programs
{
    // Only so that a program that hangs does not stop the others.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    internal static string? Output(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Longest))
            {
                process.Kill();
                return null;
            }

            Task.WaitAll(output, errors);
            return process.ExitCode == 0 ? output.Result.Trim() : null;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or AggregateException)
        {
            return null;
        }
    }
}
