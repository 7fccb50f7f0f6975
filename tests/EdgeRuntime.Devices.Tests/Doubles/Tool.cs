using System.ComponentModel;
using System.Diagnostics;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>Runs programs of the system.</summary>
internal static class Tool
{
    /// <summary>The exit code, or −1 where there is no such program.</summary>
    internal static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
            process!.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return -1;
        }
    }
}
