using System.CommandLine;
using System.CommandLine.Completions;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What an option takes is in its help and at the Tab key, and what another tool calls it leads to it.</summary>
public sealed class OptionWordTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly string[] open =
    [
        "train --activation", "train --optimizer", "train --learner", "train --precision", "train --objective", "train --threshold", "train --strip", "train --calibration-method", "train --calibrate-probability",
        "train --separator", "train --decimal", "export --head", "export --tree-thresholds", "export --precision", "run --engine", "inspect --board", "emit --board", "emit --form", "emit --sensor", "report --board",
    ];

    /// <summary>Every option with words of its own.</summary>
    public static TheoryData<string> WithWords => [.. OptionTableTests.Tree().Where(entry => entry.Symbol is Option option && Words(option).Length > 0).Select(entry => entry.Key)];

    [Theory]
    [MemberData(nameof(WithWords))]
    public void The_help_of_an_option_names_every_word_that_it_takes(string key)
    {
        (_, Symbol symbol, Command command) = OptionTableTests.Tree().Single(entry => entry.Key == key);
        Assert.All(Words((Option)symbol), word => Assert.Contains(word.TrimEnd(':'), symbol.Description, StringComparison.OrdinalIgnoreCase));
        string help = OptionBench.Done(command.Name, "--help");
        Assert.All(Words((Option)symbol), word => Assert.Contains(word, help, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Options_of_few_words_have_them() => Assert.Empty(open.Except(WithWords.Select(row => (string)row)));

    [Theory]
    [InlineData("export m.onnx --int8", "--precision int8")]
    [InlineData("export m.onnx --quantize", "--precision int8")]
    [InlineData("export m.onnx --representative-dataset x.csv", "--calibrate")]
    [InlineData("train d.csv --target y", "--label")]
    [InlineData("train d.csv --label y --lr 0.1", "--learning-rate")]
    [InlineData("train d.csv --label y --drop id", "--ignore")]
    [InlineData("train d.csv --label y --batch-size 8", "--batch")]
    [InlineData("train d.csv --label y --random-state 8", "--seed")]
    [InlineData("run m.edge --data x.csv", "--input")]
    [InlineData("evaluate m.edge --input x.csv", "--data")]
    [InlineData("split d.csv --test-size 0.3", "--test")]
    [InlineData("inspect m.edge --mcu esp32", "--board")]
    public void An_option_of_another_tool_leads_to_ours(string line, string expected)
    {
        (int exitCode, _, string error) = OptionBench.Run(line.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.EndsWith($"; did you mean '{expected}'?", error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'edge' has no command 'predict'; did you mean 'run'?", "predict m.edge")]
    [InlineData("'edge' has no command 'convert'; did you mean 'export'?", "convert m.onnx")]
    [InlineData("'edge' has no command 'eval'; did you mean 'evaluate'?", "eval")]
    [InlineData("'edge run' has no further argument 'rows.csv'; did you mean '--input rows.csv'?", "run m.edge rows.csv")]
    [InlineData("'edge export' has no further argument 'm.edge'; did you mean '--output m.edge'?", "export m.onnx m.edge")]
    [InlineData("'edge evaluate' needs --data and --label; see 'edge evaluate --help'.", "evaluate m.edge")]
    [InlineData("'edge completion' needs <bash|fish|powershell|zsh>; see 'edge completion --help'.", "completion")]
    [InlineData("'edge' has no command 'predict'; did you mean 'run'?", "predict --help")]
    public void A_word_of_another_tool_leads_to_ours(string expected, string line) => Assert.Equal((2, "", expected), Trimmed(OptionBench.Run(line.Split(' '))));

    [Fact]
    public void What_is_pointed_to_exists()
    {
        Command root = EdgeCommand.CreateRoot();
        string[] options = [.. root.Subcommands.SelectMany(command => command.Options).Select(option => option.Name)];
        Assert.All(OtherTools.Options, option => Assert.Contains(option.Split(' ')[0], options));
        Assert.All(OtherTools.Commands, name => Assert.Contains(root.Subcommands, command => command.Name == name));
    }

    [Fact]
    public void The_columns_of_a_table_are_offered_where_columns_are_asked_for()
    {
        string csv = bench.Write("columns.csv", "temp_c,flow rate,turns,y\n1,2,3,0\n4,5,6,1\n");
        Assert.Equal(["flow rate", "temp_c", "turns", "y"], Completed($"edge train {csv} --label ").Order(StringComparer.Ordinal));
        Assert.Equal(["temp_c", "turns"], Completed($"edge train {csv} --label t"));
        Assert.Equal(["temp_c,turns"], Completed($"edge train {csv} --label y --ignore temp_c,t"));
        Assert.Equal(["temp_c", "turns"], Completed($"edge evaluate m.edge --data {csv} --label t"));
        Assert.Equal(["turns"], Completed($"edge run m.edge -i {csv} --label tu"));
        Assert.Equal(["turns"], Completed($"edge export m.onnx -c {csv} --label tu"));
        Assert.Equal(["turns"], Completed($"edge split {csv} --group tu"));
        Assert.Empty(Completed($"edge train {bench.InFolder("none.csv")} --label t"));
        Assert.Empty(Completed("edge train --label t"));
    }

    [Fact]
    public void Activations_precisions_boards_and_topics_are_offered()
    {
        Assert.Equal(ActivationFunctions.All.Select(function => function.Name).Where(name => name.StartsWith("soft", StringComparison.OrdinalIgnoreCase)), Completed("edge train d.csv --activation soft"));
        Assert.Equal(["int16", "int8"], Completed("edge export m.onnx --precision int").Order(StringComparer.Ordinal));
        Assert.Contains("esp32-c3", Completed("edge inspect m.edge --board esp"));
        Assert.Equal(["names,self-test"], Completed("edge export m.onnx --strip names,se"));
        Assert.Equal(["onnx"], Completed("edge help onn"));
        Assert.Contains("mlp", Completed("edge train d.csv --learner "));
    }

    private static (int ExitCode, string Text, string Error) Trimmed((int ExitCode, string Text, string Error) said) => (said.ExitCode, said.Text, said.Error.TrimEnd());

    private static string[] Completed(string line) =>
        [.. OptionBench.Done("complete", "--position", $"{line.Length}", line.TrimEnd()).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith('-'))];

    private static string[] Words(Option option) =>
        option.ValueType == typeof(bool) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(label => !label.StartsWith('-'))];
}
