using System.Globalization;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Adaptation;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge evaluate --state</c>: how well a model decides with what it learned.</summary>
internal static class AdaptedEvaluation
{
    /// <summary>Evaluates and prints.</summary>
    /// <param name="model">The model.</param>
    /// <param name="state">The state file.</param>
    /// <param name="inputs">The labelled rows.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="threshold">A threshold in place of the file's, or null.</param>
    /// <param name="other">An option that does not go with a state, or null.</param>
    /// <param name="json">Whether a program reads it.</param>
    internal static void Print(EdgeModel model, string state, AdaptInputs inputs, EngineKind engine, float? threshold, string? other, bool json)
    {
        if (other is not null)
        {
            throw new UsageException($"--state goes without --against and --classes ('{other}'); evaluate once with --state and once without, and compare.");
        }

        // A threshold that is none is refused as without a state.
        _ = threshold is null ? null : EvaluateCommand.Rule(model, threshold);
        using var adapted = AdaptedModel.Load(inputs.Model, model, state, CommonOptions.KernelsOf(engine), threshold);
        adapted.SayFallback(Terminal.Say);
        LabelledTable table = LearningRows.Read(inputs.Data, inputs.Label!, model, adapted.ClassTexts(), inputs.Format, room: 0, whose: "the model with its state");
        (Evaluation evaluation, int undecided) = Of(adapted, table, threshold);
        if (json)
        {
            JsonOutput.Print(evaluation);
        }
        else
        {
            EvaluateCommand.Print(evaluation, undecided == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{undecided} of {table.Rows.Count} rows, counted by the class that the model leans to"));
        }
    }

    /// <summary>How well a model decides with what it learned, and how many rows it abstains on.</summary>
    internal static (Evaluation Evaluation, int Undecided) Of(AdaptedModel model, LabelledTable table, float? threshold = null)
    {
        var outputs = new float[table.Rows.Count][];
        int[] called = new int[outputs.Length];
        int undecided = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            (Decision decision, called[i]) = model.Decide(table.Rows[i]);
            outputs[i] = model.Outputs();
            undecided += decision.Reason == DecisionReason.AbstainBand ? 1 : 0;
        }

        if (model.Learner.AddedClassCount == 0)
        {
            return (Evaluation.Of(table, outputs, model.Rule), undecided);
        }

        if (threshold is not null)
        {
            throw new InputException("The state has classes that were added, and the nearest decides; omit --threshold.");
        }

        int[][] confusion = [.. Enumerable.Range(0, model.Learner.ClassCount).Select(_ => new int[model.Learner.ClassCount])];
        for (int i = 0; i < called.Length; i++)
        {
            confusion[table.Labels[i]][called[i] >= 0 ? called[i] : throw new InputException($"The model's output for row {i + 1} is not finite, so no metric can be computed; check the row.")]++;
        }

        double right = Enumerable.Range(0, called.Length).Count(i => called[i] == table.Labels[i]);
        return (new Evaluation { Rows = called.Length, Accuracy = right / called.Length, LogLoss = null, Confusion = confusion, Classes = table.Classes, Called = called }, undecided);
    }
}
