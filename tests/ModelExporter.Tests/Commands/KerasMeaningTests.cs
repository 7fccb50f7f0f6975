using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>
/// What the output of a Keras model means, from the file to the decision. All models here are one: class 1 where 15 − x₀ is above 0,
/// with the sigmoid of that as its probability. Only their ends and their losses differ.
/// </summary>
public sealed class KerasMeaningTests : IDisposable
{
    private const string FromLogits = """{"module": "keras.losses", "class_name": "%", "config": {"from_logits": true, "name": "loss"}, "registered_name": null}""";

    private readonly string folder = Directory.CreateTempSubdirectory("edge-keras-meaning-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string, string, string?> Deciding => new()
    {
        { "a sigmoid in the layer", """[{"Dense": {"units": 1, "activation": "sigmoid"}}]""", null },
        { "a sigmoid of its own", """[{"Dense": {"units": 1}}, {"Activation": {"activation": "sigmoid"}}]""", "\"mse\"" },
        { "a softmax in the layer", """[{"Dense": {"units": 2, "activation": "softmax"}}]""", "\"sparse_categorical_crossentropy\"" },
        { "a softmax of its own", """[{"Dense": {"units": 2}}, {"Softmax": {"axis": -1}}]""", null },
        { "a shape behind it", """[{"Dense": {"units": 2, "activation": "softmax"}}, {"Reshape": {"target_shape": [2, 1]}}, {"Flatten": {}}]""", null },
        { "a logarithm of softmax", """[{"Dense": {"units": 2, "activation": "log_softmax"}}]""", null },
        { "binary logits", """[{"Dense": {"units": 1}}]""", FromLogits.Replace("%", "BinaryCrossentropy", StringComparison.Ordinal) },
        { "binary logits in a list", """[{"Dense": {"units": 1}}]""", $"[{FromLogits.Replace("%", "BinaryFocalCrossentropy", StringComparison.Ordinal)}]" },
        { "binary logits by name", """[{"Dense": {"units": 1}}]""", $$"""{"dense": {{FromLogits.Replace("%", "BinaryCrossentropy", StringComparison.Ordinal)}}}""" },
        { "logits", """[{"Dense": {"units": 2}}]""", FromLogits.Replace("%", "CategoricalCrossentropy", StringComparison.Ordinal) },
        { "sparse logits", """[{"Dense": {"units": 2}}]""", FromLogits.Replace("%", "SparseCategoricalCrossentropy", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Deciding))]
    public void Every_end_of_one_classifier_decides_alike(string end, string layers, string? loss)
    {
        foreach (string source in (string[])[Archive(layers, loss), WholeModel(layers, loss)])
        {
            string model = Export(source, out string said);
            Assert.Equal(end.Contains("logits", StringComparison.Ordinal), said.Contains("The model was trained with", StringComparison.Ordinal));
            (float[][] rows, int[] labels) = Rows();

            // Of two equal columns the first wins, as argmax has it.
            bool isTieFirst = layers.Contains("\"units\": 2", StringComparison.Ordinal);
            int Class(float[] row) => 15 - row[0] > 0 || (15 - row[0] == 0 && !isTieFirst) ? 1 : 0;
            int right = rows.Zip(labels).Count(row => Class(row.First) == row.Second);
            Assert.InRange(right, rows.Length / 2, rows.Length - 1);
            (int exitCode, string error) = CommandLine.RunUnnamed(out string text, "evaluate", model, "--data", TestData.Data("breast_cancer.test.csv"), "--label", "benign", "--json");
            Assert.True(exitCode == 0, error);
            using var json = JsonDocument.Parse(text);
            Assert.Equal((double)right / rows.Length, json.RootElement.GetProperty("accuracy").GetDouble(), 6);

            using EdgeModel edge = EdgeModel.Load(model);
            Assert.Equal(OutputRole.Probability, edge.File.Decision.Role(0));
            using var classifier = new Classifier(edge);
            foreach (float[] row in rows)
            {
                Decision decision = classifier.Classify(row);
                Assert.Equal(Class(row), decision.ClassIndex);
                Assert.Equal(KerasArrays.Sigmoid(15 - (double)row[0]), decision.Probability, 2e-6);
            }
        }
    }

    [Fact]
    public void A_hinge_gives_a_score_that_decides_by_its_sign()
    {
        string model = Export(Archive("""[{"Dense": {"units": 1}}]""", "\"hinge\""), out string said);
        Assert.Contains("trained with hinge, so its output holds a score", said, StringComparison.Ordinal);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(OutputRole.Score, edge.File.Decision.Role(0));
        using var classifier = new Classifier(edge);
        Assert.All(Rows().Rows, row => Assert.Equal(15 - row[0] >= 0 ? 1 : 0, classifier.Classify(row).ClassIndex));
    }

    [Theory]
    [InlineData(1, null, OutputRole.Unknown)]
    [InlineData(1, "\"binary_crossentropy\"", OutputRole.Unknown)]
    [InlineData(1, """{"class_name": "BinaryCrossentropy", "config": {"from_logits": false}}""", OutputRole.Unknown)]
    [InlineData(1, """{"class_name": "function", "config": "my_loss"}""", OutputRole.Unknown)]
    [InlineData(1, """{"class_name": "CategoricalCrossentropy", "config": {"from_logits": true}}""", OutputRole.Unknown)]
    [InlineData(2, """{"class_name": "BinaryCrossentropy", "config": {"from_logits": true}}""", OutputRole.Unknown)]
    [InlineData(1, """{"other": {"class_name": "BinaryCrossentropy", "config": {"from_logits": true}}}""", OutputRole.Unknown)]
    [InlineData(3, "\"hinge\"", OutputRole.Unknown)]
    [InlineData(1, "\"mse\"", OutputRole.Value)]
    [InlineData(1, """{"class_name": "MeanSquaredError", "config": {"name": "mean_squared_error"}}""", OutputRole.Value)]
    [InlineData(1, """{"class_name": "function", "config": "mae"}""", OutputRole.Value)]
    [InlineData(2, """{"module": "keras.losses", "class_name": "Huber", "config": {"delta": 1.0}}""", OutputRole.Value)]
    public void What_the_file_does_not_tell_decides_nothing_until_head_says_it(int units, string? loss, OutputRole role)
    {
        string source = Archive($$$"""[{"Dense": {"units": {{{units}}}}}]""", loss);
        string model = Export(source, out string said);
        using (EdgeModel edge = EdgeModel.Load(model))
        {
            Assert.Equal(role, edge.File.Decision.Role(0));
        }

        Assert.Contains("--head", said, StringComparison.Ordinal);
        string[] evaluate = ["evaluate", model, "--data", TestData.Data("breast_cancer.test.csv"), "--label", "benign"];
        Assert.Equal(1, CommandLine.Run(out _, evaluate).ExitCode);
        Export(source, out said, "--head", "logits");
        Assert.DoesNotContain("trained with", said, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(out _, evaluate).ExitCode);
    }

    [Fact]
    public void A_loss_says_nothing_of_another_tensor()
    {
        string source = Archive("""[{"Dense": {"units": 2, "activation": "tanh"}}, {"Dense": {"units": 1}}]""", FromLogits.Replace("%", "BinaryCrossentropy", StringComparison.Ordinal));
        Assert.Equal([OutputRole.Logit], ModelImporter.Import(source).Metadata.OutputRoles);
        Assert.Equal([OutputRole.Unknown], ModelImporter.Import(source, null, ["dense"]).Metadata.OutputRoles);
    }

    private static (float[][] Rows, int[] Labels) Rows()
    {
        var table = CsvTable.ReadLabelled(TestData.Data("breast_cancer.test.csv"), "benign");
        return ([.. table.Rows], [.. table.Labels]);
    }

    private string Export(string source, out string said, params string[] options)
    {
        string model = Path.Combine(folder, "model.edge");
        (int exitCode, said) = CommandLine.Run(out _, ["export", source, "-o", model, .. options]);
        Assert.True(exitCode == 0, said);
        return model;
    }

    // Weights of one output give 15 − x₀; of two, that and 0 in class 1 and 0.
    private static IEnumerable<(string Kind, JsonObject Settings, Array[] Weights)> Layers(string json)
    {
        int width = 30;
        foreach (JsonNode? layer in (JsonArray)JsonNode.Parse(json)!)
        {
            (string kind, JsonNode? settings) = layer!.AsObject().Single();
            Array[] weights = [];
            if (kind == "Dense")
            {
                int units = settings!["units"]!.GetValue<int>();
                var kernel = new float[width, units];
                var bias = new float[units];
                kernel[0, units - 1] = -1f;
                bias[units - 1] = 15f;
                weights = [kernel, bias];
                width = units;
            }

            yield return (kind, settings!.DeepClone().AsObject(), weights);
        }
    }

    private string Archive(string layers, string? loss)
    {
        var model = new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 30]}""");
        int dense = 0;
        foreach ((string kind, JsonObject settings, Array[] weights) in Layers(layers))
        {
            string name = kind == "Dense" && dense++ > 0 ? $"dense_{dense - 1}" : KerasModel.SnakeCase(kind);
            model.Layer(kind, name, settings.ToJsonString());
            if (weights.Length > 0)
            {
                model.Weights(name, weights);
            }
        }

        if (loss is not null)
        {
            model.Root["compile_config"] = new JsonObject { ["optimizer"] = "adam", ["loss"] = JsonNode.Parse(loss) };
        }

        string path = Path.Combine(folder, "model.keras");
        File.WriteAllBytes(path, model.Build());
        return path;
    }

    private string WholeModel(string layers, string? loss)
    {
        var list = new JsonArray { new JsonObject { ["class_name"] = "InputLayer", ["config"] = new JsonObject { ["name"] = "x", ["batch_input_shape"] = new JsonArray(null, 30) } } };
        var groups = new H5Group();
        foreach ((string kind, JsonObject settings, Array[] weights) in Layers(layers))
        {
            string name = KerasModel.SnakeCase(kind);
            settings["name"] = name;
            list.Add(new JsonObject { ["class_name"] = kind, ["config"] = settings });
            if (weights.Length > 0)
            {
                groups[name] = new H5Group { [name] = new H5Group { ["kernel:0"] = weights[0], ["bias:0"] = weights[1] }, Attributes = new() { ["weight_names"] = new[] { $"{name}/kernel:0", $"{name}/bias:0" } } };
            }
        }

        var file = new H5File
        {
            ["model_weights"] = groups,
            Attributes = new() { ["keras_version"] = "2.15.0", ["model_config"] = new JsonObject { ["class_name"] = "Sequential", ["config"] = new JsonObject { ["name"] = "s", ["layers"] = list } }.ToJsonString() },
        };
        if (loss is not null)
        {
            file.Attributes["training_config"] = new JsonObject { ["loss"] = JsonNode.Parse(loss) }.ToJsonString();
        }

        string path = Path.Combine(folder, "model.h5");
        file.Write(path);
        return path;
    }
}
