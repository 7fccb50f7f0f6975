using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>Imports weights (.safetensors, .npz, .h5) whose layers another file names, JSON or YAML; docs/weights.md gives the format.</summary>
internal static class WeightImporter
{
    // The version of ONNX's operators that the layers use.
    private const long Opset = 17;

    // PyTorch counts the batches a BatchNorm has seen; inference does not need it.
    private const string Counter = "num_batches_tracked";

    /// <summary>Imports a model.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="layers">The layers, or null if none were given.</param>
    /// <exception cref="InputException">A file cannot be read, or the two do not fit together: a tensor is missing, has another shape, or is used by no layer.</exception>
    public static Graph Import(string path, string? layers)
    {
        if (layers is null)
        {
            throw new InputException($"'{path}' holds weights but no model; list the layers with --layers net.json ('edge help weights').");
        }

        byte[] bytes = Bytes(path);
        WeightFile weights = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".NPZ" => new NpzFile(bytes, path),
            ".H5" => KerasWeightFile.HasModel(bytes)
                ? throw new InputException($"'{path}' already describes its layers; omit --layers.")
                : new KerasWeightFile(bytes, path),
            _ => new SafetensorsFile(bytes, path),
        };
        using JsonDocument document = LayerFile.Read(layers);
        var settings = new LayerSettings(document.RootElement, $"'{layers}'");
        var scope = new OnnxScope(layers, new Dictionary<string, long> { [OnnxDomains.Standard] = Opset });
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        Value? last = Inputs(settings, scope.Graph, values, layers);
        if (settings.Find("layers") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw settings.Fault("has no list of 'layers'; 'edge help weights' shows one");
        }

        if (list.GetArrayLength() > FormatLayout.MaxTensors)
        {
            throw settings.Fault($"lists {list.GetArrayLength()} layers, but a model has at most {FormatLayout.MaxTensors} tensors; make it smaller");
        }

        foreach ((int index, JsonElement element) in list.EnumerateArray().Index())
        {
            last = Layer(element, index, last, scope, values, weights, layers);
        }

        scope.Graph.SourceOperators = new SortedDictionary<string, int>(list.EnumerateArray().CountBy(layer => layer.GetProperty("type").GetString()!).ToDictionary(), StringComparer.Ordinal);
        string[] outputs = settings.Texts("outputs") ?? [];
        scope.Graph.Outputs.AddRange(outputs.Length == 0 ? [last!] : outputs.Select(id => Find(values, id, settings)));
        scope.Graph.Metadata = new GraphMetadata
        {
            Name = settings.Text("name") ?? Path.GetFileNameWithoutExtension(path),
            Labels = settings.Texts("labels") ?? [],
            SourceHash = SHA256.HashData(bytes),
        };
        string[] unused = settings.Texts("unused") ?? [];
        if (weights is KerasWeightFile)
        {
            unused = [.. unused, .. LeaveLayersOut(weights, unused, scope.Graph, layers)];
        }

        RequireAllUsed(weights, unused, layers);
        settings.RequireAllRead();
        return scope.Graph;
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static Value? Inputs(LayerSettings settings, Graph graph, Dictionary<string, Value> values, string path)
    {
        if (settings.Find("inputs") is { } several)
        {
            if (several.ValueKind != JsonValueKind.Object || settings.Has("input"))
            {
                throw settings.Fault("needs either 'input', a shape, or 'inputs', an object of names and shapes");
            }

            if (several.GetPropertyCount() > FormatLayout.MaxTensors)
            {
                throw settings.Fault($"lists {several.GetPropertyCount()} inputs, but a model has at most {FormatLayout.MaxTensors} tensors; make it smaller");
            }

            var shapes = new LayerSettings(several, $"'inputs' of '{path}'");
            foreach (JsonProperty property in several.EnumerateObject())
            {
                Add(property.Name, property.Value.ValueKind != JsonValueKind.Null ? shapes.Ints(property.Name, property.Value) : throw shapes.Fault($"has no shape for '{property.Name}'"));
            }
        }
        else
        {
            Add("input", settings.Ints("input") ?? throw settings.Fault("is missing 'input', the input shape without the batch"));
        }

        return graph.Inputs.Count == 1 ? graph.Inputs[0] : null;

        void Add(string name, int[] shape)
        {
            var input = new Value(name, TensorType.Float32, InputShape.Check([1, .. shape], name, path));
            graph.Inputs.Add(input);
            values.Add(name, input);
        }
    }

    private static Value Layer(JsonElement element, int index, Value? last, OnnxScope scope, Dictionary<string, Value> values, WeightFile weights, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InputException($"'{path}': layer {index} is not an object with a 'type'; 'edge help weights' shows one.");
        }

        var untitled = new LayerSettings(element, $"'{path}': layer {index}");
        string type = untitled.Text("type") ?? throw untitled.Fault("has no 'type'");
        string prefix = untitled.Text("name") ?? "";
        string id = untitled.Text("id") ?? (prefix.Length > 0 ? prefix : $"{type}_{index}");
        var settings = new LayerSettings(element, $"'{path}': layer '{id}' ({type})");
        if (!LayerTypes.All.TryGetValue(type, out Func<LayerNodeContext, Value>? convert))
        {
            string near = Suggestion.Nearest(type, LayerTypes.All.Keys);
            throw settings.Fault($"has an unknown type; {(near.Length > 0 ? $"did you mean '{near}'?" : $"there are {string.Join(", ", LayerTypes.All.Keys)}"):own}");
        }

        foreach (string own in new[] { "type", "name", "id" })
        {
            settings.Text(own);
        }

        Value[] inputs = settings.Texts("from") is { } from ? [.. from.Select(source => Find(values, source, settings))] : [last ?? throw settings.Fault("needs 'from': the model has several inputs")];
        scope.Builder.Name = id;
        var call = new LayerNodeContext(scope, settings, weights, id, type, prefix, inputs);
        Value result;
        try
        {
            if (weights is KerasWeightFile)
            {
                KerasConventions.Check(call);
            }

            result = convert(call);
            if (settings.Text("activation") is { } activation)
            {
                if (!LayerTypes.All.TryGetValue(activation, out Func<LayerNodeContext, Value>? activate))
                {
                    throw settings.Fault($"has the unknown activation '{activation}'; did you mean '{Suggestion.Nearest(activation, LayerTypes.All.Keys)}'?");
                }

                result = activate(call with { Inputs = [result], Type = activation });
            }
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw settings.Fault(exception.Message.TrimEnd('.'));
        }

        settings.RequireAllRead();
        return values.TryAdd(id, result) ? result : throw settings.Fault("has the same id as another layer; give one of them a unique 'id'");
    }

    private static Value Find(Dictionary<string, Value> values, string id, LayerSettings settings)
    {
        if (values.TryGetValue(id, out Value? value))
        {
            return value;
        }

        string near = Suggestion.Nearest(id, values.Keys);
        throw settings.Fault($"reads '{id}', but no layer before it has that id{(near.Length > 0 ? $"; did you mean '{near}'?" : "")}");
    }

    // People load the first layers of a Keras model by name and leave the rest in the file.
    private static string[] LeaveLayersOut(WeightFile weights, string[] known, Graph graph, string path)
    {
        static string Layer(string name) => name[..name.LastIndexOf('.')];
        var left = weights.Unused.ToHashSet(StringComparer.Ordinal);
        var used = weights.Names.Where(name => !left.Contains(name)).Select(Layer).ToHashSet(StringComparer.Ordinal);
        var named = known.ToHashSet(StringComparer.Ordinal);
        string[] unread = [.. left.Where(name => !used.Contains(Layer(name)) && !named.Contains(name))];
        if (unread.Length > 0)
        {
            string[] names = [.. unread.Select(Layer).Distinct().Order(StringComparer.Ordinal)];
            graph.Metadata = graph.Metadata with { Notes = [.. graph.Metadata.Notes, $"'{path}' names no layer for the weights of {string.Join(", ", names.Take(8).Select(name => $"'{name}'"))}{(names.Length > 8 ? $" and {names.Length - 8} more" : "")} in '{weights.Path}'; they were left out."] };
        }

        return unread;
    }

    // A tensor that no layer reads is more often a layer forgotten than one to leave out.
    private static void RequireAllUsed(WeightFile weights, string[] unused, string path)
    {
        var named = unused.ToHashSet(StringComparer.Ordinal);
        string[] left = [.. weights.Unused.Where(name => !named.Contains(name) && name != Counter && !name.EndsWith("." + Counter, StringComparison.Ordinal))];
        if (left.Length > 0)
        {
            throw new InputException($"No layer of '{path}' uses the tensor{(left.Length == 1 ? "" : "s")} {string.Join(", ", left.Take(8).Select(name => $"'{name}'"))}{(left.Length > 8 ? $" and {left.Length - 8} more" : "")} of '{weights.Path}'; add the layers, or name them in 'unused'.");
        }
    }
}
