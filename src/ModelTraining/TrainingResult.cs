using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;

namespace EdgeInference.ModelTraining;

/// <summary>A trained model, and how training went.</summary>
public sealed class TrainingResult
{
    internal TrainingResult(TrainedModel trained)
    {
        Trained = trained;
        var notices = new List<string>();
        if (trained.Encoding.Standardisation?.Coarse().Select(i => trained.Table.Names[i]).ToArray() is { Length: > 0 } coarse)
        {
            notices.Add($"{NameMatch.List(coarse)} {(coarse.Length == 1 ? "varies" : "vary")} by little more than the precision of float32, so the variation is lost; subtract a constant from the column in the data.");
        }

        Model = new ConvertedModel(Draft(trained.ToGraph()), notices);
    }

    /// <summary>The model in float32, on raw features.</summary>
    public ConvertedModel Model { get; }

    /// <summary>The losses of each epoch, the first first.</summary>
    public IReadOnlyList<TrainingProgress> History => Trained.History;

    /// <summary>The epoch whose parameters were kept, from 1: that of the lowest validation loss.</summary>
    public int BestEpoch => Trained.BestEpoch;

    /// <summary>Number of weights and biases.</summary>
    public int ParameterCount => Trained.ParameterCount;

    internal TrainedModel Trained { get; }

    /// <summary>The model on its way into a file, compared there with the trainer's own results.</summary>
    internal ModelDraft Draft(Graph graph) => ExportPipeline.Of(graph, Trained.Table, Reference);

    // Two classes have one output, the probability of class 1.
    private double[] Reference(float[] row)
    {
        double[] probabilities = Trained.Probabilities(row);
        return probabilities.Length == 2 && Trained.Table.Classes.Count == 2 ? probabilities[1..] : probabilities;
    }
}
