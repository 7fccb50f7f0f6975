using System.CommandLine;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands;

/// <summary>Options that say how a CSV file is written, shared by the commands that read one. What is not given is found by looking.</summary>
internal sealed class CsvFormatOptions
{
    private static readonly Dictionary<string, char> separators = new() { ["comma"] = ',', ["semicolon"] = ';', ["tab"] = '\t', ["bar"] = '|' };
    private static readonly Dictionary<string, char> decimals = new() { ["point"] = '.', ["comma"] = ',' };

    private readonly Option<string?> separator = new("--separator") { Description = "What separates a CSV's columns: comma, semicolon, tab or bar; found by looking by default." };
    private readonly Option<string?> decimalSign = new("--decimal") { Description = "A CSV's decimal separator, point or comma; the other one groups thousands. Found by looking by default." };
    private readonly Option<string?> encoding = new("--encoding") { Description = "A CSV's encoding, such as utf-8, utf-16le or windows-1252; found by looking by default." };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "The CSV has no header: columns are taken by position, and --label is a column's number, from 1." };

    internal CsvFormatOptions()
    {
        separator.AcceptOnlyFromAmong([.. separators.Keys]);
        decimalSign.AcceptOnlyFromAmong([.. decimals.Keys]);
    }

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(separator);
        command.Add(decimalSign);
        command.Add(encoding);
        command.Add(noHeader);
    }

    /// <summary>What was said of the file.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="guessesHeader">Whether a missing header is found by looking; else it has to be said.</param>
    internal CsvOptions Of(ParseResult result, bool guessesHeader = false) => new()
    {
        Separator = result.GetValue(separator) is { } name ? separators[name] : null,
        Decimal = result.GetValue(decimalSign) is { } sign ? decimals[sign] : null,
        Encoding = result.GetValue(encoding),
        HasHeader = result.GetValue(noHeader) ? false : guessesHeader ? null : true,
    };
}
