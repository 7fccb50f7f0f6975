using ModelExporter.Commands;

namespace ModelExporter.Tests;

/// <summary>Runs command lines in this process. Tests that use it belong to the collection "console".</summary>
internal static class CommandLine
{
    /// <summary>The exit code and what was written to standard error; <paramref name="text"/> is what was written to standard output.</summary>
    internal static (int ExitCode, string Error) Run(out string text, params string[] args)
    {
        TextWriter standardOutput = Console.Out;
        TextWriter standardError = Console.Error;
        using var output = new StringWriter();
        using var error = new StringWriter();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            int exitCode = EdgeCommand.Run(args);
            text = output.ToString();
            return (exitCode, error.ToString());
        }
        finally
        {
            Console.SetOut(standardOutput);
            Console.SetError(standardError);
        }
    }
}
