using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Tool.Commands.Signals;
using EdgeInference.Tool.Summaries;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>Prints a model's contract for people.</summary>
internal static class ContractPrinter
{
    private const int MostNames = 8;

    internal static void Print(IAnsiConsole console, ContractSummary contract)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string text) => grid.AddRow(name, Markup.Escape(text));
        foreach (PortSummary input in contract.Inputs)
        {
            Row("input", $"{Named(input)}{input.Type} {input.Shape}{Unit(input, contract)}");
        }

        Row("features", contract.Features.Count == 0 ? "no names" : $"{contract.Features.Count}: {NameMatch.List(Features(contract), MostNames)}");
        foreach ((int value, IReadOnlyList<string> texts) in contract.Categories.Index().Where(pair => pair.Item.Count > 0))
        {
            string name = value < contract.Features.Count ? $"'{contract.Features[value]}'" : string.Create(CultureInfo.InvariantCulture, $"value {value}");
            Row("categories", $"{name}: {string.Join(", ", texts.Take(MostNames).Select((text, code) => $"{code} '{text}'"))}{(texts.Count > MostNames ? $" and {texts.Count - MostNames} more" : "")}");
        }

        if (contract.WindowLength > 0)
        {
            Row("window", string.Create(CultureInfo.InvariantCulture, $"{contract.WindowLength} samples, a new one every {contract.WindowHop}{(contract.SamplePeriod > 0 ? $", {contract.SamplePeriod} s from sample to sample" : "")}"));
        }

        if (contract.Signals is { } signals)
        {
            SignalPrinter.Print(signals, Row);
        }

        Row("missing values", contract.AcceptsMissing ? "empty cells and NaN mean missing" : "none; classifiers abstain on an input that is not finite");
        foreach (PortSummary output in contract.Outputs)
        {
            Row("output", $"{Named(output)}{output.Type} {output.Shape}, {(output.Role == "unknown" ? "of unknown meaning (--head of 'edge export' says it)" : output.Role)}");
        }

        DecisionSummary decision = contract.Decision;
        Row("decision", decision.Refusal ?? $"{decision.Output}, head {decision.Head}, calibrated by {decision.Calibration ?? "nothing"}");
        if (decision.Refusal is null)
        {
            Row("classes", decision.Classes.Count == 0 ? "no texts" : string.Join(", ", decision.Classes.Select((text, i) => $"{i} '{text}'")));
            Row("threshold", string.Create(CultureInfo.InvariantCulture, $"{decision.Threshold} for class {decision.PositiveClass}{(decision.AbstainBand is [float low, float high] ? $"; no decision from {low} to below {high}" : "")}"));
        }

        if (contract.HeldOut is { } held)
        {
            string area = held.Auc is { } auc ? string.Create(CultureInfo.InvariantCulture, $", AUC {auc:0.0000}") : "";
            Row("cross-validated", string.Create(CultureInfo.InvariantCulture, $"accuracy {held.Accuracy:0.0000} ± {held.AccuracyError:0.0000} (most frequent class {held.Baseline:0.0000}), balanced {held.BalancedAccuracy:0.0000}, log loss {held.LogLoss:0.0000}{area}, on {held.Rows} rows in {held.Folds} folds"));
        }

        ProvenanceSummary origin = contract.Provenance;
        foreach ((string name, string text) in (ReadOnlySpan<(string, string)>)[("source", origin.Source), ("source SHA-256", origin.SourceSha256), ("source written by", origin.SourceProducer), ("written by", origin.Tool), ("options", origin.Options), ("rows SHA-256", origin.TrainingRowsSha256)])
        {
            if (text.Length > 0)
            {
                Row(name, text);
            }
        }

        console.Write(grid);
    }

    // Where features have no names there is no other line for their units.
    private static string Unit(PortSummary input, ContractSummary contract) =>
        input.Unit is { } unit ? $", in {unit}"
        : !contract.Units.Any(text => text.Length > 0) ? ""
        : contract.Features.Count > 0 ? ", in the units of its features" : $", in {string.Join(", ", contract.Units.Take(MostNames).Select(text => text.Length > 0 ? text : "no unit"))}{(contract.Units.Count > MostNames ? $" and {contract.Units.Count - MostNames} more" : "")}";

    private static string Named(PortSummary port) => port.Name.Length > 0 ? $"'{port.Name}' " : "";

    private static string[] Features(ContractSummary contract) =>
        [.. contract.Features.Select((name, i) => i < contract.Units.Count && contract.Units[i].Length > 0 ? $"{name} [{contract.Units[i]}]" : name)];
}
