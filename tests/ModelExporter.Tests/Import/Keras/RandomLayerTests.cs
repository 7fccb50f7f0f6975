using EdgeInference.ModelConverter.Import.Keras;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>Layers that change training data by chance do nothing at inference.</summary>
public class RandomLayerTests
{
    [Fact]
    public void A_model_with_a_random_layer_equals_its_formula_without_it()
    {
        string path = KerasArrays.Handed("layer_RandomFlip.keras");
        double[][] weights = [.. new[] { "dense/vars/0", "dense/vars/1", "dense_1/vars/0", "dense_1/vars/1" }.Select(name => KerasArrays.Read(path, "layers/" + name))];
        var graph = KerasImporter.Import(path);
        foreach (float[] x in (float[][])[[1f, -2f, 0.5f, 3f], [-0.25f, 0f, 4f, -1f], [0f, 0f, 0f, 0f]])
        {
            double[] hidden = [.. KerasArrays.Dense([.. x], weights[0], weights[1]).Select(value => Math.Max(0, value))];
            double expected = KerasArrays.Sigmoid(KerasArrays.Dense(hidden, weights[2], weights[3])[0]);
            Assert.Equal(expected, Assert.Single(KerasArrays.Run(graph, x)), 1e-6);
        }
    }

    // Keras' documentation names each of them as active in training only.
    [Theory]
    [InlineData("RandomBrightness", """{"factor": [-0.5, 0.5], "value_range": [0, 255]}""")]
    [InlineData("RandomContrast", """{"factor": 0.3}""")]
    [InlineData("RandomFlip", """{"mode": "horizontal"}""")]
    [InlineData("RandomHeight", """{"factor": 0.2}""")]
    [InlineData("RandomHue", """{"factor": 0.2}""")]
    [InlineData("RandomRotation", """{"factor": 0.2}""")]
    [InlineData("RandomTranslation", """{"height_factor": 0.2, "width_factor": 0.2}""")]
    [InlineData("RandomWidth", """{"factor": 0.2}""")]
    [InlineData("RandomZoom", """{"height_factor": 0.2}""")]
    [InlineData("RandomErasing", """{"factor": 1.0}""")]
    [InlineData("RandAugment", """{"num_ops": 2}""")]
    [InlineData("GaussianNoise", """{"stddev": 9.0}""")]
    [InlineData("GaussianDropout", """{"rate": 0.5}""")]
    [InlineData("AlphaDropout", """{"rate": 0.5}""")]
    [InlineData("SpatialDropout2D", """{"rate": 0.5}""")]
    [InlineData("RandomCrop", """{"height": 2, "width": 3}""")]
    public void An_image_passes_unchanged(string kind, string settings)
    {
        float[] image = [.. Enumerable.Range(0, 12).Select(i => (i * 23f) - 7f)];
        Assert.Equal([.. image.Select(value => value / 2)], KerasArrays.Run(Model(kind, settings).Import(), image));
    }

    [Fact]
    public void A_random_crop_that_changes_the_size_is_refused() =>
        Assert.Contains("crops [1, 2, 3, 2] to 2 x 2", Assert.Throws<InputException>(() => Model("RandomCrop", """{"height": 2, "width": 2}""").Import()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("AutoContrast")]
    [InlineData("CLAHE")]
    [InlineData("Solarization")]
    public void What_changes_images_at_inference_too_is_no_random_layer(string kind) =>
        Assert.Contains($"not supported: {kind};", Assert.Throws<InputException>(() => Model(kind, "{}").Import()).Message, StringComparison.Ordinal);

    // The Rescaling behind it makes the result differ from the input.
    private static KerasArchiveBuilder Model(string kind, string settings) => new KerasArchiveBuilder()
        .Layer("InputLayer", "x", """{"batch_shape": [null, 2, 3, 2]}""")
        .Layer(kind, "random", settings)
        .Layer("Rescaling", "half", """{"scale": 0.5, "offset": 0.0}""");
}
