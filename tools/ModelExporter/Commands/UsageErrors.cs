using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace EdgeInference.Tool.Commands;

/// <summary>What is wrong with a command line, in one sentence each, with the word that was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>An option that the command does not have and that the parser took for a file; null where there is none.</summary>
    internal static string? StrayOption(ParseResult result) =>
        result.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? null
        : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(word => word.Length > 1 && word.StartsWith('-') && !Path.Exists(word));

    internal static string Text(ParseResult result)
    {
        if (StrayOption(result) is { } stray)
        {
            return Unmatched(stray, result);
        }

        // A word that fits nowhere is the cause of what the parser says of the words after it and of what is missing.
        if (result.UnmatchedTokens is [var first, ..])
        {
            return Unmatched(first, result);
        }

        string[] missing = [.. Missing(result.CommandResult)];
        IEnumerable<string> others = result.Errors.Where(error => missing.Length == 0 || error.SymbolResult is not (CommandResult or ArgumentResult or OptionResult { Tokens.Count: 0, IdentifierToken: null })).Select(Sentence);
        string full = Full(result.CommandResult.Command);
        return string.Join(" ", others.Concat(missing.Length == 0 ? [] : [$"'{full}' needs {List(missing)}; {Columns(missing, result)}see '{full} --help'."]).Distinct());
    }

    // Whoever names rows and no label has the file at hand and may not know its names. A label is mostly first or last.
    private static string Columns(string[] missing, ParseResult result)
    {
        const int most = 8;
        string[] columns = missing is ["--label"] ? ColumnCompletion.Columns(result) : [];
        string list = columns.Length > most ? $"{string.Join(", ", columns[..(most - 1)])}, …, {columns[^1]}" : string.Join(", ", columns);
        return list.Length > 0 ? $"the columns are {list}; " : "";
    }

    private static string Unmatched(string token, ParseResult result)
    {
        Command command = result.CommandResult.Command;
        bool isOption = token.StartsWith('-');
        string[] names = isOption
            ? [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))]
            : [.. command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name)];
        string kind = isOption ? "option" : names.Length > 0 ? "command" : "further argument";
        string word = token.Split('=')[0];
        string meant = kind switch
        {
            "option" => OtherTools.Option(word, names),
            "command" when word == "version" => "--version",
            "command" => OtherTools.Command(word),
            _ => Option(OtherTools.Further(command.Name), token, result),
        };
        string nearest = meant.Length > 0 ? meant : Suggestion.Nearest(word, names);
        return nearest.Length > 0
            ? $"'{Full(command)}' has no {kind} '{token}'; did you mean '{nearest}'?"
            : $"'{Full(command)}' has no {kind} '{token}'; see '{Full(command)} --help'.";
    }

    // A word without an option is meant for the one that is not there yet.
    private static string Option(string name, string token, ParseResult result) =>
        result.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) is { } option && result.GetResult(option) is not { Implicit: false } ? $"{name} {token}" : "";

    private static IEnumerable<string> Missing(CommandResult result) =>
        result.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && !argument.HasDefaultValue && result.GetResult(argument) is not { Tokens.Count: > 0 }).Select(argument => $"<{(Choices(argument) is { Length: > 0 } words ? string.Join('|', words) : argument.Name)}>")
            .Concat(result.Command.Options.Where(option => option.Required && result.GetResult(option) is not { Implicit: false }).Select(option => option.Name));

    private static string[] Choices(Argument argument) => [.. argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];

    private static string List(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";

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

        if (error.SymbolResult is OptionResult { Option: var typed, Tokens: [.., var word] } && NumberText.Wanted(typed.ValueType, error.Message, word.Value) is { } wanted)
        {
            return $"{typed.Name} needs {wanted}, not '{word.Value}'.";
        }

        return string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Full(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{parent.Name} {command.Name}" : command.Name;
}
