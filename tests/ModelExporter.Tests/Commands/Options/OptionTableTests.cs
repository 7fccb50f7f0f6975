using System.CommandLine;
using System.CommandLine.Help;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Every option and argument of every command changes what the command gives, and in the right way: one row for each of the command tree.</summary>
public sealed class OptionTableTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly Dictionary<string, Action<OptionBench>> rows = new[]
    {
        TrainRows.All, ExportRows.All, SharedRows.All("train"), SharedRows.All("export"),
        FormatRows.All, DecideRows.All, ModelRows.All, WriteRows.All, CompareRows.All, SearchRows.All, SignalRows.All, BoardRows.All, ProjectRows.All, AdaptRows.All,
    }.SelectMany(table => table).ToDictionary(row => row.Key, row => row.Value);

    public static TheoryData<string> Symbols => [.. Tree().Select(entry => entry.Key)];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void An_option_changes_the_output_as_it_says(string symbol)
    {
        Assert.True(rows.TryGetValue(symbol, out Action<OptionBench>? check), $"'{symbol}' has no row; write one that shows what it changes.");
        check(bench);
    }

    [Fact]
    public void No_row_is_of_an_option_that_is_gone() => Assert.Empty(rows.Keys.Except(Tree().Select(entry => entry.Key)));

    /// <summary>All arguments and options of the commands but help and version, which the library makes.</summary>
    internal static IEnumerable<(string Key, Symbol Symbol, Command Command)> Tree()
    {
        Command root = EdgeCommand.CreateRoot();
        Assert.All(root.Options, option => Assert.True(option is HelpOption or VersionOption, option.Name));
        foreach (Command command in root.Subcommands)
        {
            Assert.Empty(command.Subcommands);
            foreach (Symbol symbol in command.Arguments.Cast<Symbol>().Concat(command.Options))
            {
                yield return ($"{command.Name} {symbol.Name}", symbol, command);
            }
        }
    }
}
