using System.CommandLine;
using System.CommandLine.Completions;

namespace EdgeInference.Tool.Commands.Help;

/// <summary><c>edge help</c>: the help of a command, or a page of the documentation.</summary>
internal static class HelpCommand
{
    internal static Command Create()
    {
        var topic = new Argument<string?>("topic") { Description = "A command, or a topic such as onnx, keras, csv or training; all are listed without one.", DefaultValueFactory = _ => null, HelpName = "topic" };
        topic.CompletionSources.Add(context => HelpTopics.Names.Select(HelpTopics.Typed).Concat(CommandNames()).Where(name => name.StartsWith(context.WordToComplete, StringComparison.OrdinalIgnoreCase)).Select(name => new CompletionItem(name)));
        var command = new Command("help", "Explains a command, or shows a page of the documentation: edge help onnx.") { topic };
        command.SetAction(result =>
        {
            if (result.GetValue(topic) is not { } name)
            {
                Console.Out.Write(List());
                return EdgeCommand.Done;
            }

            if (CommandNames().Contains(name))
            {
                int exitCode = EdgeCommand.Run(name, "--help");
                if (HelpTopics.Names.Contains(name))
                {
                    Console.Out.WriteLine($"There is a page on it: edge help {HelpTopics.Typed(name)}");
                }

                return exitCode;
            }

            Console.Out.WriteLine(HelpTopics.Text(Find(name)).TrimEnd());
            return EdgeCommand.Done;
        });
        return command;
    }

    private static string List()
    {
        int width = HelpTopics.Names.Max(name => HelpTopics.Typed(name).Length);
        return "Commands, each with 'edge COMMAND --help' or 'edge help COMMAND':\n"
            + $"  {string.Join(", ", CommandNames())}\n\n"
            + "Topics, each with 'edge help TOPIC':\n"
            + string.Concat(HelpTopics.Names.Select(name => $"  {HelpTopics.Typed(name).PadRight(width)}  {HelpTopics.Title(name)}\n"));
    }

    // A page of a folder may be named without it where there is one of that name.
    private static string Find(string name)
    {
        string asked = name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        asked = asked.StartsWith(HelpTopics.Folder, StringComparison.Ordinal) ? asked[HelpTopics.Folder.Length..] : asked;
        string[] found = [.. HelpTopics.Names.Where(topic => string.Equals(topic, asked, StringComparison.OrdinalIgnoreCase))];
        found = found.Length > 0 ? found : [.. HelpTopics.Names.Where(topic => topic.EndsWith("/" + asked, StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 1)
        {
            return found[0];
        }

        string nearest = Suggestion.Nearest(asked, HelpTopics.Names.Select(HelpTopics.Typed).Concat(CommandNames()));
        throw new InputException($"There is no help on '{name}'; {(nearest.Length > 0 ? $"did you mean 'edge help {nearest}'?" : "'edge help' lists the topics.")}");
    }

    /// <summary>The commands that people type.</summary>
    internal static IEnumerable<string> CommandNames() => EdgeCommand.CreateRoot().Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
}
