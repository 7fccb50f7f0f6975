using Spectre.Console;

namespace ModelExporter.Commands;

/// <summary>Where commands print tables and progress: plain lines when redirected, no colour where NO_COLOR is set.</summary>
internal static class Terminal
{
    // Wide enough for every table; a redirected output has no width of its own.
    private const int RedirectedWidth = 120;

    private static readonly HashSet<string> said = [];

    private static bool isJson;

    internal static bool IsInteractive => !isJson && !System.Console.IsOutputRedirected;

    internal static TableBorder Border => IsInteractive ? TableBorder.Rounded : TableBorder.Ascii2;

    /// <summary>What a person reads; standard output, unless a program reads JSON there.</summary>
    internal static TextWriter Notes => isJson ? System.Console.Error : System.Console.Out;

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
        isJson = json;
        said.Clear();
    }

    /// <summary>Says on standard error, once a command, what was decided that a person may have meant otherwise.</summary>
    /// <param name="sentence">One line.</param>
    internal static void Say(string sentence)
    {
        string line = InputException.OneLine(sentence);
        if (said.Add(line))
        {
            System.Console.Error.WriteLine(line);
        }
    }
}
