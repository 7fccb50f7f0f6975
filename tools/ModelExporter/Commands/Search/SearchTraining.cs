using System.Globalization;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Commands.Search;

/// <summary>Looks for a model, and puts what was found into a draft.</summary>
internal static class SearchTraining
{
    /// <summary>Searches, and says what was found.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="options">How.</param>
    /// <param name="label">The label column, for messages.</param>
    /// <exception cref="InputException">The table cannot be learned from, or no candidate fits the budget.</exception>
    internal static SearchResult Run(LabelledTable table, SearchOptions options, string label)
    {
        Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Searching within {options.Work / 1e9:N0} billion multiplications (--work); the same rows, options and seed give the same model everywhere."));
        SearchResult found = WorkProgress.Run("searching", share => ModelSearch.Run(table, DefaultCatalogue.Make(), options, share, CancellationToken.None));
        SearchPrinter.Print(found, label);
        return found;
    }

    /// <summary>The model that was found as a graph, with its calibration, threshold and held-out scores.</summary>
    internal static Graph Graph(SearchResult found)
    {
        Graph graph = GraphOptimizer.Optimize(found.Fitted.ToGraph());
        CandidateScore score = found.Chosen.Score;
        var floats = graph.Metadata.Floats.ToDictionary();
        if (score.Calibration is { } calibration)
        {
            floats[MetadataKey.Calibration] = calibration;
        }

        floats[HeldOutScores.Key] = new HeldOutScores(
            score.Rows, found.Folds, (float)score.Accuracy, (float)score.AccuracyError, (float)score.BalancedAccuracy, (float)score.LogLoss, (float?)score.Auc, (float)found.BaselineAccuracy).Values;
        graph.Metadata = graph.Metadata with { Floats = floats, Threshold = found.Threshold };
        return graph;
    }

    /// <summary>The graph on its way into a file, compared there with the learner's own results.</summary>
    internal static ModelDraft Draft(SearchResult found, Graph graph) => ExportPipeline.Of(graph, found.Table, row =>
    {
        var probabilities = new double[found.Table.Classes.Count];
        found.Fitted.Probabilities(row, probabilities);
        return probabilities.Length == 2 ? probabilities[1..] : probabilities;
    });

    /// <summary>What quantizing cost on the training rows, in a sentence; null where nothing was quantized.</summary>
    internal static string? Cost(ExportedModel exported)
    {
        ModelDraft draft = exported.Draft;
        if (ReferenceEquals(draft.Float32, draft.Graph) || draft.Labels is null)
        {
            return null;
        }

        return QuantizingCost.Of(draft, new LabelledTable([], draft.Rows, draft.Labels, draft.Graph.Metadata.Labels)).Sentence;
    }
}
