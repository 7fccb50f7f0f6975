using System.CommandLine;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands;

/// <summary>Options that say what the columns of a table are. What is not given is found by looking.</summary>
internal sealed class ColumnOptions
{
    private readonly Option<string?> ignore = new("--ignore") { Description = "Columns to leave out, separated by commas." };
    private readonly Option<string?> categorical = new("--categorical") { Description = "Columns whose values are categories, also where they are numbers, separated by commas." };
    private readonly Option<string?> numeric = new("--numeric") { Description = "Columns of numbers to keep whatever they look like, separated by commas; a date is its days since 1970-01-01." };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(ignore);
        command.Add(categorical);
        command.Add(numeric);
    }

    /// <summary>What was said of the columns.</summary>
    internal ColumnChoice Of(ParseResult result) => new()
    {
        Ignored = CommonOptions.Split(result.GetValue(ignore)) ?? [],
        Categorical = CommonOptions.Split(result.GetValue(categorical)) ?? [],
        Numeric = CommonOptions.Split(result.GetValue(numeric)) ?? [],
    };
}
