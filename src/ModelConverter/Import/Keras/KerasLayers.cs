using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras.Layers;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>The layers that are imported, by their class names.</summary>
internal static class KerasLayers
{
    internal static readonly IReadOnlyDictionary<string, Func<KerasLayer, Value[]>> All =
        new[] { CoreLayers.Rows, RandomLayers.Rows, ActivationLayers.Rows, MergeLayers.Rows, ShapeLayers.Rows, ConvolutionLayers.Rows, PoolingLayers.Rows, NormalizationLayers.Rows, CategoryLayers.Rows, RecurrentLayers.Rows, WrapperLayers.Rows }
            .SelectMany(rows => rows)
            .ToDictionary(row => row.Kind, row => row.Convert, StringComparer.Ordinal);
}

/// <summary>A row of the table: a layer's class and what turns a call of it into operators.</summary>
internal sealed record KerasLayerRow(string Kind, Func<KerasLayer, Value[]> Convert)
{
    /// <summary>A layer with one output.</summary>
    internal KerasLayerRow(string kind, Func<KerasLayer, Value> convert)
        : this(kind, layer => [convert(layer)])
    {
    }
}
