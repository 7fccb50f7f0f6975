using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// The model of samples/Esp32, made by hand so that what it decides can be read off its weights: a first layer takes the differences
/// between neighbouring samples of an axis, both ways and rectified, a second adds them up. Written anew with EDGE_WRITE_GOLDEN=1.
/// </summary>
public class SampleTests
{
    private const int Axes = 3;
    private const int Samples = 8;
    private const int Inputs = Axes * Samples;
    private const int Differences = 2 * Axes * (Samples - 1);
    private const float InputScale = 1f / 64;

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

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.05f, 0)]
    [InlineData(0.5f, 1)]
    [InlineData(1f, 1)]
    public void Motion_is_told_from_rest(float shake, int expected)
    {
        using EdgeModel model = EdgeModel.Load(Model());
        using var classifier = new Classifier(model);
        float[] input = new float[Inputs];
        for (int i = 0; i < Inputs; i++)
        {
            // Gravity on the last axis, and a shake to and fro on all.
            input[i] = (i % Axes == Axes - 1 ? 1f : 0f) + (i / Axes % 2 == 0 ? shake / 2 : -shake / 2);
        }

        Assert.Equal(expected, classifier.Classify(input).ClassIndex);
    }

    private static byte[] Model()
    {
        var builder = new ModelBuilder();
        var hiddenQuantization = new TensorQuantization(InputScale * 2, -128);
        int input = builder.AddTensor(TensorType.Int8, [1, Inputs], 0, new TensorQuantization(InputScale, 0));
        int hidden = builder.AddTensor(TensorType.Int8, [1, Differences], 64, hiddenQuantization);
        int output = builder.AddTensor(TensorType.Int8, [1, 1], 0, new TensorQuantization(1f / 256, -128));

        sbyte[] differences = new sbyte[Differences * Inputs];
        for (int unit = 0; unit < Differences; unit++)
        {
            int sign = unit % 2 == 0 ? 1 : -1;
            int first = unit / 2;
            differences[(unit * Inputs) + first] = (sbyte)-sign;
            differences[(unit * Inputs) + first + Axes] = (sbyte)sign;
        }

        // Half of the real difference in steps of the input's scale: multiplier 2⁻¹.
        AddDense(builder, input, hidden, Differences, Inputs, differences, [], 1 << 30, 0, (-128, 127, -128), null);

        // The mean of the differences in steps of 1/32 g, rounded: a table makes a probability of it, 0.5 at 0.2 g.
        sbyte[] ones = new sbyte[Differences];
        Array.Fill(ones, (sbyte)1);
        sbyte[] table = new sbyte[256];
        for (int i = 0; i < table.Length; i++)
        {
            double mean = i * (double)hiddenQuantization.Scale / 4;
            table[i] = (sbyte)Math.Clamp(Math.Round(256 / (1 + Math.Exp(-20 * (mean - 0.2)))) - 128, -128, 127);
        }

        // Half of the units are rectified to 0, so the sum over half their number is the mean; times 4 for finer steps.
        int multiplier = (int)Math.Round(4.0 * 2 / Differences * (1L << 33));
        AddDense(builder, hidden, output, 1, Differences, ones, [], multiplier, -2, (-128, 127, -128), table);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddText(MetadataKey.Name, "motion");
        builder.AddTextList(MetadataKey.Labels, ["still", "moving"]);
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
