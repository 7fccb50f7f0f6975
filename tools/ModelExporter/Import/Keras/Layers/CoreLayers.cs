using ModelExporter.Graphs;

namespace ModelExporter.Import.Keras.Layers;

/// <summary>Dense, Embedding, and what does nothing at inference.</summary>
internal static class CoreLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("InputLayer", layer => layer.Input),
        new("ActivityRegularization", layer => layer.Input),
        new("Identity", layer => layer.Input),
        new("Dense", Dense),
        new("Embedding", Embedding),
    ];

    private static Value Dense(KerasLayer layer)
    {
        KerasTensor[] weights = layer.Weights(layer.Flag("use_bias", missing: true) ? 2 : 1);
        int depth = layer.Input.LastDimension;
        layer.Require(weights[0], depth, -1);
        int units = weights[0].Shape[1];
        Value kernel = weights[0].Permute(1, 0).Constant(layer.Name + ".kernel", units, depth);
        return KerasActivation.Apply(layer, layer.Builder.Dense(layer.Input, kernel, layer.Bias(weights, 1, units)));
    }

    private static Value Embedding(KerasLayer layer)
    {
        if (layer.Flag("mask_zero"))
        {
            throw layer.Fault("masks the index 0, and masks are not supported");
        }

        KerasTensor table = layer.Weights(1)[0];
        layer.Require(table, -1, -1);
        return layer.Builder.Gather(table.Constant(layer.Name + ".embeddings", table.Shape), layer.Input, 0);
    }
}
