using System.CommandLine;
using ModelFormat;

namespace ModelExporter.Commands;

/// <summary>The <c>edge</c> command: finds the subcommand, and turns what goes wrong into one sentence and an exit code.</summary>
public static class EdgeCommand
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The input is at fault, or a check failed.</summary>
    public const int InputFault = 1;

    /// <summary>The command line is at fault.</summary>
    public const int UsageFault = 2;

    /// <summary>All commands with their options.</summary>
    internal static RootCommand CreateRoot() =>
        new("edge: small models for PC, Raspberry Pi and ESP32, bit-identical in fixed point.")
        {
            DemoCommand.Create(),
            TrainCommand.Create(),
            ExportCommand.Create(),
            RunCommand.Create(),
            EvaluateCommand.Create(),
            BenchCommand.Create(),
            AccuracyTableCommand.Create(),
            InspectCommand.Create(),
            SignCommand.Create(),
            VerifyCommand.Create(),
            EmitCommand.Create(),
        };

    /// <summary>Runs a command line.</summary>
    public static int Run(params string[] args)
    {
        ParseResult result = CreateRoot().Parse(args);
        if (result.Errors.Count > 0)
        {
            Console.Error.WriteLine(string.Join(" ", result.Errors.Select(error => error.Message)));
            return UsageFault;
        }

        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is InputException or ModelFormatException)
        {
            Console.Error.WriteLine(exception.Message);
            return InputFault;
        }
    }
}
