using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>A Sequential or functional model: puts the calls of its layers into an order of execution and converts each.</summary>
internal sealed partial class KerasModel
{
    private static readonly string[] kinds = ["Sequential", "Functional", "Model"];

    // Layers that only move what they read.
    private static readonly string[] textMovements = ["Concatenate", "Flatten", "Identity", "Permute", "Reshape"];

    private readonly JsonElement config;
    private readonly KerasFile file;
    private readonly Dictionary<string, Layer> layers = new(StringComparer.Ordinal);
    private readonly List<Layer> order = [];

    private KerasModel(JsonElement model, KerasFile file, string path, KerasWeightPath? outer)
    {
        this.file = file;
        config = model.GetProperty("config");
        string kind = model.GetProperty("class_name").GetString()!;
        if (!IsModel(kind))
        {
            throw new InputException($"'{file.Path}' is a model of class '{kind}', whose code is not in the file; save a Sequential or functional model.");
        }

        // Before 2.2 a Sequential's settings were just its layers.
        JsonElement list = config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers");
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonElement layer in list.EnumerateArray())
        {
            string type = layer.GetProperty("class_name").GetString()!;
            string name = layer.GetProperty("config").TryGetProperty("name", out JsonElement own) ? own.GetString()! : layer.GetProperty("name").GetString()!;
            var row = new Layer(name, type, layer, new KerasWeightPath($"{path}layers/{Unique(layer, used)}", outer?.Group ?? name, outer is null ? "" : name));
            if (!layers.TryAdd(name, row))
            {
                throw new InputException($"'{file.Path}' has two layers named '{name}'; save the model again.");
            }

            order.Add(row);
        }
    }

    private static bool IsModel(string kind) => kinds.Contains(kind, StringComparer.Ordinal);

    /// <summary>Converts a whole model.</summary>
    /// <param name="json">Its configuration.</param>
    /// <param name="loss">The loss that it was compiled with, or null.</param>
    /// <param name="file">Its weights.</param>
    internal static Graph Convert(JsonElement json, JsonElement? loss, KerasFile file)
    {
        var model = new KerasModel(json, file, "", null);
        RequireSupport(json, file.Path);
        var builder = new GraphBuilder(new Graph());
        file.Texts = new TextInputs(builder.Graph);
        Value[] outputs = model.Run(builder, null);
        if (builder.Graph.Inputs.Count == 0 || outputs.Length == 0)
        {
            throw new InputException($"'{file.Path}' has no input or no output; save the model again.");
        }

        if (file.Texts.Unknown() is { } text)
        {
            throw new InputException($"'{file.Path}': the input '{text.Name}' is text, and no StringLookup says which; save the model with numeric inputs.");
        }

        builder.Graph.Metadata = new GraphMetadata
        {
            InputCategories = file.Texts.Categories,
            InputNames = builder.Graph.Inputs.Count > 1 && builder.Graph.Inputs.TrueForAll(input => input.Elements == 1) ? [.. builder.Graph.Inputs.Select(input => input.Name)] : [],
        };
        builder.Graph.SourceOperators = new SortedDictionary<string, int>(Kinds(json).Skip(1).CountBy(kind => kind).ToDictionary(), StringComparer.Ordinal);
        builder.Graph.Outputs.AddRange(outputs);
        if (loss is { } setting)
        {
            KerasLoss.Note(builder.Graph, setting, model.OutputNames());
        }

        return builder.Graph;
    }

    private string[] OutputNames() => config.ValueKind == JsonValueKind.Object && config.TryGetProperty("output_layers", out JsonElement ends)
        ? [.. KerasReference.In(ends).Select(reference => reference.Layer)]
        : [order[^1].Name];

    private static void RequireSupport(JsonElement json, string path)
    {
        string[] unsupported = [.. Kinds(json).Where(kind => !IsModel(kind) && !KerasLayers.All.ContainsKey(kind)).Distinct().Order(StringComparer.Ordinal)];
        if (unsupported.Length > 0)
        {
            throw new InputException($"'{path}' has layers that are not supported: {string.Join(", ", unsupported)}; 'edge help keras' lists those that are.");
        }
    }

    // The classes of all layers, of those inside models and wrappers too.
    private static IEnumerable<string> Kinds(JsonElement json)
    {
        string kind = json.GetProperty("class_name").GetString()!;
        JsonElement config = json.GetProperty("config");
        IEnumerable<JsonElement> inner = [];
        if (config.ValueKind == JsonValueKind.Array)
        {
            inner = config.EnumerateArray();
        }
        else if (config.TryGetProperty("layers", out JsonElement list))
        {
            inner = list.EnumerateArray();
        }
        else if (config.TryGetProperty("layer", out JsonElement wrapped))
        {
            inner = [wrapped];
        }

        return [kind, .. inner.SelectMany(Kinds)];
    }

    // The name of a layer's group in model.weights.h5, where layers of one class are numbered in their order.
    private static string Unique(JsonElement layer, Dictionary<string, int> used)
    {
        string name = SnakeCase(layer.GetProperty("class_name").GetString()!);
        if (layer.TryGetProperty("module", out JsonElement module) && module.GetString()?.Contains(".ops.", StringComparison.Ordinal) == true)
        {
            // An operation of Keras 3 is no layer and has no group.
            return name;
        }

        int number = used.GetValueOrDefault(name);
        used[name] = number + 1;
        return number == 0 ? name : $"{name}_{number}";
    }

    /// <summary>Converts the calls; without inputs, the model's own become the graph's.</summary>
    private Value[] Run(GraphBuilder builder, Value[]? inputs)
    {
        var values = new Dictionary<(string Layer, int Node), Value[]>();
        bool functional = order.Exists(layer => layer.Json.TryGetProperty("inbound_nodes", out JsonElement nodes) && nodes.GetArrayLength() > 0)
            || (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("output_layers", out _));
        if (!functional)
        {
            return RunSequence(builder, inputs);
        }

        DefineInputs(builder, inputs, values);
        List<Call> calls = Calls();
        Dictionary<string, int> offsets = Offsets(calls);
        foreach (Call call in InOrder(calls, offsets, values.Keys))
        {
            Value[] reads = [.. call.Reads.Select(reference => Find(values, reference))];
            values[(call.Layer.Name, call.Node + offsets.GetValueOrDefault(call.Layer.Name))] = Convert(builder, call.Layer, reads);
        }

        return [.. KerasReference.In(config.GetProperty("output_layers")).Select(reference => Find(values, reference))];
    }

    private Value[] RunSequence(GraphBuilder builder, Value[]? inputs)
    {
        Value[] last = inputs ?? [];
        for (int i = 0; i < order.Count; i++)
        {
            if (i == 0 && last.Length == 0)
            {
                last = [AddInput(builder, order[0])];
            }

            if (order[i].Kind != "InputLayer")
            {
                last = Convert(builder, order[i], last);
            }
        }

        return last;
    }

    private void DefineInputs(GraphBuilder builder, Value[]? inputs, Dictionary<(string, int), Value[]> values)
    {
        KerasReference[] ends = [.. KerasReference.In(config.GetProperty("input_layers"))];
        if (inputs is not null && inputs.Length != ends.Length)
        {
            throw new InputException($"'{file.Path}': an inner model takes {ends.Length} inputs but is called with {inputs.Length}; save the model again.");
        }

        for (int i = 0; i < ends.Length; i++)
        {
            values[(ends[i].Layer, 0)] = [inputs?[i] ?? AddInput(builder, Named(ends[i].Layer))];
        }
    }

    private Value[] Convert(GraphBuilder builder, Layer layer, Value[] inputs)
    {
        builder.Name = layer.Name;
        if (inputs.Length == 0)
        {
            throw new InputException($"'{file.Path}': layer '{layer.Name}' has no input; save the model again.");
        }

        if (IsModel(layer.Kind))
        {
            return new KerasModel(layer.Json, file, layer.Path.Path + "/", layer.Path).Run(builder, inputs);
        }

        var call = new KerasLayer(builder, layer.Kind, layer.Json.GetProperty("config"), inputs, file, layer.Path, layer.Name);
        bool isText = Array.Exists(inputs, file.Texts!.Has);
        if (isText && layer.Kind != "StringLookup" && !textMovements.Contains(layer.Kind, StringComparer.Ordinal))
        {
            throw call.Fault("takes text, which is not supported; expected a StringLookup behind a text input");
        }

        try
        {
            Value[] outputs = KerasLayers.All[layer.Kind](call);
            if (isText && layer.Kind != "StringLookup")
            {
                Array.ForEach(outputs, file.Texts.Add);
            }

            return outputs;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw call.Fault(exception.Message.TrimEnd('.'));
        }
    }

    private Value AddInput(GraphBuilder builder, Layer layer)
    {
        JsonElement own = layer.Json.GetProperty("config");
        JsonElement shape = default;
        bool found = own.TryGetProperty("batch_input_shape", out shape) || own.TryGetProperty("batch_shape", out shape)
            || (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("build_input_shape", out shape));
        if (!found || shape.ValueKind != JsonValueKind.Array)
        {
            throw new InputException($"Input '{layer.Name}' of '{file.Path}' has no shape; give the model a fixed input shape.");
        }

        int[] sizes = [.. shape.EnumerateArray().Skip(1).Select(size => size.ValueKind == JsonValueKind.Number
            ? size.GetInt32()
            : throw new InputException($"Input '{layer.Name}' of '{file.Path}' has a dimension that is not fixed; give the model a fixed input shape."))];
        var input = new Value(layer.Name, EdgeInference.ModelFormat.TensorType.Float32, InputShape.Check([1, .. sizes], layer.Name, file.Path));
        builder.Graph.Inputs.Add(input);
        if (own.TryGetProperty("dtype", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() == "string")
        {
            file.Texts!.Define(input);
        }

        return input;
    }

    private List<Call> Calls()
    {
        var calls = new List<Call>();
        foreach (Layer layer in order.Where(layer => layer.Json.TryGetProperty("inbound_nodes", out _)))
        {
            int node = 0;
            foreach (JsonElement inbound in layer.Json.GetProperty("inbound_nodes").EnumerateArray())
            {
                calls.Add(new Call(layer, node++, [.. KerasReference.In(inbound)]));
            }
        }

        return calls;
    }

    // Functional models inside others count their calls from 1: their first node is the one that made them.
    private Dictionary<string, int> Offsets(List<Call> calls)
    {
        var count = calls.CountBy(call => call.Layer.Name).ToDictionary(StringComparer.Ordinal);
        var offsets = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (KerasReference reference in calls.SelectMany(call => call.Reads).Concat(KerasReference.In(config.GetProperty("output_layers"))))
        {
            if (IsModel(Named(reference.Layer).Kind) && reference.Node >= count.GetValueOrDefault(reference.Layer))
            {
                offsets[reference.Layer] = 1;
            }
        }

        return offsets;
    }

    // Kahn's algorithm: a call runs once all that it reads is there.
    private IEnumerable<Call> InOrder(List<Call> calls, Dictionary<string, int> offsets, IEnumerable<(string, int)> inputs)
    {
        var known = new HashSet<(string, int)>(inputs);
        var waiting = new Dictionary<(string, int), List<Call>>();
        var missing = new Dictionary<Call, int>();
        var ready = new Queue<Call>();
        foreach (Call call in calls)
        {
            (string, int)[] reads = [.. call.Reads.Select(reference => (reference.Layer, reference.Node)).Distinct().Where(read => !known.Contains(read))];
            missing[call] = reads.Length;
            if (reads.Length == 0)
            {
                ready.Enqueue(call);
            }

            foreach ((string, int) read in reads)
            {
                if (!waiting.TryGetValue(read, out List<Call>? list))
                {
                    waiting.Add(read, list = []);
                }

                list.Add(call);
            }
        }

        int done = 0;
        while (ready.TryDequeue(out Call? call))
        {
            done++;
            yield return call;
            if (waiting.TryGetValue((call.Layer.Name, call.Node + offsets.GetValueOrDefault(call.Layer.Name)), out List<Call>? readers))
            {
                foreach (Call reader in readers.Where(reader => --missing[reader] == 0))
                {
                    ready.Enqueue(reader);
                }
            }
        }

        if (done < calls.Count)
        {
            string stuck = calls.First(call => missing[call] > 0).Layer.Name;
            throw new InputException($"'{file.Path}': layer '{stuck}' reads an output that does not exist, or the layers form a cycle; save the model again.");
        }
    }

    private Layer Named(string name) =>
        layers.TryGetValue(name, out Layer? layer) ? layer : throw new InputException($"'{file.Path}' refers to layer '{name}', which it does not have; save the model again.");

    private Value Find(Dictionary<(string, int), Value[]> values, KerasReference reference) =>
        values.TryGetValue((reference.Layer, reference.Node), out Value[]? outputs) && reference.Tensor >= 0 && reference.Tensor < outputs.Length
            ? outputs[reference.Tensor]
            : throw new InputException($"'{file.Path}' reads output {reference.Tensor} of call {reference.Node} of layer '{reference.Layer}', which does not exist; save the model again.");

    /// <summary>The name that Keras gives an object in <c>model.weights.h5</c> (keras/src/utils/naming.py, to_snake_case).</summary>
    internal static string SnakeCase(string name)
    {
        string split = WordStart().Replace(NotWord().Replace(name, ""), "$1_$2");
        return CaseChange().Replace(split, "$1_$2").ToLowerInvariant();
    }

    [GeneratedRegex(@"\W+")]
    private static partial Regex NotWord();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex CaseChange();

    private sealed record Layer(string Name, string Kind, JsonElement Json, KerasWeightPath Path);

    private sealed record Call(Layer Layer, int Node, KerasReference[] Reads);
}
