using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Poolings over one or two axes.</summary>
internal static class PoolingLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("MaxPooling1D", layer => Pool(layer, Opcode.MaxPool, 1)),
        new("MaxPooling2D", layer => Pool(layer, Opcode.MaxPool, 2)),
        new("AveragePooling1D", layer => Pool(layer, Opcode.AveragePool, 1)),
        new("AveragePooling2D", layer => Pool(layer, Opcode.AveragePool, 2)),
        new("GlobalMaxPooling1D", layer => Global(layer, Opcode.MaxPool, 1)),
        new("GlobalMaxPooling2D", layer => Global(layer, Opcode.MaxPool, 2)),
        new("GlobalAveragePooling1D", layer => Global(layer, Opcode.AveragePool, 1)),
        new("GlobalAveragePooling2D", layer => Global(layer, Opcode.AveragePool, 2)),
    ];

    private static Value Pool(KerasLayer layer, Opcode opcode, int axes)
    {
        Value x = ConvolutionLayers.Image(layer, axes);
        int[] sizes = layer.Ints("pool_size", axes, 2);
        bool own = layer.Floats("strides") is not null;
        int[] strides = own ? layer.Ints("strides", axes, 1) : sizes;
        Window vertical = axes == 2 ? KerasWindows.Of(layer, x.Shape[1], sizes[0], strides[0], 1) : KerasWindows.None;
        Window horizontal = KerasWindows.Of(layer, x.Shape[2], sizes[^1], strides[^1], 1);
        return ConvolutionLayers.Unimage(layer, layer.Builder.Pool(opcode, x, vertical, horizontal), axes);
    }

    private static Value Global(KerasLayer layer, Opcode opcode, int axes)
    {
        Value x = ConvolutionLayers.Image(layer, axes);
        Value y = layer.Builder.Pool(opcode, x, KerasWindows.None with { Kernel = x.Shape[1] }, KerasWindows.None with { Kernel = x.Shape[2] });
        if (!layer.Flag("keepdims"))
        {
            return layer.Builder.Reshape(y, 1, y.Shape[3]);
        }

        return ConvolutionLayers.Unimage(layer, y, axes);
    }
}
