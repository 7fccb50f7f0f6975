using System.CommandLine;
using System.CommandLine.Help;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Commands.Help;

namespace EdgeInference.Tool.Commands;

/// <summary>The <c>edge</c> command: finds the subcommand, and turns what goes wrong into one sentence and an exit code.</summary>
public static class EdgeCommand
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The input is at fault, or a check failed.</summary>
    public const int InputFault = 1;

    /// <summary>The command line is at fault.</summary>
    public const int UsageFault = 2;

    /// <summary>The tool itself is at fault.</summary>
    public const int ToolFault = 3;

    /// <summary>All commands with their options.</summary>
    internal static Command CreateRoot()
    {
        // A RootCommand would take its name from the assembly, and users know the tool as edge.
        var root = new Command("edge", "edge: small models for PC, Raspberry Pi and ESP32, bit-identical in fixed point.")
        {
            DemoCommand.Create(),
            DataCommand.Create(),
            TrainCommand.Create(),
            SplitCommand.Create(),
            ExportCommand.Create(),
            RunCommand.Create(),
            EvaluateCommand.Create(),
            AdaptCommand.Create(),
            BenchCommand.Create(),
            AccuracyTableCommand.Create(),
            InspectCommand.Create(),
            SignCommand.Create(),
            VerifyCommand.Create(),
            EmitCommand.Create(),
            CompletionCommand.Create(),
            CompletionCommand.CreateWorker(),
            ActivationsCommand.Create(),
            ReportCommand.Create(),
            DiffCommand.Create(),
            HelpCommand.Create(),
        };
        foreach (Command command in root.Subcommands)
        {
            ColumnCompletion.AddTo(command);
        }

        var help = new HelpOption();
        help.Action = new CommandHelp((HelpAction)help.Action!);
        root.Add(help);
        root.Add(new VersionOption());
        return root;
    }

    /// <summary>Runs a command line; none at all shows the help.</summary>
    public static int Run(params string[] args) => Run(CreateRoot(), args);

    /// <summary>Runs a command line on commands of its own.</summary>
    internal static int Run(Command root, string[] args)
    {
        ParseResult result = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (result.Errors.Count > 0 || UsageErrors.StrayOption(result) is not null)
        {
            StandardError.Say(UsageErrors.Text(result));
            return UsageFault;
        }

        Terminal.Use(json: args.Contains("--json"));
        try
        {
            int exitCode = result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            Console.Out.Flush();
            return exitCode;
        }
        catch (UsageException exception)
        {
            StandardError.Say(InputException.OneLine(exception.Message));
            return UsageFault;
        }
        catch (Exception exception) when (exception is InputException or ModelFormatException)
        {
            StandardError.Say(InputException.OneLine(exception.Message));
            return InputFault;
        }
        catch (AggregateException exception) when (exception.Flatten().InnerExceptions.All(inner => inner is InputException))
        {
            // Several threads, one fault of the input: whichever was first, the same is said.
            StandardError.Say(InputException.OneLine(exception.Flatten().InnerExceptions.Select(inner => inner.Message).Order(StringComparer.Ordinal).First()));
            return InputFault;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Files say which they are; what is left is mostly a full device behind standard output.
            StandardError.Say(InputException.OneLine($"Reading or writing failed: {exception.Message.TrimEnd('.')}; check the disk's space, the permissions, and where standard output goes."));
            return InputFault;
        }
        catch (Exception exception)
        {
            // A stack trace tells a user nothing; the place helps whoever mends it.
            string place = exception.StackTrace?.Split('\n')[0].Trim() ?? "";
            StandardError.Say(InputException.OneLine($"Internal error in edge ({exception.GetType().Name}: {exception.Message} {place}); please report it with the file that caused it."));
            return ToolFault;
        }
    }
}
