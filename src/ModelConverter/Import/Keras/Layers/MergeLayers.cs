using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Layers that join several tensors.</summary>
internal static class MergeLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("Add", layer => Merge(layer, (builder, a, b) => builder.Arithmetic(Opcode.Add, a, b))),
        new("Subtract", layer => Merge(layer, (builder, a, b) => builder.Arithmetic(Opcode.Sub, a, b))),
        new("Multiply", layer => Merge(layer, (builder, a, b) => builder.Arithmetic(Opcode.Mul, a, b))),
        new("Maximum", layer => Merge(layer, (builder, a, b) => builder.Binary(BinaryKind.Max, a, b))),
        new("Minimum", layer => Merge(layer, (builder, a, b) => builder.Binary(BinaryKind.Min, a, b))),
        new("Average", Average),
        new("Concatenate", layer => layer.Builder.Concat(layer.Axis(layer.Int("axis", -1)), Several(layer))),
    ];

    private static Value Merge(KerasLayer layer, Func<GraphBuilder, Value, Value, Value> join) =>
        Several(layer).Aggregate((a, b) => join(layer.Builder, a, b));

    private static Value Average(KerasLayer layer)
    {
        Value sum = Merge(layer, (builder, a, b) => builder.Arithmetic(Opcode.Add, a, b));
        return layer.Builder.Arithmetic(Opcode.Mul, sum, layer.Builder.Scalar(1.0 / layer.Inputs.Length));
    }

    // One of Keras 3's operations of the same name may have a number as its second argument.
    private static Value[] Several(KerasLayer layer) =>
        layer.Inputs.Length >= 2 ? layer.Inputs : throw layer.Fault("joins fewer than two tensors");
}
