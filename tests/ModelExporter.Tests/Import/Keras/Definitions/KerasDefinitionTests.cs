using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Import.Keras;

namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>Every layer of the importer's table against its definition in Keras, with each setting left out in turn, so that each default is held.</summary>
public class KerasDefinitionTests
{
    private const double Tolerance = 2e-5;

    // Active in training only, as their documentation says; RandomLayerTests runs images through those with settings.
    private static readonly string[] doNothing =
    [
        "InputLayer", "ActivityRegularization", "Identity", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
        "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
        "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness",
        "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom", "AugMix", "CutMix", "MixUp", "RandAugment", "RandomCrop",
    ];

    // Its inputs are no numbers; CategoryLayerTests has its definition.
    private const string OfText = "StringLookup";

    public static TheoryData<int, string> Cases => [.. KerasCases.All.Select((entry, i) => (i, entry.ToString()))];

    [Fact]
    public void Every_layer_of_the_table_has_a_definition() =>
        Assert.Equal(KerasLayers.All.Keys.Order(StringComparer.Ordinal), KerasCases.All.Select(entry => entry.Kind).Concat(doNothing).Append(OfText).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_is_what_Keras_defines_with_each_setting_left_out_too(int index, string name)
    {
        KerasCase entry = KerasCases.All[index];
        foreach (string version in new[] { "2.15.0", "3.15.1" })
        {
            // What goes by the version are the formulas of activations, and no defaults.
            foreach ((string left, JsonObject settings) in entry.Variants().Where(variant => version[0] == '3' || variant.Left == "nothing"))
            {
                (float[] actual, double[] expected) = entry.Run(settings, version, 11 + index);
                Assert.True(expected.Length == actual.Length, $"{name}, without {left}: {actual.Length} outputs and not {expected.Length}");
                double bound = Tolerance * Math.Max(1, expected.Max(Math.Abs));
                for (int i = 0; i < actual.Length; i++)
                {
                    Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{name}, without {left}, version {version}: output {i} is {actual[i]} and not {expected[i]}");
                }
            }
        }
    }

    [Fact]
    public void What_is_active_in_training_only_gives_what_it_reads()
    {
        foreach (string kind in doNothing.Except(["InputLayer"]))
        {
            var entry = new KerasCase(kind, """{"height": 2, "width": 3}""", [[2, 3, 2]], _ => [], (_, x, _) => [x[0]], ["height", "width"]);
            (float[] actual, double[] expected) = entry.Run(entry.Settings, "3.15.1", 5);
            Assert.Equal(expected, Array.ConvertAll(actual, value => (double)value));
        }
    }
}
