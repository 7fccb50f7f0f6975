using PureHDF;

namespace ModelExporter.Import.Keras;

/// <summary>The weights of the layers of a Keras <c>.h5</c> file, by layer and in the order in which Keras lists them.</summary>
internal sealed class KerasWeights(IH5Group root)
{
    /// <summary>A layer's arrays, row-major.</summary>
    internal float[][] Of(string layer)
    {
        IH5Group group = root.Group(layer);
        string[] names = group.AttributeExists("weight_names") ? group.Attribute("weight_names").Read<string[]>() : [];
        return Array.ConvertAll(names, name => group.Dataset(name).Read<float[]>());
    }
}
