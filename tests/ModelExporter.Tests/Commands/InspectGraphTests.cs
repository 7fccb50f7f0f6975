using System.Text.Json;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary><c>edge inspect</c> on a trained model: its graph before and after the passes.</summary>
public sealed class InspectGraphTests
{
    [Fact]
    public void A_convolutional_network_is_shown_before_and_after_the_passes()
    {
        using JsonDocument json = JsonDocument.Parse(Run("inspect", TestData.Data("digits_cnn.onnx"), "--json"));
        JsonElement imported = json.RootElement.GetProperty("imported");
        JsonElement optimized = json.RootElement.GetProperty("optimized");
        Assert.Equal(2, json.RootElement.GetProperty("source").GetProperty("Conv").GetInt32());
        Assert.Equal(2, imported.GetProperty("operators").GetProperty("Conv").GetInt32());
        Assert.True(imported.GetProperty("operators").GetProperty("Transpose").GetInt32() > 0);
        Assert.False(optimized.GetProperty("operators").TryGetProperty("Transpose", out _));
        Assert.Equal(optimized.GetProperty("nodes").GetArrayLength(), Total(optimized.GetProperty("operators")));
        Assert.Contains(optimized.GetProperty("nodes").EnumerateArray(), node => node.GetProperty("operator").GetString() == "Conv" && node.GetProperty("activation").GetString() == "ReLU");

        // What the passes took and put in is the whole difference.
        JsonElement[] passes = [.. json.RootElement.GetProperty("passes").EnumerateArray()];
        int difference = passes.Sum(pass => Total(pass.GetProperty("added")) - Total(pass.GetProperty("removed")));
        Assert.Equal(Total(optimized.GetProperty("operators")) - Total(imported.GetProperty("operators")), difference);
        JsonElement fusion = passes.Single(pass => pass.GetProperty("pass").GetString() == "activation fusion");
        Assert.Equal(2, fusion.GetProperty("removed").GetProperty("Activation").GetInt32());
    }

    [Theory]
    [InlineData("keras/functional.keras", null, "LayerNormalization")]
    [InlineData("weights/image.safetensors", "weights/image.json", "ConvTranspose")]
    public void Every_kind_of_trained_model_is_shown(string file, string? layers, string expected)
    {
        string[] more = layers is null ? [] : ["--layers", Fixture(layers)];
        string text = Run(["inspect", Fixture(file), .. more]);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("after the passes", text, StringComparison.Ordinal);
        Assert.Contains("activation fusion", text, StringComparison.Ordinal);
    }

    private static int Total(JsonElement counts) => counts.EnumerateObject().Sum(count => count.Value.GetInt32());

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", name);

    private static string Run(params string[] arguments)
    {
        Assert.Equal((EdgeCommand.Done, ""), CommandLine.Run(out string text, arguments));
        return text;
    }
}
