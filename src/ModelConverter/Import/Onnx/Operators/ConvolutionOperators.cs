using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Convolutions. The engine keeps channels last, so that each stands between two transpositions, which the optimizer then removes.</summary>
internal static class ConvolutionOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Conv", Conv),
        new("ConvTranspose", ConvTranspose),
    ];

    /// <summary>A convolution over values that the call's attributes describe; also behind the quantized forms.</summary>
    /// <param name="call">The node.</param>
    /// <param name="x">[n, channels, ...].</param>
    /// <param name="weights">[out, channels / groups, ...].</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="configure">What makes another form of the float32 operator, or null.</param>
    internal static Value Convolve(OnnxNodeContext call, Value x, Value weights, Value? bias, Action<Node>? configure = null)
    {
        int[] kernel = Kernel(call, x, weights);
        return Convolve(call, x, weights, OnnxWindows.Read(call, x, kernel), Groups(call), bias, configure);
    }

    /// <summary>A convolution over given windows.</summary>
    internal static Value Convolve(OnnxNodeContext call, Value x, Value weights, Window[] windows, int groups, Value? bias, Action<Node>? configure = null)
    {
        int axes = x.Shape.Length - 2;
        if (axes > 2 || weights.Shape[1] * (long)groups != x.Shape[1] || weights.Shape[0] % groups != 0)
        {
            throw call.Fault($"convolves {GraphBuilder.Text(x.Shape)} with {GraphBuilder.Text(weights.Shape)} in {groups} groups; one or two axes are supported");
        }

        Value y = call.Builder.Conv(
            Image(call.Builder, x),
            Image(WeightBuilder(call, configure), weights),
            bias,
            axes == 2 ? windows[0] : new Window(1, 1, 1, 0, 0, 1),
            windows[^1],
            groups,
            configure);
        return Unimage(call.Builder, y, axes);
    }

    // Another form takes its weights from a constant, beyond what may be computed at import or not.
    private static GraphBuilder WeightBuilder(OnnxNodeContext call, Action<Node>? configure) => configure is null ? call.Builder : new GraphBuilder(new Graph());

    /// <summary>[n, c, l] or [n, c, h, w] as [n, h, w, c].</summary>
    internal static Value Image(GraphBuilder builder, Value x)
    {
        Value last = builder.ChannelsLast(x);
        return last.Shape.Length == 3 ? builder.Reshape(last, last.Shape[0], 1, last.Shape[1], last.Shape[2]) : last;
    }

    /// <summary>The way back from <see cref="Image"/>.</summary>
    internal static Value Unimage(GraphBuilder builder, Value y, int axes) =>
        builder.ChannelsFirst(axes == 2 ? y : builder.Reshape(y, y.Shape[0], y.Shape[2], y.Shape[3]));

    private static void Conv(OnnxNodeContext call)
    {
        Value weights = RequireConstant(call, 1);
        Value? bias = call.Has(2) ? RequireConstant(call, 2) : null;
        call.Output(Convolve(call, call.Input(0), weights, bias));
    }

    private static Value RequireConstant(OnnxNodeContext call, int position)
    {
        call.Constants(position);
        return call.Input(position);
    }

    private static int Groups(OnnxNodeContext call)
    {
        long groups = call.Int("group", 1);
        return groups is >= 1 and <= 1 << 24 ? (int)groups : throw call.Fault($"has {groups} groups");
    }

    private static int[] Kernel(OnnxNodeContext call, Value x, Value weights)
    {
        if (x.Shape.Length < 3 || weights.Shape.Length != x.Shape.Length)
        {
            throw call.Fault($"convolves {GraphBuilder.Text(x.Shape)} with {GraphBuilder.Text(weights.Shape)}");
        }

        int[] kernel = weights.Shape[2..];
        if (call.Ints("kernel_shape") is { } declared && !declared.SequenceEqual(kernel.Select(size => (long)size)))
        {
            throw call.Fault($"declares the kernel [{string.Join(", ", declared)}] and has weights of {GraphBuilder.Text(weights.Shape)}");
        }

        return kernel;
    }

    private static void ConvTranspose(OnnxNodeContext call)
    {
        Value weights = RequireConstant(call, 1);
        Value? bias = call.Has(2) ? RequireConstant(call, 2) : null;
        call.Output(ConvolveTransposed(call, call.Input(0), weights, bias));
    }

    /// <summary>A transposed convolution that the call's attributes describe; parameters as <see cref="Convolve(OnnxNodeContext, Value, Value, Value, Action{Node})"/>, weights [in, out / groups, ...].</summary>
    internal static Value ConvolveTransposed(OnnxNodeContext call, Value x, Value weights, Value? bias, Action<Node>? configure = null)
    {
        int axes = x.Shape.Length - 2;
        int[] kernel = Kernel(call, x, weights);
        int groups = Groups(call);
        if (axes > 2 || weights.Shape[0] != x.Shape[1] || weights.Shape[0] % groups != 0)
        {
            throw call.Fault($"convolves {GraphBuilder.Text(x.Shape)} with {GraphBuilder.Text(weights.Shape)} in {groups} groups; one or two axes are supported");
        }

        Window[] windows = TransposedWindows(call, x, kernel, axes);
        GraphBuilder builder = call.Builder;

        // ONNX has [in, out / groups, ...]; the engine, as for Conv, [out, ..., in / groups].
        int perGroup = weights.Shape[0] / groups;
        GraphBuilder constants = WeightBuilder(call, configure);
        Value grouped = constants.Reshape(weights, [groups, perGroup, weights.Shape[1], .. kernel]);
        Value swapped = constants.Transpose(grouped, [0, 2, .. Enumerable.Range(3, axes), 1]);
        int units = weights.Shape[1] * groups;
        Value arranged = constants.Reshape(swapped, axes == 2 ? [units, kernel[0], kernel[1], perGroup] : [units, 1, kernel[0], perGroup]);
        Value y = builder.ConvTranspose(
            Image(builder, x),
            arranged,
            bias,
            axes == 2 ? windows[0] : new Window(1, 1, 1, 0, 0, 1),
            windows[^1],
            groups,
            configure);
        return Unimage(builder, y, axes);
    }

    private static Window[] TransposedWindows(OnnxNodeContext call, Value x, int[] kernel, int axes)
    {
        int[] strides = OnnxWindows.Sizes(call, "strides", axes);
        int[] dilations = OnnxWindows.Sizes(call, "dilations", axes);
        (int[] begins, int[] ends) = OnnxWindows.Pads(call, axes);
        string autoPad = call.Text("auto_pad", "NOTSET");
        long[] extra = call.Ints("output_padding") ?? new long[axes];
        long[]? requested = call.Ints("output_shape");
        if (extra.Length != axes || Array.Exists(extra, pad => pad is < 0 or > 1 << 24) || (requested is not null && requested.Length != axes))
        {
            throw call.Fault("has an output_padding or output_shape for a different number of axes");
        }

        var windows = new Window[axes];
        for (int i = 0; i < axes; i++)
        {
            long full = ((x.Shape[2 + i] - 1L) * strides[i]) + extra[i] + ((kernel[i] - 1L) * dilations[i]) + 1;
            bool same = autoPad is "SAME_UPPER" or "SAME_LOWER";
            long begin = begins[i];
            long outputs = full - begins[i] - ends[i];
            if (requested is not null || same)
            {
                outputs = requested?[i] ?? (x.Shape[2 + i] * (long)strides[i]);
                long total = Math.Max(full - outputs, 0);
                begin = autoPad == "SAME_UPPER" ? total / 2 : total - (total / 2);
            }

            if (outputs is < 1 or > int.MaxValue)
            {
                throw call.Fault($"produces {outputs} elements on axis {2 + i}");
            }

            windows[i] = new Window(kernel[i], strides[i], dilations[i], (int)begin, 0, (int)outputs);
        }

        return windows;
    }
}
