using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace EdgeInference.Tool.Commands;

/// <summary>What is wrong with a command line, in one sentence each, with the word that was probably meant.</summary>
internal static class UsageErrors
{
    internal static string Text(ParseResult result)
    {
        // A word that fits nowhere is the cause of what the parser says of the words after it and of what is missing.
        return result.UnmatchedTokens is [var first, ..]
            ? Unmatched(first, result.CommandResult.Command)
            : string.Join(" ", result.Errors.Select(Sentence).Distinct());
    }

    private static string Unmatched(string token, Command command)
    {
        bool isOption = token.StartsWith('-');
        string[] names = isOption
            ? [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))]
            : [.. command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name)];
        string kind = isOption ? "option" : names.Length > 0 ? "command" : "further argument";
        string nearest = Suggestion.Nearest(token.Split('=')[0], names);
        return nearest.Length > 0
            ? $"'{Full(command)}' has no {kind} '{token}'; did you mean '{nearest}'?"
            : $"'{Full(command)}' has no {kind} '{token}'; see '{Full(command)} --help'.";
    }

    private static string Sentence(ParseError error)
    {
        if (error.SymbolResult is OptionResult { Option: var option, Tokens: [.., var last] })
        {
            string[] choices = [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(label => !label.StartsWith('-'))];
            if (choices.Length > 0)
            {
                string nearest = Suggestion.Nearest(last.Value, choices);
                return $"'{last.Value}' is not a value of {option.Name}; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"choose one of {string.Join(", ", choices)}.")}";
            }
        }

        return string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Full(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{parent.Name} {command.Name}" : command.Name;
}
