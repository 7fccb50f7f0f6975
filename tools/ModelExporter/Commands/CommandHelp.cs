using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgeInference.Tool.Commands;

/// <summary>The help of a command, with examples below it.</summary>
internal sealed class CommandHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Examples by the command's name; that of the tool itself has none.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> Examples = new Dictionary<string, string[]>
    {
        ["edge"] = ["edge demo", "edge train data.csv --label y -o model.edge", "edge help training"],
        ["demo"] = ["edge demo", "edge demo -o /tmp/models"],
        ["data"] = ["edge data", "edge data -o /tmp/data"],
        ["train"] =
        [
            "edge train data.csv --label y",
            "edge train data.csv --label y -o model.edge --budget esp32:1ms,8KB",
            "edge train data.csv --label y -o model.edge --precision int8 --hidden 24,12",
            "edge train data.csv --label y -o model.edge --threshold auto --data more.csv",
            "edge train data.csv --label y -o model.edge --history history.csv",
            "edge train s.csv --label y --sample-period 0.01 --window 64 --signals mean,rms",
            "edge train data.csv --label y -o model.edge --precision int8 --adaptable",
        ],
        ["export"] =
        [
            "edge export model.onnx",
            "edge export model.onnx -o model.edge -p int8 --calibrate train.csv --label y",
            "edge export model.tflite -o model.edge --labels no,yes",
        ],
        ["run"] = ["edge run model.edge --input rows.csv", "edge run model.edge --input rows.csv -o decisions.json", "edge run model.edge --input rows.npy -o outputs.npy --engine nano", "edge run model.edge --input rows.csv --state model.edgestate"],
        ["evaluate"] = ["edge evaluate model.edge --data test.csv --label y", "edge evaluate m.edge --data test.csv --label y --against m.onnx --json", "edge evaluate m.edge --data test.csv --label y --state m.edgestate"],
        ["adapt"] = ["edge adapt model.edge --data field.csv --label y", "edge adapt m.edge --data d.csv --label y --test t.csv -o m.edgestate", "edge adapt model.edge --data normal.csv --normal -o model.edgestate"],
        ["bench"] = ["edge bench model.edge", "edge bench model.edge --operators", "edge bench model.edge --input rows.csv --json"],
        ["accuracy-table"] = ["edge accuracy-table"],
        ["inspect"] = ["edge inspect model.edge", "edge inspect model.edge --board esp32-c3", "edge inspect model.edge --json"],
        ["sign"] = ["edge sign model.edge --key fleet.pem --model-version 7", "edge sign model.edge --key new.pem --model-version 7 --any-version"],
        ["verify"] = ["edge verify model.edge", "edge verify model.edge --key fleet.pub.pem"],
        ["emit"] = ["edge emit model.edge -o Model.g.cs", "edge emit model.edge -o Model.g.cs --class Motion --assemblies 3", "edge emit model.edge -o Model.g.cs --counts-scale 0.0625 --counts-offset -2048", "edge emit model.edge --project Motion --sensor i2c --board esp32-c3"],
        ["activations"] = ["edge activations", "edge activations -o docs/activations"],
        ["split"] = ["edge split data.csv --label y", "edge split log.csv --group machine --test 0.2 -o pump", "edge split log.csv --in-order"],
        ["diff"] = ["edge diff old.edge new.edge", "edge diff old.edge new.edge --data test.csv --label y"],
        ["report"] =
        [
            "edge report model.edge --data test.csv --label y -o report.html",
            "edge report m.edge --data test.csv --label y --source m.onnx -o r.html",
        ],
        ["help"] = ["edge help", "edge help onnx", "edge help train"],
        ["completion"] = ["edge completion bash >> ~/.bashrc", "edge completion zsh > ~/.zfunc/_edge", "edge completion fish > ~/.config/fish/completions/edge.fish", "edge completion powershell >> $PROFILE"],
    };

    /// <summary>Who asks for help has not finished the line.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        // A command that is not there has no help, and that of the tool is no answer.
        if (parseResult is { CommandResult.Parent: null, UnmatchedTokens: [{ } word, ..] } && !word.StartsWith('-'))
        {
            StandardError.Say(UsageErrors.Text(parseResult));
            return EdgeCommand.UsageFault;
        }

        int result = help.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command.Name, out string[]? examples))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return result;
    }
}
