using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>Where commands print tables and progress: plain lines when redirected, no colour where NO_COLOR is set.</summary>
internal static class Terminal
{
    // Wide enough for every table; a redirected output has no width of its own.
    private const int RedirectedWidth = 160;

    private static readonly HashSet<string> said = [];

    private static readonly StandardErrorWriter lostIfClosed = new();

    private static bool isTaken;

    internal static bool IsInteractive => !isTaken && !System.Console.IsOutputRedirected;

    internal static TableBorder Border => IsInteractive ? TableBorder.Rounded : TableBorder.Ascii2;

    /// <summary>What a person reads; standard output, unless a program reads JSON or a file there.</summary>
    internal static TextWriter Notes => isTaken ? lostIfClosed : System.Console.Out;

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

    /// <summary>Decides for one command whether standard output belongs to a program.</summary>
    internal static void Use(bool json)
    {
        isTaken = json;
        said.Clear();
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
        if (said.Add(line))
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

        isTaken = true;
        if (json)
        {
            throw new UsageException($"--json and the output '{output}' both go to standard output; write the output to a file.");
        }
    }
}
