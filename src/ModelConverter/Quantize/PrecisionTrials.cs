using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Measures mixes of precisions on the calibration rows. With labels each row is judged by a model that was calibrated without it, as
/// a row that has set the ranges tells nothing of what lies outside them.
/// </summary>
internal sealed class PrecisionTrials
{
    private const int Folds = 5;

    private readonly PreparedGraph prepared;
    private readonly QuantizationOptions options;
    private readonly DecisionRule rule;
    private readonly float[][] reference;
    private readonly LabelledTable? table;
    private readonly List<(PreparedGraph Graph, LayerGroups Groups, int[] Rows)> folds = [];
    private readonly Evaluation? float32;

    /// <summary>Prepares trials.</summary>
    /// <param name="prepared">The float graph with its calibration rows.</param>
    /// <param name="options">How layers are quantized.</param>
    /// <param name="rule">The rule that decides.</param>
    /// <param name="role">What the outputs are.</param>
    /// <param name="labels">The class of each row, or null.</param>
    internal PrecisionTrials(PreparedGraph prepared, QuantizationOptions options, DecisionRule rule, OutputRole role, int[]? labels)
    {
        this.prepared = prepared;
        this.options = options;
        this.rule = rule;
        IReadOnlyList<float[]> rows = prepared.Calibration.Rows;
        reference = GraphRunner.RunAll(prepared.Graph, rows);
        bool judged = labels is not null && labels.Length == rows.Count && rows.Count >= 2 * Folds && role == OutputRole.Probability && labels.Max() < Math.Max(2, reference[0].Length);
        if (!judged)
        {
            folds.Add((prepared, new LayerGroups(prepared.Graph), [.. Enumerable.Range(0, rows.Count)]));
            return;
        }

        table = new LabelledTable([], [], labels!, ["0", "1"]);
        float32 = Evaluation.Of(table, reference, rule);
        int[] part = ClassMembers.Deal(ClassMembers.Of(labels, labels!.Max() + 1), Folds);
        for (int fold = 0; fold < Folds; fold++)
        {
            var graph = PreparedGraph.From(prepared.Graph, [.. rows.Where((_, row) => part[row] != fold)]);
            folds.Add((graph, new LayerGroups(graph.Graph), [.. Enumerable.Range(0, rows.Count).Where(row => part[row] == fold)]));
        }
    }

    /// <summary>The outputs of float32.</summary>
    internal float[][] Reference => reference;

    /// <summary>What a mix loses.</summary>
    internal PrecisionLoss Loss(Precision[] assignment)
    {
        float[][] outputs = Outputs(assignment);
        int changed = reference.Zip(outputs, (real, other) => RowDecision.Of(rule, real).Called == RowDecision.Of(rule, other).Called ? 0 : 1).Sum();
        var loss = new PrecisionLoss((double)changed / outputs.Length, Evaluation.Deviation(reference, outputs));
        if (table is null)
        {
            return loss;
        }

        Evaluation evaluation = Evaluation.Of(table, outputs, rule);
        return loss with
        {
            Accuracy = float32!.Accuracy - evaluation.Accuracy,
            Auc = float32.Auc - evaluation.Auc,
            Ranks = float32.Auc is null ? null : Math.Sqrt(OutputRanks.Deviation(reference, outputs)),
            LogLoss = evaluation.LogLoss - float32.LogLoss,
        };
    }

    /// <summary>The outputs of a mix for all rows.</summary>
    internal float[][] Outputs(Precision[] assignment)
    {
        var outputs = new float[reference.Length][];
        foreach ((PreparedGraph graph, LayerGroups groups, int[] rows) in folds)
        {
            float[][] some = GraphRunner.RunAll(Quantizer.Quantize(graph, node => assignment[groups.IndexOf(node)], options), [.. rows.Select(row => prepared.Calibration.Rows[row])]);
            for (int i = 0; i < rows.Length; i++)
            {
                outputs[rows[i]] = some[i];
            }
        }

        return outputs;
    }
}
