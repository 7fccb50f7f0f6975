using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;
using Esp32;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// The model of samples/Esp32, made by hand so that what it decides can be read off its weights: its pipeline makes the variance of each
/// axis over half a second, which has no gravity in it, and the model adds them up. Written anew with EDGE_WRITE_GOLDEN=1.
/// </summary>
public class SampleTests
{
    private const int Axes = 3;

    // 16,384 counts of the LIS3DH are 1 g. The limit is a swing of 0.1 g (root mean square), all axes together.
    private const float CountsOfG = 16384f;
    private const float Limit = 0.1f * 0.1f * CountsOfG * CountsOfG;

    private static readonly SignalSettings signals = new()
    {
        Channels = [new("x"), new("y"), new("z")],
        SamplePeriod = 0.02f,
        Length = 32,
        Hop = 16,
        Features = [new(SignalFeature.Variance)],
    };

    [Fact]
    public void The_sample_has_this_model_and_its_code()
    {
        byte[] file = Model();
        string code = NanoEmitter.Emit(file, new EmitOptions("Esp32", "MotionModel")).Files.Single().Text;
        string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "Esp32");
        if (Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(Path.Combine(folder, "motion.edge"), file);
            File.WriteAllText(Path.Combine(folder, "MotionModel.g.cs"), code);
        }

        Assert.Equal(file, File.ReadAllBytes(Path.Combine(folder, "motion.edge")));
        Assert.Equal(code, File.ReadAllText(Path.Combine(folder, "MotionModel.g.cs")));
    }

    // The emitted code decides as the desktop does, at every window from the first on.
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.05f, 0)]
    [InlineData(0.3f, 1)]
    [InlineData(1f, 1)]
    public void Motion_is_told_from_rest(float shake, int expected)
    {
        using EdgeModel model = EdgeModel.Load(Model());
        using var classifier = new Classifier(model);
        var pipeline = Runtime.Signals.SignalPipeline.Of(model.File)!;
        float[] features = new float[Axes];
        float[] emitted = new float[Axes];
        MotionModelSignals.Reset();
        int windows = 0;
        for (int i = 0; i < 128; i++)
        {
            // Gravity on the last axis, and a shake to and fro on all, at 5 Hz.
            short swing = (short)(shake * CountsOfG * MathF.Sin(i * 2 * MathF.PI / 10));
            short[] sample = [swing, swing, (short)Math.Clamp(CountsOfG + swing, short.MinValue, short.MaxValue)];
            Assert.Equal(pipeline.Add((ReadOnlySpan<short>)sample), MotionModelSignals.Add(sample, 0));
            if (i >= 31 && (i - 31) % 16 == 0)
            {
                windows++;
                pipeline.Features(features);
                MotionModelSignals.Features(emitted);
                Assert.Equal(features.Select(BitConverter.SingleToInt32Bits), emitted.Select(BitConverter.SingleToInt32Bits));
                Assert.Equal(expected, classifier.Classify(features).ClassIndex);
                Assert.Equal(expected, MotionModel.Classify(emitted));
            }
        }

        Assert.Equal(7, windows);
    }

    private static byte[] Model()
    {
        var builder = new ModelBuilder();

        // Steps of a 64th of the limit: 255 of them, four times the limit on each axis, and what is beyond saturates.
        const float step = Limit / 64;
        int input = builder.AddTensor(TensorType.Float32, [1, Axes], 0);
        int steps = builder.AddTensor(TensorType.Int8, [1, Axes], 64, new TensorQuantization(step, -128));
        int output = builder.AddTensor(TensorType.Int8, [1, 1], 128, new TensorQuantization(1f / 256, -128));
        builder.AddOperator(Opcode.Quantize, [input, -1, -1], [steps], []);

        // The sum in half steps of the table: a table makes a probability of it, 0.5 at the limit.
        sbyte[] table = new sbyte[256];
        for (int i = 0; i < table.Length; i++)
        {
            double sum = i * 2 * (double)step / Limit;
            table[i] = (sbyte)Math.Clamp(Math.Round(256 / (1 + Math.Exp(-8 * (sum - 1)))) - 128, -128, 127);
        }

        AddDense(builder, steps, output, 1, Axes, [1, 1, 1], [], 1 << 30, 0, (-128, 127, -128), table);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddText(MetadataKey.Name, "motion");
        builder.AddTextList(MetadataKey.Labels, ["still", "moving"]);
        builder.AddTextList(MetadataKey.InputNames, [.. new Runtime.Signals.SignalPipeline(signals).FeatureNames]);
        builder.AddWindow(signals.SamplePeriod, signals.Length, signals.Hop);
        builder.AddBytes(MetadataKey.Signals, signals.Record());
        return builder.Build();
    }

    private static void AddDense(ModelBuilder builder, int input, int output, int units, int depth, sbyte[] weights, int[] bias, int multiplier, int shift, (int Min, int Max, int ZeroPoint) range, sbyte[]? table)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        parameters[DenseRule.Min] = range.Min;
        parameters[DenseRule.Max] = range.Max;
        parameters[DenseRule.ZeroPoint] = range.ZeroPoint;
        builder.AddOperator(
            Opcode.Dense,
            [
                input,
                builder.AddConstant(TensorType.Int8, [units, depth], MemoryMarshal.AsBytes<sbyte>(weights)),
                bias.Length == 0 ? -1 : builder.AddConstant(TensorType.Int32, [units], MemoryMarshal.AsBytes<int>(bias)),
                builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([multiplier])),
                builder.AddConstant(TensorType.Int8, [1], [unchecked((byte)shift)]),
                table is null ? -1 : builder.AddConstant(TensorType.Int8, [256], MemoryMarshal.AsBytes<sbyte>(table)),
            ],
            [output],
            parameters);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
