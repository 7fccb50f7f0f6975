using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Convolutions over one or two axes.</summary>
internal static class ConvolutionLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("Conv1D", layer => Conv(layer, 1)),
        new("Conv2D", layer => Conv(layer, 2)),
        new("DepthwiseConv1D", layer => Depthwise(layer, 1)),
        new("DepthwiseConv2D", layer => Depthwise(layer, 2)),
        new("SeparableConv1D", layer => Separable(layer, 1)),
        new("SeparableConv2D", layer => Separable(layer, 2)),
        new("Conv1DTranspose", layer => Transposed(layer, 1)),
        new("Conv2DTranspose", layer => Transposed(layer, 2)),
    ];

    /// <summary>The input as [n, h, w, c].</summary>
    internal static Value Image(KerasLayer layer, int axes)
    {
        if (layer.Input.Shape.Length != axes + 2)
        {
            throw layer.Fault($"takes {axes + 2} dimensions but gets {GraphBuilder.Text(layer.Input.Shape)}");
        }

        Value x = layer.ChannelsFirst ? layer.Builder.ChannelsLast(layer.Input) : layer.Input;
        return axes == 2 ? x : layer.Builder.Reshape(x, x.Shape[0], 1, x.Shape[1], x.Shape[2]);
    }

    /// <summary>The way back from <see cref="Image"/>.</summary>
    internal static Value Unimage(KerasLayer layer, Value y, int axes)
    {
        Value last = axes == 2 ? y : layer.Builder.Reshape(y, y.Shape[0], y.Shape[2], y.Shape[3]);
        return layer.ChannelsFirst ? layer.Builder.ChannelsFirst(last) : last;
    }

    // Kernels are [places..., in / groups, out].
    private static Value Conv(KerasLayer layer, int axes)
    {
        Value x = Image(layer, axes);
        KerasTensor[] weights = Weights(layer, 1);
        int groups = layer.Int("groups", 1);
        int channels = x.Shape[3];
        if (groups < 1 || channels % groups != 0)
        {
            throw layer.Fault($"has {groups} groups for {channels} channels");
        }

        KerasTensor kernel = Kernel(layer, weights[0], axes, channels / groups, -1);
        int units = kernel.Shape[3];
        if (units % groups != 0)
        {
            throw layer.Fault($"has {groups} groups for {units} filters");
        }

        Value constant = kernel.Permute(3, 0, 1, 2).Constant(layer.Name + ".kernel", units, kernel.Shape[0], kernel.Shape[1], channels / groups);
        (Window vertical, Window horizontal) = Windows(layer, x, kernel, axes);
        Value y = layer.Builder.Conv(x, constant, layer.Bias(weights, 1, units), vertical, horizontal, groups);
        return KerasActivation.Apply(layer, Unimage(layer, y, axes));
    }

    private static Value Depthwise(KerasLayer layer, int axes)
    {
        Value x = Image(layer, axes);
        KerasTensor[] weights = Weights(layer, 1);
        Value? bias = layer.Bias(weights, 1, x.Shape[3] * layer.Int("depth_multiplier", 1));
        return KerasActivation.Apply(layer, Unimage(layer, Depthwise(layer, x, weights[0], bias, axes), axes));
    }

    // A depthwise convolution by [places..., in, multiplier], then one over single places.
    private static Value Separable(KerasLayer layer, int axes)
    {
        Value x = Image(layer, axes);
        KerasTensor[] weights = Weights(layer, 2);
        Value middle = Depthwise(layer, x, weights[0], null, axes);
        KerasTensor points = Kernel(layer, weights[1], axes, middle.Shape[3], -1);
        int units = points.Shape[3];
        layer.Require(points, 1, 1, middle.Shape[3], units);
        Value constant = points.Permute(3, 0, 1, 2).Constant(layer.Name + ".pointwise_kernel", units, 1, 1, middle.Shape[3]);
        Window rows = KerasWindows.None with { Outputs = middle.Shape[1] };
        Window columns = KerasWindows.None with { Outputs = middle.Shape[2] };
        Value y = layer.Builder.Conv(middle, constant, layer.Bias(weights, 2, units), rows, columns, 1);
        return KerasActivation.Apply(layer, Unimage(layer, y, axes));
    }

    private static Value Depthwise(KerasLayer layer, Value x, KerasTensor weights, Value? bias, int axes)
    {
        int channels = x.Shape[3];
        KerasTensor kernel = Kernel(layer, weights, axes, channels, -1);
        int units = channels * kernel.Shape[3];
        Value constant = kernel.Permute(2, 3, 0, 1).Constant(layer.Name + ".depthwise_kernel", units, kernel.Shape[0], kernel.Shape[1], 1);
        (Window vertical, Window horizontal) = Windows(layer, x, kernel, axes);
        return layer.Builder.Conv(x, constant, bias, vertical, horizontal, channels);
    }

    // Kernels are [places..., out, in].
    private static Value Transposed(KerasLayer layer, int axes)
    {
        Value x = Image(layer, axes);
        KerasTensor[] weights = Weights(layer, 1);
        KerasTensor kernel = Kernel(layer, weights[0], axes, -1, x.Shape[3]);
        int units = kernel.Shape[2];
        int[] strides = layer.Ints("strides", axes, 1);
        int[] dilations = layer.Ints("dilation_rate", axes, 1);
        int?[] extra = layer.Floats("output_padding") is null ? new int?[axes] : Array.ConvertAll(layer.Ints("output_padding", axes, 0), size => (int?)size);
        Window vertical = axes == 2 ? KerasWindows.Transposed(layer, x.Shape[1], kernel.Shape[0], strides[0], dilations[0], extra[0]) : KerasWindows.None;
        Window horizontal = KerasWindows.Transposed(layer, x.Shape[2], kernel.Shape[1], strides[^1], dilations[^1], extra[^1]);
        Value constant = kernel.Permute(2, 0, 1, 3).Constant(layer.Name + ".kernel", units, kernel.Shape[0], kernel.Shape[1], x.Shape[3]);
        Value y = layer.Builder.ConvTranspose(x, constant, layer.Bias(weights, 1, units), vertical, horizontal, 1);
        return KerasActivation.Apply(layer, Unimage(layer, y, axes));
    }

    private static KerasTensor[] Weights(KerasLayer layer, int kernels) => layer.Weights(layer.Flag("use_bias", missing: true) ? kernels + 1 : kernels);

    /// <summary>A kernel over two axes, checked.</summary>
    private static KerasTensor Kernel(KerasLayer layer, KerasTensor kernel, int axes, int third, int fourth)
    {
        int[] open = [.. Enumerable.Repeat(-1, axes)];
        layer.Require(kernel, [.. open, third, fourth]);
        return axes == 2 ? kernel : new KerasTensor([1, .. kernel.Shape], kernel.Data);
    }

    private static (Window Vertical, Window Horizontal) Windows(KerasLayer layer, Value x, KerasTensor kernel, int axes)
    {
        int[] strides = layer.Ints("strides", axes, 1);
        int[] dilations = layer.Ints("dilation_rate", axes, 1);
        Window vertical = axes == 2 ? KerasWindows.Of(layer, x.Shape[1], kernel.Shape[0], strides[0], dilations[0]) : KerasWindows.None;
        return (vertical, KerasWindows.Of(layer, x.Shape[2], kernel.Shape[1], strides[^1], dilations[^1]));
    }
}
