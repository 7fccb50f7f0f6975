using System.Diagnostics;
using System.Text;

namespace EdgeInference.Mutation;

/// <summary>What a process said and how it ended.</summary>
internal sealed record CommandResult(int Code, string Output, bool Hung, TimeSpan Time);

/// <summary>Runs a process to its end or to its limit.</summary>
internal static class Command
{
    internal static async Task<CommandResult> RunAsync(string file, IEnumerable<string> arguments, string folder, TimeSpan limit, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // The SDK and test host of this process are not the ones to use there.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        void Add(object? sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }

        var clock = Stopwatch.StartNew();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var cancel = new CancellationTokenSource(limit);
        bool hung = false;
        try
        {
            await process.WaitForExitAsync(cancel.Token);
        }
        catch (OperationCanceledException)
        {
            hung = true;
            process.Kill(entireProcessTree: true);
        }

        lock (output)
        {
            return new CommandResult(hung ? -1 : process.ExitCode, output.ToString(), hung, clock.Elapsed);
        }
    }
}
