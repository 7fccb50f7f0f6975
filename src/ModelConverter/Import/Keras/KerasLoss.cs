using System.Text.Json;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>The loss that a model was compiled with: it says what an output without sigmoid or softmax means.</summary>
internal static class KerasLoss
{
    private static readonly HashSet<string> binary = ["BinaryCrossentropy", "BinaryFocalCrossentropy"];

    private static readonly HashSet<string> categorical = ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "CategoricalFocalCrossentropy"];

    // By class and by function.
    private static readonly HashSet<string> regressions =
    [
        "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber", "LogCosh", "CosineSimilarity", "Poisson",
        "mean_squared_error", "mse", "MSE", "mean_absolute_error", "mae", "MAE", "mean_absolute_percentage_error", "mape", "MAPE",
        "mean_squared_logarithmic_error", "msle", "MSLE", "huber", "huber_loss", "log_cosh", "logcosh", "cosine_similarity", "poisson",
    ];

    private static readonly HashSet<string> margins = ["Hinge", "SquaredHinge", "hinge", "squared_hinge"];

    /// <summary>Notes what the losses say of the outputs.</summary>
    /// <param name="graph">The graph, with its outputs.</param>
    /// <param name="loss">The setting: one loss, a list of them, or an object of output names and losses.</param>
    /// <param name="names">The layers that give the outputs.</param>
    internal static void Note(Graph graph, JsonElement loss, IReadOnlyList<string> names)
    {
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            if (Of(loss, i, graph.Outputs.Count, names) is { } own && Meaning(own, graph.Outputs[i].Elements) is { } hint)
            {
                graph.Hints[graph.Outputs[i]] = hint;
            }
        }
    }

    // One loss for several outputs is for all of them in Keras 2 and refused by Keras 3.
    private static JsonElement? Of(JsonElement loss, int index, int count, IReadOnlyList<string> names) => loss.ValueKind switch
    {
        JsonValueKind.Array => loss.GetArrayLength() == count ? loss[index] : null,
        JsonValueKind.Object when !loss.TryGetProperty("class_name", out _) => index < names.Count && loss.TryGetProperty(names[index], out JsonElement own) ? own : null,
        _ => count == 1 ? loss : null,
    };

    private static OutputHint? Meaning(JsonElement loss, int elements)
    {
        string name = "";
        bool logits = false;
        if (loss.ValueKind == JsonValueKind.String)
        {
            name = loss.GetString()!;
        }
        else if (loss.ValueKind == JsonValueKind.Object && loss.TryGetProperty("class_name", out JsonElement kind) && loss.TryGetProperty("config", out JsonElement config))
        {
            // A function is an object whose config is its name.
            name = (config.ValueKind == JsonValueKind.String ? config : kind).GetString() ?? "";
            logits = config.ValueKind == JsonValueKind.Object && config.TryGetProperty("from_logits", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
        }

        // Several outputs of a binary loss are separate decisions, of which a softmax would make one.
        bool holdsLogits = logits && (elements == 1 ? binary : categorical).Contains(name);
        return holdsLogits ? new OutputHint(OutputRole.Logit, $"{name}(from_logits=True)")
            : regressions.Contains(name) ? new OutputHint(OutputRole.Value, name)
            : margins.Contains(name) && elements == 1 ? new OutputHint(OutputRole.Score, name)
            : null;
    }
}
