extern alias nano;

using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels.Windows;

/// <summary>Real convolutional networks on both engines.</summary>
public class ConvolutionTests
{
    private const int KeywordInputs = 20;
    private const int DigitInputs = 100;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_int8_keyword_spotter_gives_the_desktop_engines_bytes(bool packWeights)
    {
        byte[] file = ModelWriter.Write(TfliteImporter.Import(Shared("kws_ref_model.tflite")));
        using EdgeModel model = EdgeModel.Load(file);
        using Session desktop = model.CreateSession();
        var device = new Engine.NanoSession(Engine.NanoModel.Load(file), packWeights);
        var random = new Random(1);
        var input = new sbyte[model.InputLength];
        var output = new sbyte[model.OutputLength];
        for (int i = 0; i < KeywordInputs; i++)
        {
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.AsSpan()));
            input.CopyTo(desktop.Input<sbyte>());
            desktop.Run();
            device.Run(input, output);
            Assert.Equal(desktop.Output<sbyte>().ToArray(), output);
        }
    }

    [Fact]
    public void The_float32_keyword_spotter_is_within_a_hundred_thousandth()
    {
        byte[] file = ModelWriter.Write(TfliteImporter.Import(Shared("kws_ref_model_float32.tflite")));
        var random = new Random(2);
        Compare(file, [.. Enumerable.Range(0, KeywordInputs).Select(_ => Enumerable.Range(0, 490).Select(_ => ((float)random.NextDouble() * 2f) - 1f).ToArray())], 1e-5f);
    }

    [Fact]
    public void The_digits_network_in_float32_is_within_a_hundred_thousandth() =>
        Compare(ModelWriter.Write(Digits()), TestRows(), 1e-5f);

    [Fact]
    public void The_digits_network_in_int8_gives_the_desktop_engines_outputs()
    {
        LabelledTable train = CsvTable.ReadLabelled(Data("digits.train.csv"), "digit");
        Compare(ModelWriter.Write(Quantizer.Quantize(Digits(), train.Rows, Precision.Int8)), TestRows(), 0f);
    }

    private static void Compare(byte[] file, float[][] rows, float tolerance)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session desktop = model.CreateSession();
        var packed = new Engine.NanoSession(Engine.NanoModel.Load(file));
        var inPlace = new Engine.NanoSession(Engine.NanoModel.Load(file), false);
        var expected = new float[model.OutputLength];
        var actual = new float[model.OutputLength];
        foreach (float[] row in rows)
        {
            desktop.Run(row, expected);
            float bound = tolerance * expected.Select(MathF.Abs).Max();
            packed.Run(row, actual);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
            inPlace.Run(row, actual);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
        }
    }

    private static Graph Digits() => GraphOptimizer.Optimize(ModelImporter.Import(Data("digits_cnn.onnx")));

    private static float[][] TestRows() => [.. CsvTable.ReadLabelled(Data("digits.test.csv"), "digit").Rows.Take(DigitInputs)];

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    // Models that lie beside the checkout, in a folder of one of the folders above; they are not part of the project.
    private static string Shared(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "mlperf-tiny", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared/mlperf-tiny/{name} is not beside the checkout.");
        return "";
    }
}
