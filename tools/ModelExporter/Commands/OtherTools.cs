namespace EdgeInference.Tool.Commands;

/// <summary>What users of other tools type, and what it is called here.</summary>
internal static class OtherTools
{
    // For a command that has the option; the first that it has is meant.
    private static readonly Dictionary<string, string[]> options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--int8"] = ["--precision int8"], ["--int16"] = ["--precision int16"], ["--float32"] = ["--precision float32"], ["--fp32"] = ["--precision float32"],
        ["--fp16"] = ["--precision int16"], ["--float16"] = ["--precision int16"], ["--uint8"] = ["--precision int8"], ["--auto"] = ["--precision auto"],
        ["--quantize"] = ["--precision int8"], ["--quantise"] = ["--precision int8"], ["--quantization"] = ["--precision int8"], ["--dtype"] = ["--precision"], ["--bits"] = ["--precision"],
        ["--representative-dataset"] = ["--calibrate"], ["--calibration"] = ["--calibrate"], ["--calibration-data"] = ["--calibrate"], ["--calib"] = ["--calibrate"],
        ["--target"] = ["--label"], ["--target-column"] = ["--label"], ["--label-column"] = ["--label"], ["--y"] = ["--label"], ["--class-column"] = ["--label"],
        ["--drop"] = ["--ignore"], ["--drop-columns"] = ["--ignore"], ["--exclude"] = ["--ignore"], ["--categories"] = ["--categorical"],
        ["--out"] = ["--output"], ["--outfile"] = ["--output"], ["--output-file"] = ["--output"], ["--save"] = ["--output"], ["--dest"] = ["--output"],
        ["--rows"] = ["--input", "--data"], ["--csv"] = ["--input", "--data"], ["--file"] = ["--input", "--data"], ["--samples"] = ["--input", "--data"], ["--data"] = ["--input"], ["--test-data"] = ["--data"], ["--input"] = ["--data"],
        ["--lr"] = ["--learning-rate"], ["--alpha"] = ["--l2"], ["--weight-decay"] = ["--l2"], ["--batch-size"] = ["--batch"], ["--max-iter"] = ["--epochs"], ["--iterations"] = ["--epochs"],
        ["--hidden-layers"] = ["--hidden"], ["--hidden-layer-sizes"] = ["--hidden"], ["--hidden-units"] = ["--hidden"], ["--layers"] = ["--hidden"], ["--solver"] = ["--optimizer"],
        ["--random-state"] = ["--seed"], ["--random-seed"] = ["--seed"], ["--validation-split"] = ["--validation"], ["--val-split"] = ["--validation"], ["--early-stopping"] = ["--patience"],
        ["--test-size"] = ["--test"], ["--stratify"] = ["--label"], ["--shuffle"] = ["--seed"], ["--class-weight"] = ["--balanced"], ["--class-weights"] = ["--balanced"], ["--time-limit"] = ["--minutes"], ["--timeout"] = ["--minutes"],
        ["--sep"] = ["--separator"], ["--delimiter"] = ["--separator"], ["--class-names"] = ["--labels", "--classes"], ["--names"] = ["--features"], ["--feature-names"] = ["--features"],
        ["--input-shape"] = ["--dim"], ["--shape"] = ["--dim"], ["--mcu"] = ["--board"], ["--device"] = ["--board"], ["--chip"] = ["--board"], ["--format"] = ["--json"], ["--baseline"] = ["--against"], ["--compare"] = ["--against"],
    };

    private static readonly Dictionary<string, string> commands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["predict"] = "run", ["infer"] = "run", ["inference"] = "run", ["classify"] = "run", ["decide"] = "run",
        ["convert"] = "export", ["import"] = "export", ["quantize"] = "export", ["quantise"] = "export",
        ["eval"] = "evaluate", ["test"] = "evaluate", ["score"] = "evaluate", ["validate"] = "evaluate", ["accuracy"] = "evaluate",
        ["info"] = "inspect", ["show"] = "inspect", ["summary"] = "inspect", ["describe"] = "inspect", ["dump"] = "inspect",
        ["fit"] = "train", ["learn"] = "train", ["compile"] = "emit", ["codegen"] = "emit", ["generate"] = "emit", ["deploy"] = "emit",
        ["compare"] = "diff", ["benchmark"] = "bench", ["profile"] = "bench", ["time"] = "bench", ["plot"] = "report", ["check"] = "verify", ["autocomplete"] = "completion", ["docs"] = "help", ["man"] = "help",
    };

    // What a word behind all that a command takes may have been meant for.
    private static readonly Dictionary<string, string> further = new()
    {
        ["run"] = "--input", ["bench"] = "--input", ["evaluate"] = "--data", ["report"] = "--data", ["diff"] = "--data", ["export"] = "--output", ["emit"] = "--output",
        ["train"] = "--label", ["split"] = "--label", ["sign"] = "--key", ["verify"] = "--key", ["inspect"] = "--board", ["demo"] = "--output", ["activations"] = "--output",
    };

    /// <summary>All options and commands that are pointed to, for a test that they exist.</summary>
    internal static IEnumerable<string> Options => options.Values.SelectMany(list => list).Concat(further.Values);

    /// <summary>All commands that are pointed to.</summary>
    internal static IEnumerable<string> Commands => commands.Values.Concat(further.Keys);

    /// <summary>What an option is called here; empty where that is not known.</summary>
    /// <param name="word">The option.</param>
    /// <param name="own">The options of the command.</param>
    internal static string Option(string word, IReadOnlyCollection<string> own) =>
        options.TryGetValue(word, out string[]? names) ? Array.Find(names, name => own.Contains(name.Split(' ')[0])) ?? "" : "";

    /// <summary>What a command is called here; empty where that is not known.</summary>
    internal static string Command(string word) => commands.GetValueOrDefault(word, "");

    /// <summary>The option that a further argument of a command was meant for; empty where that is not known.</summary>
    internal static string Further(string command) => further.GetValueOrDefault(command, "");
}
