using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>Where commands print tables and progress: plain lines when redirected, no colour where NO_COLOR is set.</summary>
internal static class Terminal
{
    // Wide enough for every table; a redirected output has no width of its own.
    private const int RedirectedWidth = 160;

    // Of the flow of control, so that commands can run side by side in one process.
    private static readonly AsyncLocal<CommandState?> state = new();

    private static readonly StandardErrorWriter lostIfClosed = new();

    internal static bool IsInteractive => !State.IsTaken && !System.Console.IsOutputRedirected;

    internal static TableBorder Border => IsInteractive ? TableBorder.Rounded : TableBorder.Ascii2;

    /// <summary>What a person reads; standard output, unless a program reads JSON or a file there.</summary>
    internal static TextWriter Notes => State.IsTaken ? lostIfClosed : System.Console.Out;

    internal static IAnsiConsole Console
    {
        get
        {
            bool colour = IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(Notes),
                Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            });
            if (!IsInteractive)
            {
                console.Profile.Width = RedirectedWidth;
            }

            return console;
        }
    }

    private static CommandState State => state.Value ??= new CommandState();

    /// <summary>Decides for one command whether standard output belongs to a program.</summary>
    internal static void Use(bool json)
    {
        state.Value = new CommandState { IsTaken = json };
        Notices.Hear(Say);
        StandardStreams.Input = StandardInput.Open;

        // What was printed before goes first.
        StandardStreams.Output = () =>
        {
            System.Console.Out.Flush();
            return System.Console.OpenStandardOutput();
        };
        StandardStreams.Error = () =>
        {
            System.Console.Error.Flush();
            return System.Console.OpenStandardError();
        };
    }

    /// <summary>Says on standard error, once a command, what was decided that a person may have meant otherwise.</summary>
    /// <param name="sentence">One line.</param>
    internal static void Say(string sentence)
    {
        string line = InputException.OneLine(sentence);
        if (State.IsNew(line))
        {
            StandardError.Say(line);
        }
    }

    /// <summary>Leaves standard output to an output that goes there.</summary>
    /// <exception cref="InputException">JSON goes there already.</exception>
    internal static void LeaveTo(string? output, bool json)
    {
        if (!OutputPaths.IsStandardOutput(output))
        {
            return;
        }

        State.IsTaken = true;
        if (json)
        {
            throw new UsageException($"--json and the output '{output}' both go to standard output; write the output to a file.");
        }
    }

    // Threads that a command starts share it.
    private sealed class CommandState
    {
        private readonly HashSet<string> said = [];

        internal bool IsTaken { get; set; }

        internal bool IsNew(string line)
        {
            lock (said)
            {
                return said.Add(line);
            }
        }
    }
}
