extern alias nano;

using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>Trained sequence models, frame by frame in the device's engine against the whole sequence in the desktop's. TestData/streaming/generate.py writes them.</summary>
public class StreamingTests
{
    private const int Steps = 24;
    private const int Features = 3;
    private const int Outputs = 2;

    [Theory]
    [InlineData("lstm", Precision.Float32)]
    [InlineData("lstm", Precision.Int8)]
    [InlineData("causal", Precision.Float32)]
    [InlineData("causal", Precision.Int8)]
    public void Frames_on_the_device_give_what_the_whole_sequence_gives_on_the_desktop(string name, Precision precision)
    {
        bool channelsFirst = name == "causal";
        Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "streaming", name + ".onnx")));
        if (precision == Precision.Int8)
        {
            float[][] rows = [.. Enumerable.Range(100, 50).Select(seed => Laid(Wave(seed), channelsFirst))];
            graph = Quantizer.Quantize(graph, rows, precision);
        }

        using EdgeModel whole = EdgeModel.Load(ModelWriter.Write(graph));
        using Session desktop = whole.CreateSession(KernelSet.Reference);
        byte[] file = ModelWriter.Write(StreamingGraph.Rewrite(graph));
        foreach (bool packed in new[] { true, false })
        {
            var device = new Engine.NanoSession(Engine.NanoModel.Load(file), packed);
            Assert.Equal(Features, device.InputLength);
            Assert.Equal(Outputs, device.OutputLength);
            var output = new float[Outputs];
            for (int seed = 0; seed < 20; seed++)
            {
                float[] wave = Wave(seed);
                var expected = new float[desktop.OutputLength];
                desktop.Run(Laid(wave, channelsFirst), expected);
                device.Reset();
                float largest = expected.Max(MathF.Abs);
                Assert.True(largest > 0.3f, "Outputs near zero show nothing.");
                for (int step = 0; step < Steps; step++)
                {
                    device.Run(wave[(step * Features)..((step + 1) * Features)], output);
                    for (int i = 0; i < Outputs; i++)
                    {
                        float one = expected[channelsFirst ? (i * Steps) + step : (step * Outputs) + i];
                        Assert.Equal(one, output[i], Tolerance(name, precision, largest));
                    }
                }
            }
        }
    }

    // LSTM computes in float32 in both precisions, so that a last bit of it may be a step of what follows in 8 bits.
    private static float Tolerance(string name, Precision precision, float largest) => (name, precision) switch
    {
        ("causal", Precision.Int8) => 0f,
        ("lstm", Precision.Int8) => 1f / 64,
        _ => 1e-5f * largest,
    };

    private static float[] Laid(float[] wave, bool channelsFirst) =>
        channelsFirst ? [.. Enumerable.Range(0, wave.Length).Select(i => wave[(i % Steps * Features) + (i / Steps)])] : wave;

    // Frame after frame.
    private static float[] Wave(int seed)
    {
        var random = new Random(seed);
        float[] phase = [.. Enumerable.Range(0, Features).Select(_ => 6.28f * random.NextSingle())];
        float[] speed = [.. Enumerable.Range(0, Features).Select(_ => 0.2f + random.NextSingle())];
        return [.. Enumerable.Range(0, Steps * Features).Select(i =>
            MathF.Sin(phase[i % Features] + (speed[i % Features] * (i / Features))) + (0.2f * (random.NextSingle() - 0.5f)))];
    }
}
