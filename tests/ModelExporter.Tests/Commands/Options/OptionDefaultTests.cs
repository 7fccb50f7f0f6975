using System.CommandLine;
using System.Text.RegularExpressions;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>What an option is where it is left out: as the help and the documents say, written out here once more.</summary>
public sealed class OptionDefaultTests
{
    // Null: nothing, so that the option has an effect only where it is given.
    private static readonly Dictionary<string, string> defaults = new()
    {
        ["demo --output"] = "edge-demo",
        ["data --output"] = "data",
        ["activations --output"] = "activations",
        ["train --hidden"] = "16,8",
        ["train --activation"] = "relu",
        ["train --optimizer"] = "Adam",
        ["train --epochs"] = "200",
        ["train --batch"] = "32",
        ["train --l2"] = "0.001",
        ["train --validation"] = "0.15",
        ["train --patience"] = "30",
        ["train --seed"] = "1",
        ["train --precision"] = "float32",
        ["export --precision"] = "float32",
        ["train --max-loss"] = "0.5%",
        ["export --max-loss"] = "0.5%",
        ["train --objective"] = "youden",
        ["export --objective"] = "youden",
        ["export --frames"] = "1",
        ["export --tree-thresholds"] = "float32",
        ["train --work"] = "100",
        ["split --test"] = "0.3",
        ["split --seed"] = "1",
        ["run --engine"] = "fast",
        ["evaluate --engine"] = "fast",
        ["emit --target"] = "nano",
        ["emit --form"] = "auto",
        ["emit --namespace"] = "Models",
        ["emit --assemblies"] = "1",
        ["emit --sensor"] = "none",
    };

    // Left out without an effect of its own: false, 0, none.
    private static readonly string[] required =
    [
        "train data", "train --label", "export model", "run model", "run --input", "evaluate model", "evaluate --data", "evaluate --label", "adapt model", "adapt --data",
        "bench model", "inspect model", "sign model", "sign --key", "sign --model-version", "verify model", "emit model", "completion shell", "complete --position", "complete line",
        "report model", "report --data", "report --label", "report --output", "diff first", "diff second", "split data",
    ];

    private static readonly Dictionary<string, string> aliases = new()
    {
        ["train --label"] = "-l", ["train --output"] = "-o", ["train --quiet"] = "-q", ["train --precision"] = "-p", ["train --data"] = "-d",
        ["export --output"] = "-o", ["export --calibrate"] = "-c", ["export --label"] = "-l", ["export --labels"] = "--classes", ["export --precision"] = "-p", ["export --data"] = "-d",
        ["run --input"] = "-i", ["run --output"] = "-o", ["run --label"] = "-l", ["evaluate --data"] = "-d", ["evaluate --label"] = "-l", ["evaluate --against"] = "-a", ["bench --input"] = "-i", ["run --state"] = "-s", ["evaluate --state"] = "-s",
        ["adapt --data"] = "-d", ["adapt --label"] = "-l", ["adapt --state"] = "-s", ["adapt --output"] = "-o", ["adapt --test"] = "-t",
        ["sign --key"] = "-k", ["sign --output"] = "-o", ["verify --key"] = "-k", ["emit --output"] = "-o", ["activations --output"] = "-o", ["demo --output"] = "-o", ["data --output"] = "-o",
        ["report --data"] = "-d", ["report --label"] = "-l", ["report --output"] = "-o", ["report --source"] = "-s", ["report --calibrate"] = "-c",
        ["diff --data"] = "-d", ["diff --label"] = "-l", ["split --label"] = "-l", ["split --output"] = "-o",
    };

    [Fact]
    public void Every_default_is_the_one_that_is_documented()
    {
        foreach ((string key, Symbol symbol, _) in OptionTableTests.Tree())
        {
            object? value = symbol switch
            {
                Option { HasDefaultValue: true } option => option.GetDefaultValue(),
                Argument { HasDefaultValue: true } argument => argument.GetDefaultValue(),
                _ => null,
            };
            string text = value is null or false or Array { Length: 0 } ? "" : FormattableString.Invariant($"{value}");
            Assert.Equal((key, defaults.GetValueOrDefault(key, "")), (key, text));
        }

        Assert.Empty(defaults.Keys.Except(OptionTableTests.Tree().Select(entry => entry.Key)));
    }

    [Fact]
    public void The_help_says_the_default()
    {
        foreach (IGrouping<string, (string Key, Symbol Symbol, Command Command)> command in OptionTableTests.Tree().Where(entry => !entry.Command.Hidden).GroupBy(entry => entry.Command.Name))
        {
            string help = Regex.Replace(OptionBench.Done(command.Key, "--help"), @"\s+", " ");
            foreach ((string key, Symbol symbol, _) in command)
            {
                Assert.Contains(symbol.Name, help, StringComparison.Ordinal);
                Assert.Contains(Regex.Replace(symbol.Description ?? "", @"\s+", " "), help, StringComparison.Ordinal);
                if (defaults.TryGetValue(key, out string? value))
                {
                    Assert.Contains($"[default: {value}]", help, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void What_must_be_given_is_asked_for_and_nothing_else_is()
    {
        IEnumerable<string> asked = OptionTableTests.Tree().Where(entry => entry.Symbol is Option { Required: true } or Argument { Arity.MinimumNumberOfValues: > 0 }).Select(entry => entry.Key);
        Assert.Equal(required.Order(), asked.Order());
    }

    [Fact]
    public void Short_names_are_those_that_are_documented()
    {
        foreach ((string key, Symbol symbol, _) in OptionTableTests.Tree())
        {
            Assert.Equal((key, aliases.GetValueOrDefault(key, "")), (key, symbol is Option option ? string.Join(' ', option.Aliases) : ""));
        }
    }

    // A value that the description names must be one that the option takes.
    [Theory]
    [InlineData("train", "--optimizer", "Adam", "Sgd")]
    [InlineData("train", "--precision", "float32", "int8", "int16", "auto")]
    [InlineData("train", "--calibration-method", "MinMax", "Percentile", "MeanSquareError", "Entropy")]
    [InlineData("train", "--calibrate-probability", "Platt", "Isotonic", "Temperature")]
    [InlineData("export", "--head", "logits", "probability", "scores", "value")]
    [InlineData("run", "--engine", "fast", "reference", "nano")]
    [InlineData("emit", "--form", "code", "table", "resource", "auto")]
    [InlineData("emit", "--sensor", "adc", "i2c", "none")]
    [InlineData("completion", "shell", "bash", "zsh", "fish", "powershell")]
    public void Every_choice_is_named_in_the_help_and_taken(string command, string name, params string[] choices)
    {
        (_, Symbol symbol, Command owner) = OptionTableTests.Tree().Single(entry => entry.Key == $"{command} {name}");
        string[] taken = [.. symbol.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label)];
        Assert.Equal(choices.Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
        string[] described = [.. Regex.Matches(symbol.Description!, @"[A-Za-z][A-Za-z0-9]+").Select(match => match.Value)];
        Assert.All(choices, choice => Assert.Contains(choice, described));
        _ = owner;
    }
}
