using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Layers that change training data by chance: what they read, they give on unchanged at inference.</summary>
internal static class RandomLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        .. new[]
        {
            "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
            "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomElasticTransform", "RandomErasing",
            "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective",
            "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation",
            "RandomWidth", "RandomZoom", "AugMix", "CutMix", "MixUp", "RandAugment",
        }.Select(kind => new KerasLayerRow(kind, layer => layer.Input)),
        new("RandomCrop", Crop),
    ];

    // Versions differ in what they give at inference where the size changes: a crop of the middle, a smaller image, or all of it.
    private static Value Crop(KerasLayer layer)
    {
        int[] shape = layer.Input.Shape;
        int first = layer.ChannelsFirst ? shape.Length - 2 : shape.Length - 3;
        int height = layer.Int("height", -1);
        int width = layer.Int("width", -1);
        return first >= 1 && shape[first] == height && shape[first + 1] == width
            ? layer.Input
            : throw layer.Fault($"crops {GraphBuilder.Text(shape)} to {height} x {width}, which differs between Keras versions; use CenterCrop, Resizing or Cropping2D before the model, or inputs of that size");
    }
}
