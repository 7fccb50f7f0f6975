using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands;

/// <summary>Offers the columns of the CSV that a line names to the options that take columns.</summary>
internal static class ColumnCompletion
{
    // A key was pressed: what takes longer to look at than that is not looked at.
    private const long MostBytes = 32 << 20;

    private static readonly string[] one = ["--label", "--group", "--time"];
    private static readonly string[] several = ["--ignore", "--categorical", "--numeric"];
    private static readonly string[] files = ["data", "--data", "--input", "--calibrate"];

    /// <summary>Adds the columns to all options of a command that take them.</summary>
    internal static void AddTo(Command command)
    {
        foreach (Option option in command.Options.Where(option => one.Contains(option.Name) || several.Contains(option.Name)))
        {
            bool isList = several.Contains(option.Name);
            option.CompletionSources.Add(context => FixedWords.Complete(context, Columns(context.ParseResult), isList));
        }
    }

    /// <summary>The columns of the first CSV that a line names; none where there is no such file.</summary>
    internal static string[] Columns(ParseResult? line)
    {
        IEnumerable<SymbolResult> given = line?.CommandResult.Children ?? [];
        return given.Select(File).OfType<string>().Select(Header).FirstOrDefault(header => header.Length > 0) ?? [];
    }

    private static string? File(SymbolResult result) => result switch
    {
        ArgumentResult argument when files.Contains(argument.Argument.Name) && argument.Tokens.Count > 0 => argument.Tokens[0].Value,
        OptionResult option when files.Contains(option.Option.Name) && option.Tokens.Count > 0 => option.Tokens[0].Value,
        _ => null,
    };

    private static string[] Header(string path)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var file = new FileInfo(path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..]) : path);
        if (!file.Exists || file.Length > MostBytes || FileStatus.Of(file.FullName) is not { IsOrdinary: true })
        {
            return [];
        }

        try
        {
            // Nothing is said: there is a line that someone is typing.
            return Notices.Collect([], () => CsvFile.Open(file.FullName)) is { HasHeader: true } csv ? csv.Header : [];
        }
        catch (InputException)
        {
            return [];
        }
    }
}
