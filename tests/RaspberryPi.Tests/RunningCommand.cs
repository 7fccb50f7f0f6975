using System.Diagnostics;

namespace RaspberryPi.Tests;

/// <summary>A command of <c>edge-device</c> as a process of its own.</summary>
internal sealed class RunningCommand : IDisposable
{
    // So that a hang ends; no expectation of any machine.
    private const int LimitMilliseconds = 120_000;

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    internal RunningCommand(params string[] arguments)
    {
        // A shell that runs the tests in the background has them ignore SIGINT, and so their children; .NET leaves an ignored signal alone.
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "edge-device.dll"), .. arguments];
        string[] line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. program] : program;
        process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until something holds. The limit is there so that a hang ends.</summary>
    internal void Until(Func<bool> condition)
    {
        for (long end = Environment.TickCount64 + LimitMilliseconds; !condition(); Thread.Sleep(20))
        {
            Assert.True(Environment.TickCount64 < end, "It never happened.");
            Assert.False(process.HasExited, process.HasExited ? output.Result + errors.Result : "");
        }
    }

    /// <summary>Sends a signal, <c>TERM</c>, where one is named.</summary>
    internal (int Code, string Output, string Errors) End(string? signal = null)
    {
        if (signal is not null)
        {
            Debian.Run("kill", "-" + signal, $"{process.Id}");
        }

        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill();
            Assert.Fail($"It did not end{(signal is null ? "" : $" at SIG{signal}")}: {output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
