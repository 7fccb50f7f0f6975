using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Keras;

public class KerasImporterTests
{
    [Fact]
    public void The_autoencoder_equals_its_formula_in_double_precision()
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(KerasImporter.Import(SharedModel.Path("ad01.h5"))));
        using Session session = model.CreateSession();
        float[] expected = ReferenceOutputs.Floats("ad01_h5.out.bin");
        var inputs = new SeededInputs(1);
        var output = new float[model.OutputLength];
        for (int start = 0; start < expected.Length; start += output.Length)
        {
            session.Run(inputs.Floats(model.InputLength), output);
            float largest = expected.AsSpan(start, output.Length).ToArray().Max(Math.Abs);
            for (int i = 0; i < output.Length; i++)
            {
                Assert.Equal(expected[start + i], output[i], 1e-5f * largest);
            }
        }
    }

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no HDF5 at all");
            Assert.Contains(path, Assert.Throws<InputException>(() => KerasImporter.Import(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
