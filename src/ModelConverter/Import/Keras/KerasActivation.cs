using System.Text.Json;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// Activations by the names that Keras's <c>activation</c> settings have. A name that Keras 2 and 3 give different formulas
/// goes by the version that wrote the file.
/// </summary>
internal static class KerasActivation
{
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
        return Find(layer, name) is var (function, source)
            ? new RecurrentActivation(function.Kind, source.Alpha?.Default ?? function.DefaultAlpha, source.Beta?.Default ?? function.DefaultBeta)
            : throw layer.Fault($"applies the activation '{name}' inside, which is not supported");
    }

    private static Value Named(KerasLayer layer, Value x, string name)
    {
        GraphBuilder builder = layer.Builder;
        if (Find(layer, name) is var (function, source))
        {
            return function.Kind == ActivationKind.Linear ? x : builder.Activation(function.Kind, x, source.Alpha?.Default, source.Beta?.Default);
        }

        switch (name)
        {
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
            default:
                throw layer.Fault($"applies the activation '{name}', which is not supported");
        }
    }

    // No name is the identity.
    private static (ActivationFunction Function, SourceName Name)? Find(KerasLayer layer, string name)
    {
        string sought = name.Length == 0 ? "linear" : name;
        int version = layer.File.MajorVersion;
        foreach ((ActivationFunction function, SourceName source) in ActivationFunctions.Named(names => names.KerasFunctions))
        {
            if (source.Name == sought && version >= source.FromVersion && version < source.BeforeVersion)
            {
                return (function, source);
            }
        }

        return null;
    }

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
