using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Trees of scikit-learn as emitted code, held to its own predict() on every row, and to the engine.</summary>
public class EmitTreeClassifierTests
{
    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "TestData", "sklearn");

    [Theory]
    [InlineData("breast_original", "breast_original.test.csv")]
    [InlineData("iris", "iris.test.csv")]
    public void Every_row_is_decided_as_scikit_learn_does(string predictions, string data)
    {
        string[] lines = [.. File.ReadLines(Path.Combine(folder, data)).Skip(1)];
        float[][] rows = [.. lines.Select(line => line.Split(',')[..^1].Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, predictions + ".json")));
        var batch = new EmitBatch();
        var models = new List<JsonElement>();
        foreach (JsonElement item in json.RootElement.EnumerateArray())
        {
            Graph graph = GraphOptimizer.Optimize(ModelImporter.Import(Path.Combine(folder, item.GetProperty("name").GetString() + ".onnx")));
            byte[] file = ModelWriter.Write(graph);
            if (graph.Nodes.Any(node => node.Opcode == Opcode.TreeEnsemble) && NanoEmitter.TryEmit(file, new EmitOptions(), out _) is not null)
            {
                batch.Add(file);
                models.Add(item);
            }
        }

        Assert.True(models.Count >= 11, string.Join(' ', models.Select(item => item.GetProperty("name"))));
        for (int i = 0; i < models.Count; i++)
        {
            int[] predicted = [.. models[i].GetProperty("predicted").EnumerateArray().Select(label => label.GetInt32())];
            using EdgeModel model = EdgeModel.Load(batch.File(i));
            using var classifier = new Classifier(model);
            Func<float[], int> classify = batch.Code(i).GetMethod("Classify", [typeof(float[])])!.CreateDelegate<Func<float[], int>>();
            string name = models[i].GetProperty("name").GetString()!;
            for (int row = 0; row < predicted.Length; row++)
            {
                float[] values = [.. rows[row]];
                if (models[i].TryGetProperty("missing", out JsonElement missing))
                {
                    foreach (JsonElement column in missing[row].EnumerateArray())
                    {
                        values[column.GetInt32()] = float.NaN;
                    }
                }

                Decision decision = classifier.Classify(values);
                int label = classify(values);
                Assert.True((predicted[row], decision.ClassIndex) == (label, label), $"{name}, row {row}: {label}, not {predicted[row]}, engine {decision.ClassIndex}");
                Assert.Equal(decision.Probability, (float)batch.Code(i).GetProperty("Probability")!.GetValue(null)!, 2e-6f);
            }
        }
    }
}
