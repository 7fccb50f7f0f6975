using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Chooses a precision for each layer: the cheapest mix that keeps the decisions. It starts with int8 everywhere and lifts
/// the layer whose rounding disturbs the outputs most, one step at a time, until the loss is within the limit; then it
/// takes back every step that turns out not to be needed. Bounded are decisions, deviation and, with labels, the area under the
/// ROC curve and the log loss.
/// </summary>
internal static class AutoPrecision
{
    /// <summary>Chooses.</summary>
    /// <param name="prepared">The float graph with its calibration rows.</param>
    /// <param name="rule">How the float32 model decides.</param>
    /// <param name="maxLoss">The loss allowed, 0 to 1: the share of calibration rows decided otherwise than in float32. The accuracy lost is never more.</param>
    /// <param name="options">How layers are quantized.</param>
    /// <param name="labels">The class of each calibration row. Then the area under the ROC curve and the log loss are bounded too, and all by cross-validation. Null for decisions and deviation alone.</param>
    /// <param name="cancellation">Stops between two mixes.</param>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static AutoPrecisionResult Choose(PreparedGraph prepared, DecisionRule rule, double maxLoss, QuantizationOptions options, int[]? labels = null, CancellationToken cancellation = default)
    {
        var groups = new LayerGroups(prepared.Graph);
        OutputRole role = prepared.Graph.Metadata.OutputRoles is [OutputRole.Score] ? OutputRole.Score : OutputRole.Probability;
        int count = groups.Layers.Count;
        var trials = new PrecisionTrials(prepared, options, rule, role, labels);
        double[] noise = [.. Enumerable.Range(0, count).Select(layer => SignalToNoise.Decibels(trials.Reference, trials.Outputs(Only(count, layer, Precision.Int8))))];
        var precisions = new Precision[count];
        PrecisionLoss loss = Loss(precisions);
        while (!Fits(loss))
        {
            int worst = Enumerable.Range(0, count).Where(layer => precisions[layer] != Precision.Float32)
                .OrderBy(layer => precisions[layer]).ThenBy(layer => noise[layer]).FirstOrDefault(-1);
            if (worst < 0)
            {
                break;
            }

            precisions[worst]++;
            loss = Loss(precisions);
        }

        // The layers that save most go back first.
        foreach (int layer in Enumerable.Range(0, count).OrderByDescending(layer => groups.Layers[layer].MultiplyAccumulates))
        {
            while (precisions[layer] != Precision.Int8)
            {
                precisions[layer]--;
                PrecisionLoss lower = Loss(precisions);
                if (!Fits(lower))
                {
                    precisions[layer]++;
                    break;
                }

                loss = lower;
            }
        }

        LayerChoice[] choices = [.. groups.Layers.Select((layer, i) => new LayerChoice(layer.Name, precisions[i], noise[i], layer.Weights, layer.MultiplyAccumulates))];
        return new AutoPrecisionResult(Build(precisions), choices, loss.Decisions, loss);

        Graph Build(Precision[] assignment) => Quantizer.Quantize(prepared, node => assignment[groups.IndexOf(node)], options);

        bool Fits(PrecisionLoss found) => found.Fits(maxLoss, role == OutputRole.Probability && prepared.Graph.Metadata.OutputRoles is [OutputRole.Probability]);

        PrecisionLoss Loss(Precision[] assignment)
        {
            cancellation.ThrowIfCancellationRequested();
            return trials.Loss(assignment);
        }
    }

    private static Precision[] Only(int count, int layer, Precision precision)
    {
        var assignment = new Precision[count];
        Array.Fill(assignment, Precision.Float32);
        assignment[layer] = precision;
        return assignment;
    }
}

/// <summary>The mix that was chosen.</summary>
/// <param name="Graph">The quantized graph.</param>
/// <param name="Layers">What was chosen for each layer, and why.</param>
/// <param name="Loss">The share of the calibration rows decided otherwise than in float32.</param>
/// <param name="Losses">All that is lost.</param>
internal sealed record AutoPrecisionResult(Graph Graph, IReadOnlyList<LayerChoice> Layers, double Loss, PrecisionLoss Losses)
{
    /// <summary>The same with float32 throughout, as it was before it was prepared.</summary>
    internal AutoPrecisionResult InFloat32(Graph float32) =>
        new(float32, [.. Layers.Select(layer => layer with { Precision = Precision.Float32 })], 0, PrecisionLoss.None(Losses));
}

/// <summary>What was chosen for one layer.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Precision">Its precision.</param>
/// <param name="SignalToNoise">Signal-to-noise ratio of the model's outputs, in dB, with this layer alone in int8.</param>
/// <param name="Weights">Number of weights.</param>
/// <param name="MultiplyAccumulates">Products that one inference adds up.</param>
internal sealed record LayerChoice(string Name, Precision Precision, double SignalToNoise, int Weights, long MultiplyAccumulates);
