using EdgeRuntime.Activations;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelExporter.Data;
using ModelExporter.Train;

namespace ModelExporter.Tests.Train;

public class OnnxWriterTests
{
    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void OnnxRuntime_gives_the_same_probabilities(string activation)
    {
        foreach (int classes in new[] { 2, 3 })
        {
            LabelledTable table = TrainingData.Blobs(classes, 6, 40, seed: 8);
            TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 10, HiddenActivation = ActivationFunctions.Find(activation)!.Kind });
            using var session = new InferenceSession(OnnxWriter.Write(model.ToGraph()));
            var batch = new DenseTensor<float>(table.Rows.SelectMany(row => row).ToArray(), [table.Rows.Count, 6]);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("input", batch)]);
            Assert.Equal("output", results[0].Name);
            float[] output = [.. results[0].AsEnumerable<float>()];
            int width = classes == 2 ? 1 : classes;
            Assert.Equal(width * table.Rows.Count, output.Length);
            for (int row = 0; row < table.Rows.Count; row++)
            {
                double[] expected = model.Probabilities(table.Rows[row]);
                for (int i = 0; i < width; i++)
                {
                    Assert.Equal(expected[^(width - i)], output[(row * width) + i], 1e-5);
                }
            }
        }
    }
}
