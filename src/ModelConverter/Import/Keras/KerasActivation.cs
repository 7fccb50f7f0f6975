using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// Activations by the names that Keras's <c>activation</c> settings have. A name that Keras 2 and 3 give different formulas
/// goes by the version that wrote the file.
/// </summary>
internal static class KerasActivation
{
    // Kind and parameters, for those that are one function of the engine.
    private static readonly Dictionary<string, (ActivationKind Kind, float? Alpha)> simple = new(StringComparer.Ordinal)
    {
        ["relu"] = (ActivationKind.ReLU, null),
        ["relu6"] = (ActivationKind.ReLU6, null),
        ["leaky_relu"] = (ActivationKind.LeakyReLU, 0.2f),
        ["sigmoid"] = (ActivationKind.Sigmoid, null),
        ["tanh"] = (ActivationKind.Tanh, null),
        ["elu"] = (ActivationKind.ELU, null),
        ["selu"] = (ActivationKind.SELU, null),
        ["celu"] = (ActivationKind.CELU, null),
        ["gelu"] = (ActivationKind.GELU, null),
        ["swish"] = (ActivationKind.SiLU, null),
        ["silu"] = (ActivationKind.SiLU, null),
        ["hard_swish"] = (ActivationKind.HardSwish, null),
        ["hard_silu"] = (ActivationKind.HardSwish, null),
        ["mish"] = (ActivationKind.Mish, null),
        ["softplus"] = (ActivationKind.Softplus, null),
        ["softsign"] = (ActivationKind.Softsign, null),
    };

    /// <summary>Applies the activation of a setting: a name, or an object that names a function or a layer.</summary>
    internal static Value Apply(KerasLayer layer, Value x, string key = "activation")
    {
        if (!layer.Config.TryGetProperty(key, out JsonElement setting) || setting.ValueKind == JsonValueKind.Null)
        {
            return x;
        }

        if (setting.ValueKind == JsonValueKind.Object && setting.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object)
        {
            string kind = setting.GetProperty("class_name").GetString()!;
            return KerasLayers.All.TryGetValue(kind, out Func<KerasLayer, Value[]>? convert)
                ? convert(layer with { Kind = kind, Config = config, Inputs = [x] })[0]
                : throw layer.Fault($"applies the activation '{kind}', which is not supported");
        }

        return Named(layer, x, Name(layer, key));
    }

    /// <summary>The activation of a recurrent layer, which the engine applies inside; the one that Keras takes where the setting is absent.</summary>
    internal static RecurrentActivation Recurrent(KerasLayer layer, string key, string missing)
    {
        string name = layer.Config.TryGetProperty(key, out _) ? Name(layer, key) : missing;
        if (name == "hard_sigmoid")
        {
            (float slope, float middle) = HardSigmoid(layer);
            return new RecurrentActivation(ActivationKind.HardSigmoid, slope, middle);
        }

        if (name is "" or "linear")
        {
            return new RecurrentActivation(ActivationKind.Linear, 0f, 0f);
        }

        if (!simple.TryGetValue(name, out (ActivationKind Kind, float? Alpha) row))
        {
            throw layer.Fault($"applies the activation '{name}' inside, which is not supported");
        }

        var function = EdgeRuntime.Activations.ActivationFunctions.Get(row.Kind);
        return new RecurrentActivation(row.Kind, row.Alpha ?? function.DefaultAlpha, function.DefaultBeta);
    }

    private static Value Named(KerasLayer layer, Value x, string name)
    {
        GraphBuilder builder = layer.Builder;
        if (simple.TryGetValue(name, out (ActivationKind Kind, float? Alpha) row))
        {
            return builder.Activation(row.Kind, x, row.Alpha);
        }

        switch (name)
        {
            case "" or "linear":
                return x;
            case "softmax":
                return builder.Softmax(x);
            case "log_softmax":
                return builder.LogSoftmax(x);
            case "exponential":
                return builder.Unary(UnaryKind.Exp, x);
            case "log_sigmoid":
                return builder.Unary(UnaryKind.Neg, builder.Activation(ActivationKind.Softplus, builder.Unary(UnaryKind.Neg, x)));
            case "hard_tanh":
                return builder.Unary(UnaryKind.Clip, x, -1f, 1f);
            case "hard_sigmoid":
                (float slope, float middle) = HardSigmoid(layer);
                return builder.Activation(ActivationKind.HardSigmoid, x, slope, middle);
            default:
                throw layer.Fault($"applies the activation '{name}', which is not supported");
        }
    }

    // Keras 2: 0.2x + 0.5; Keras 3: x/6 + 0.5.
    private static (float Slope, float Middle) HardSigmoid(KerasLayer layer) => (layer.File.MajorVersion >= 3 ? 1f / 6f : 0.2f, 0.5f);

    // Keras 3 writes a function as an object whose config is its name.
    private static string Name(KerasLayer layer, string key)
    {
        if (layer.Config.TryGetProperty(key, out JsonElement setting) && setting.ValueKind == JsonValueKind.Object && setting.TryGetProperty("config", out JsonElement config))
        {
            return config.ValueKind == JsonValueKind.String ? config.GetString()! : throw layer.Fault($"has an '{key}' that is custom, which is not supported");
        }

        return layer.Text(key);
    }
}
