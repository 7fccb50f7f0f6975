using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests;

/// <summary>Runs command lines in this process.</summary>
internal static class CommandLine
{
    /// <summary>As <see cref="Run"/>, without the two lines that a model without names of its inputs brings about; ColumnTests assert those.</summary>
    internal static (int ExitCode, string Error) RunUnnamed(out string text, params string[] args)
    {
        (int exitCode, string error) = Run(out text, args);
        IEnumerable<string> others = error.Split('\n').Where(line =>
            !line.EndsWith("columns are taken by position, since the model has no names for its inputs.", StringComparison.Ordinal)
            && !line.StartsWith("The model has no names for its inputs and takes those of ", StringComparison.Ordinal));
        return (exitCode, string.Join('\n', others));
    }

    /// <summary>The exit code and what was written to standard error; <paramref name="text"/> is what was written to standard output.</summary>
    internal static (int ExitCode, string Error) Run(out string text, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = RoutedConsole.During(output, error, () => EdgeCommand.Run(args));
        text = output.ToString();
        return (exitCode, error.ToString());
    }
}
