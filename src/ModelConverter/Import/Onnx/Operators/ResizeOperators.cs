using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Images in another size: each axis for itself, by copies or by lines between neighbours.</summary>
internal static class ResizeOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Resize", Resize),
        new("Upsample", call => Convert(call, Sizes(call, call.Input(0), 1, 2), "asymmetric", "floor")),
    ];

    // Opset 10 does not name its rounding: towards what is left out where an axis gets smaller, as in ONNX Runtime.
    private const string Oldest = "";

    private static void Resize(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        call.Ignore("cubic_coeff_a", "extrapolation_value", "exclude_outside");
        Axis[] axes = call.Opset < 11 ? Sizes(call, x, 1, 2) : Sizes(call, x, 2, 3);
        string coordinates = call.Text("coordinate_transformation_mode", call.Opset < 11 ? "asymmetric" : "half_pixel");
        string nearest = call.Opset < 11 ? Oldest : call.Text("nearest_mode", "round_prefer_floor");
        if (call.Flag("antialias") && Array.Exists(axes, axis => axis.Scale < 1f))
        {
            throw call.Fault("has antialias set, which is not supported; downscale the image before the model");
        }

        Convert(call, axes, coordinates, nearest);
    }

    private static void Convert(OnnxNodeContext call, Axis[] axes, string coordinates, string nearest)
    {
        Value x = call.Input(0);
        string mode = call.Text("mode", "nearest");
        if (mode is not ("nearest" or "linear" or "bilinear"))
        {
            throw call.Fault($"has the interpolation mode '{mode}'; 'nearest' and 'linear' are supported");
        }

        // As the convolutions around it have their channels.
        bool image = axes.Length > 2 && axes[0].IsSame && axes[1].IsSame;
        Value y = image ? call.Builder.ChannelsLast(x) : x;
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i].IsSame)
            {
                continue;
            }

            Axis axis = axes[i];
            if (y.Elements / y.Shape[image ? i - 1 : i] * (long)axis.Outputs > FormatLayout.MaxArenaBytes / sizeof(float))
            {
                throw call.Fault($"resizes {axis.Inputs} elements to {axis.Outputs} on axis {i}, more than a tensor may have");
            }

            float[] places = [.. Enumerable.Range(0, axis.Outputs).Select(place => Place(call, axis, place, coordinates))];
            y = mode == "nearest"
                ? call.Builder.Gather(y, Value.Constant(call.Builder.Name + ".places", Array.ConvertAll(places, place => Nearest(call, axis, place, nearest)), places.Length), image ? i - 1 : i)
                : call.Builder.Interpolate(y, image ? i - 1 : i, places);
        }

        call.Output(image ? call.Builder.ChannelsFirst(y) : y);
    }

    // By scales or by sizes, all axes or those of an attribute.
    private static Axis[] Sizes(OnnxNodeContext call, Value x, int scalesAt, int sizesAt)
    {
        int rank = x.Shape.Length;
        int[] listed = call.Ints("axes") is { } some ? Array.ConvertAll(some, axis => call.Axis(axis, rank)) : [.. Enumerable.Range(0, rank)];
        string policy = call.Text("keep_aspect_ratio_policy", "stretch");
        float[]? scales = call.Floats("scales") ?? (call.Has(scalesAt) && call.Constants(scalesAt) is { Length: > 0 } given ? given : null);
        float[]? sizes = scales is null && call.Has(sizesAt) ? call.Constants(sizesAt) : null;
        float[] numbers = scales ?? sizes ?? throw call.Fault("is missing both scales and sizes");
        if (numbers.Length != listed.Length || Array.Exists(numbers, number => !(number > 0f) || number > 1 << 24))
        {
            throw call.Fault($"has [{string.Join(", ", numbers)}] for {listed.Length} axes");
        }

        if (sizes is not null && policy != "stretch")
        {
            IEnumerable<float> quotients = sizes.Zip(listed, (size, axis) => size / x.Shape[axis]);
            float scale = policy == "not_larger" ? quotients.Min() : quotients.Max();
            sizes = Array.ConvertAll(listed, axis => MathF.Floor((scale * x.Shape[axis]) + 0.5f));
            scales = [.. listed.Select(_ => scale)];
        }

        Axis[] axes = Array.ConvertAll(x.Shape, size => new Axis(size, size, 1f, size));
        for (int i = 0; i < listed.Length; i++)
        {
            int inputs = x.Shape[listed[i]];
            float outputs = sizes?[i] ?? MathF.Floor(inputs * scales![i]);
            axes[listed[i]] = outputs is >= 1f and <= 1 << 24
                ? new Axis(inputs, (int)outputs, scales?[i] ?? outputs / inputs, sizes is null ? inputs * scales![i] : outputs)
                : throw call.Fault($"resizes {inputs} elements to {outputs} on axis {listed[i]}");
        }

        return axes;
    }

    // In float32, as ONNX Runtime does: where a place is on the edge between two elements, that decides.
    private static float Place(OnnxNodeContext call, Axis axis, int place, string coordinates) => coordinates switch
    {
        "half_pixel" => ((place + 0.5f) / axis.Scale) - 0.5f,
        "pytorch_half_pixel" => axis.Outputs > 1 ? ((place + 0.5f) / axis.Scale) - 0.5f : 0f,
        "half_pixel_symmetric" => (axis.Inputs / 2f * (1f - (axis.Outputs / (axis.Scale * axis.Inputs)))) + ((place + 0.5f) / axis.Scale) - 0.5f,
        "align_corners" => axis.Outputs > 1 ? place * (axis.Inputs - 1f) / (axis.Length - 1f) : 0f,
        "asymmetric" => place / axis.Scale,
        "tf_half_pixel_for_nn" => (place + 0.5f) / axis.Scale,
        _ => throw call.Fault($"has the coordinate mode '{coordinates}', which is not supported; export it with 'half_pixel', 'asymmetric' or 'align_corners'"),
    };

    private static float Nearest(OnnxNodeContext call, Axis axis, float place, string mode) => Math.Clamp(
        mode switch
        {
            "round_prefer_floor" => MathF.Ceiling(place - 0.5f),
            "round_prefer_ceil" => MathF.Floor(place + 0.5f),
            "floor" => MathF.Floor(place),
            "ceil" => MathF.Ceiling(place),
            Oldest => axis.Scale < 1f ? MathF.Ceiling(place) : MathF.Floor(place),
            _ => throw call.Fault($"has the unknown nearest_mode '{mode}'"),
        },
        0f,
        axis.Inputs - 1);

    // The length is that of the result before it becomes a whole number.
    private readonly record struct Axis(int Inputs, int Outputs, float Scale, float Length)
    {
        internal bool IsSame => Inputs == Outputs && Scale == 1f;
    }
}
