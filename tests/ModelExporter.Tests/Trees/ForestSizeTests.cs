using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Trees;

/// <summary>Forests of scikit-learn on the breast cancer data: their size as a file, and scikit-learn's own probabilities.</summary>
public class ForestSizeTests
{
    [Theory]
    [InlineData("forest_310", 1600)]
    [InlineData("forest_1564", 6200)]
    public void A_forest_takes_seven_bytes_a_split_and_a_few_hundred_more(string name, int most)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "trees", name + ".onnx");
        byte[] file = EdgeConverter.Import(path).ToBytes();
        Assert.InRange(file.Length, 1000, most);

        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        LabelledTable table = CsvTable.ReadLabelled(TestData.Data("breast_cancer.test.csv"), "benign");
        (_, float[] expected) = NpyFile.Read(Path.ChangeExtension(path, ".expected.npy"));
        float[] output = new float[2];
        for (int row = 0; row < expected.Length; row++)
        {
            session.Run(table.Rows[row], output);

            // The shares of votes are float32 in the source.
            Assert.Equal(expected[row], output[1], 1e-6f);
            Assert.Equal(1f - output[1], output[0]);
        }
    }
}
