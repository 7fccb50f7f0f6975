using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>The types of layers that a layer file can name. Names, settings and layouts of weights are those of torch.nn.</summary>
internal static class LayerTypes
{
    private static readonly Dictionary<string, Func<LayerNodeContext, Value>> own = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Linear"] = Linear,
        ["Conv1d"] = layer => Conv(layer, 1),
        ["Conv2d"] = layer => Conv(layer, 2),
        ["ConvTranspose1d"] = layer => ConvTranspose(layer, 1),
        ["ConvTranspose2d"] = layer => ConvTranspose(layer, 2),
        ["BatchNorm"] = BatchNorm,
        ["LayerNorm"] = LayerNorm,
        ["Embedding"] = layer => layer.Builder.Gather(layer.Weight("weight", -1, -1), layer.Input, 0),
        ["RNN"] = layer => RecurrentLayer.Convert(layer, "RNN"),
        ["GRU"] = layer => RecurrentLayer.Convert(layer, "GRU"),
        ["LSTM"] = layer => RecurrentLayer.Convert(layer, "LSTM"),
        ["MaxPool1d"] = layer => Pool(layer, "MaxPool", 1),
        ["MaxPool2d"] = layer => Pool(layer, "MaxPool", 2),
        ["AvgPool1d"] = layer => Pool(layer, "AveragePool", 1),
        ["AvgPool2d"] = layer => Pool(layer, "AveragePool", 2),
        ["GlobalAvgPool"] = layer => layer.Onnx("GlobalAveragePool", 1, [layer.Input])[0],
        ["GlobalMaxPool"] = layer => layer.Onnx("GlobalMaxPool", 1, [layer.Input])[0],
        ["Flatten"] = layer => layer.Builder.Reshape(layer.Input, 1, layer.Input.Elements),
        ["Reshape"] = Reshape,
        ["Permute"] = layer => layer.Builder.Transpose(layer.Input, [0, .. Required(layer, layer.Settings.Ints("dims"), "dims")]),
        ["Add"] = layer => Merge(layer, Opcode.Add),
        ["Sub"] = layer => Merge(layer, Opcode.Sub),
        ["Mul"] = layer => Merge(layer, Opcode.Mul),
        ["Concat"] = layer => layer.Builder.Concat(Axis(layer, layer.Settings.Int("dim") ?? 1), layer.Inputs),
        ["Standardize"] = Standardize,
        ["PReLU"] = layer => layer.Onnx("PRelu", 1, [layer.Input, Slopes(layer)])[0],
        ["Softmax"] = layer => layer.Onnx("Softmax", 1, [layer.Input], ("axis", Axis(layer, layer.Settings.Int("dim") ?? 1)))[0],
        ["LogSoftmax"] = layer => layer.Onnx("LogSoftmax", 1, [layer.Input], ("axis", Axis(layer, layer.Settings.Int("dim") ?? 1)))[0],
    };

    internal static readonly IReadOnlyDictionary<string, Func<LayerNodeContext, Value>> All = WithActivations();

    private static Dictionary<string, Func<LayerNodeContext, Value>> WithActivations()
    {
        var all = new Dictionary<string, Func<LayerNodeContext, Value>>(own, own.Comparer);
        foreach (IGrouping<string, (ActivationFunction Function, SourceName Name)> named in ActivationFunctions.Named(names => names.LayerFile).GroupBy(entry => entry.Name.Name, StringComparer.Ordinal))
        {
            (ActivationFunction Function, SourceName Name)[] forms = [.. named];
            all.TryAdd(named.Key, layer => Activate(layer, forms));
        }

        return all;
    }

    private static Value Linear(LayerNodeContext layer)
    {
        int features = layer.Input.LastDimension;
        bool transposed = layer.Settings.Flag("transposed");
        Value weights = transposed ? layer.Weight("weight", features, -1) : layer.Weight("weight", -1, features);
        weights = transposed ? layer.Builder.Transpose(weights, 1, 0) : weights;
        return layer.Builder.Dense(layer.Input, weights, layer.WeightOrNull("bias", weights.Shape[0]));
    }

    private static Value Conv(LayerNodeContext layer, int axes)
    {
        int groups = Groups(layer, axes);
        int[] open = [.. Enumerable.Repeat(-1, axes)];
        Value weights = layer.Weight("weight", [-1, layer.Input.Shape[1] / groups, .. open]);
        (int[]? pads, string? auto) = Padding(layer, axes);
        return layer.Onnx(
            "Conv",
            1,
            [layer.Input, weights, layer.WeightOrNull("bias", weights.Shape[0])],
            ("strides", layer.Settings.Ints("stride", axes)),
            ("pads", pads),
            ("auto_pad", auto),
            ("dilations", layer.Settings.Ints("dilation", axes)),
            ("group", groups))[0];
    }

    private static Value ConvTranspose(LayerNodeContext layer, int axes)
    {
        int groups = Groups(layer, axes);
        int[] open = [.. Enumerable.Repeat(-1, axes)];
        Value weights = layer.Weight("weight", [layer.Input.Shape[1], -1, .. open]);
        return layer.Onnx(
            "ConvTranspose",
            1,
            [layer.Input, weights, layer.WeightOrNull("bias", checked(weights.Shape[1] * groups))],
            ("strides", layer.Settings.Ints("stride", axes)),
            ("pads", Padding(layer, axes).Pads),
            ("output_padding", layer.Settings.Ints("output_padding", axes)),
            ("dilations", layer.Settings.Ints("dilation", axes)),
            ("group", groups))[0];
    }

    private static int Groups(LayerNodeContext layer, int axes)
    {
        RequireRank(layer, axes);
        int groups = layer.Settings.Int("groups") ?? 1;
        return groups >= 1 && layer.Input.Shape[1] % groups == 0 ? groups : throw layer.Settings.Fault($"has {groups} groups for {layer.Input.Shape[1]} channels");
    }

    // The same on both sides, as in torch.nn; 'same' puts the odd element at the end.
    private static (int[]? Pads, string? Auto) Padding(LayerNodeContext layer, int axes)
    {
        if (layer.Settings.Find("padding") is { ValueKind: System.Text.Json.JsonValueKind.String })
        {
            return layer.Settings.Text("padding") switch
            {
                "same" => (null, "SAME_UPPER"),
                "valid" => (null, null),
                { } other => throw layer.Settings.Fault($"has the padding '{other}'; supported are 'same' and 'valid'"),
                _ => (null, null),
            };
        }

        int[]? pads = layer.Settings.Ints("padding", axes);
        return (pads is null ? null : [.. pads, .. pads], null);
    }

    private static Value Pool(LayerNodeContext layer, string type, int axes)
    {
        RequireRank(layer, axes);
        int[] kernel = Required(layer, layer.Settings.Ints("kernel_size", axes), "kernel_size");
        bool average = type == "AveragePool";
        return layer.Onnx(
            type,
            1,
            [layer.Input],
            ("kernel_shape", kernel),
            ("strides", layer.Settings.Ints("stride", axes) ?? kernel),
            ("pads", Padding(layer, axes).Pads),
            ("ceil_mode", layer.Settings.Flag("ceil_mode")),
            ("count_include_pad", average ? !layer.Settings.Has("count_include_pad") || layer.Settings.Flag("count_include_pad") : null))[0];
    }

    private static Value BatchNorm(LayerNodeContext layer)
    {
        int channels = layer.Input.Shape.Length > 1 ? layer.Input.Shape[1] : 1;
        return layer.Onnx(
            "BatchNormalization",
            1,
            [
                layer.Input,
                layer.WeightOrNull("weight", channels) ?? Filled("weight", 1f, channels),
                layer.WeightOrNull("bias", channels) ?? Filled("bias", 0f, channels),
                layer.Weight("running_mean", channels),
                layer.Weight("running_var", channels),
            ],
            ("epsilon", layer.Settings.Number("eps") ?? 1e-5f))[0];
    }

    private static Value LayerNorm(LayerNodeContext layer)
    {
        int axes = layer.Settings.Int("axes") ?? 1;
        if (axes < 1 || axes >= layer.Input.Shape.Length)
        {
            throw layer.Settings.Fault($"spans the last {axes} axes of {GraphBuilder.Text(layer.Input.Shape)}");
        }

        int[] shape = layer.Input.Shape[^axes..];
        return layer.Builder.LayerNormalization(layer.Input, axes, layer.Settings.Number("eps") ?? 1e-5f, layer.WeightOrNull("weight", shape), layer.WeightOrNull("bias", shape));
    }

    private static Value Reshape(LayerNodeContext layer)
    {
        int[] shape = [.. Required(layer, layer.Settings.Ints("shape"), "shape")];
        int open = Array.IndexOf(shape, -1);
        long rest = shape.Where((_, i) => i != open).Aggregate(1L, (product, size) => checked(product * size));
        if (open >= 0 && rest > 0)
        {
            shape[open] = (int)(layer.Input.Elements / rest);
        }

        return layer.Builder.Reshape(layer.Input, [1, .. shape]);
    }

    // (x − mean) / std, one of each for all or for each of the last axis.
    private static Value Standardize(LayerNodeContext layer)
    {
        float[] mean = Required(layer, layer.Settings.Numbers("mean"), "mean");
        float[] deviation = Required(layer, layer.Settings.Numbers("std"), "std");
        if (Array.Exists(deviation, value => !(value > 0f)) || mean.Length != deviation.Length)
        {
            throw layer.Settings.Fault("needs one 'std' above 0 for each 'mean'");
        }

        int[] shape = mean.Length == 1 ? [] : [mean.Length];
        Value centred = layer.Builder.Arithmetic(Opcode.Sub, layer.Input, Value.Constant(layer.Id + ".mean", mean, shape));
        return layer.Builder.Arithmetic(Opcode.Mul, centred, Value.Constant(layer.Id + ".scale", Array.ConvertAll(deviation, value => 1f / value), shape));
    }

    private static Value Slopes(LayerNodeContext layer)
    {
        Value slopes = layer.Weight("weight", -1);
        return layer.Builder.Reshape(slopes, [slopes.Elements, .. layer.Input.Shape.Skip(2).Select(_ => 1)]);
    }

    private static Value Merge(LayerNodeContext layer, Opcode opcode) => layer.Inputs.Length >= 2
        ? layer.Inputs.Aggregate((a, b) => layer.Builder.Arithmetic(opcode, a, b))
        : throw layer.Settings.Fault("joins several tensors; name them in 'from'");

    private static Value Activate(LayerNodeContext layer, (ActivationFunction Function, SourceName Name)[] forms)
    {
        string? form = forms[0].Name.Form is var (setting, _) ? layer.Settings.Text(setting) : null;
        int index = form is null ? -1 : Array.FindIndex(forms, entry => entry.Name.Form?.Value == form);
        (ActivationFunction function, SourceName name) = forms[Math.Max(index, 0)];
        return layer.Builder.Activation(function.Kind, layer.Input, name.Alpha?.Read(layer.Settings.Number), name.Beta?.Read(layer.Settings.Number));
    }

    private static int Axis(LayerNodeContext layer, int axis)
    {
        int rank = layer.Input.Shape.Length;
        int positive = axis < 0 ? axis + rank : axis;
        return positive >= 1 && positive < rank ? positive : throw layer.Settings.Fault($"has the dim {axis} on {GraphBuilder.Text(layer.Input.Shape)}, whose first axis is the batch");
    }

    private static void RequireRank(LayerNodeContext layer, int axes)
    {
        if (layer.Input.Shape.Length != axes + 2)
        {
            throw layer.Settings.Fault($"takes [batch, channels{(axes == 2 ? ", height, width" : ", length")}] but gets {GraphBuilder.Text(layer.Input.Shape)}");
        }
    }

    private static Value Filled(string name, float value, int length) => Value.Constant(name, [.. Enumerable.Repeat(value, length)], length);

    private static T Required<T>(LayerNodeContext layer, T? setting, string key)
        where T : class => setting ?? throw layer.Settings.Fault($"needs '{key}'");
}
