using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Emit.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Trees that compare raw counts: every count is decided as the engine decides the float32 that it stands for.</summary>
public class EmitTreeCountTests
{
    private const int Models = 24;
    private const int Vectors = 120;

    [Fact]
    public void Counts_are_decided_as_the_float32_that_they_stand_for()
    {
        var batch = new EmitBatch();
        var scalings = new List<CountScaling>();
        for (int i = 0; i < Models; i++)
        {
            var random = new Random(i);
            var models = new TreeModels(i)
            {
                Trees = 5,
                Depth = 4,
                Features = 3,
                Targets = 1 + (i % 3),
                Rows = 1,
                Aggregate = i % 4,
                Weight = other => i % 2 == 0 ? other.Next(-200, 200) / 64f : ((float)other.NextDouble() * 2f) - 1f,
                After = i % 5 == 0 ? (builder, trees) => Activated(builder, trees, 1 + (i % 3)) : null,
            };
            scalings.Add(Scaling(random));
            batch.Add(models.Build(), scalings[^1]);
        }

        int labels = 0;
        for (int i = 0; i < Models; i++)
        {
            var random = new Random(i + 1);
            using EdgeModel model = EdgeModel.Load(batch.File(i));
            using Session session = model.CreateSession(KernelSet.Reference);
            using var classifier = new Classifier(model);
            float[] thresholds = new ForestRecord(model.File.Operators[0]).Thresholds;
            Type code = batch.Code(i);
            MethodInfo classify = code.GetMethod("Classify", [typeof(int[])])!;
            FieldInfo scores = code.GetField("scores", BindingFlags.Static | BindingFlags.NonPublic)!;
            float[] expected = new float[session.OutputLength];
            var seen = new HashSet<int>();
            for (int run = 0; run < Vectors; run++)
            {
                int[] counts = [.. Enumerable.Range(0, 3).Select(feature => Count(random, thresholds, Scale(scalings[i].Scales, feature), Scale(scalings[i].Offsets, feature)))];
                float[] real = [.. counts.Select((count, feature) => CountSplits.Real(count, Scale(scalings[i].Scales, feature), Scale(scalings[i].Offsets, feature)))];
                session.Run(real, expected);
                int label = (int)classify.Invoke(null, [counts])!;
                Assert.True(expected.Select(Bits).SequenceEqual(((float[])scores.GetValue(null)!).Select(Bits)), $"model {i}, counts {string.Join(' ', counts)}");
                if (real.All(float.IsFinite))
                {
                    Assert.Equal(classifier.Classify(real).ClassIndex, label);
                    seen.Add(label);
                }

                // The same class of real values, whose trees compare floats.
                Assert.Equal(expected.Select(Bits), batch.Run<float>(i, real).Select(Bits));
            }

            labels += seen.Count;
        }

        Assert.True(labels > Models + (Models / 2), $"{labels} labels");
    }

    // Products of these are exact in double, so that one rounding gives the nearest float32.
    [Fact]
    public void A_count_stands_for_the_nearest_float32()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            int count = random.Next(3) == 0 ? random.Next(-100, 100) : random.Next(int.MinValue, int.MaxValue);
            double scale = Math.ScaleB(random.Next(1, 1 << 19) * (random.Next(2) == 0 ? 1 : -1), random.Next(-170, 110));
            double offset = random.Next(2) == 0 ? 0 : random.Next(-1_000_000, 1_000_000);
            Assert.Equal((float)((count + offset) * scale), CountSplits.Real(count, scale, offset));
        }

        Assert.Equal(0f, CountSplits.Real(int.MaxValue, 1e-300, 0));
        Assert.Equal(float.PositiveInfinity, CountSplits.Real(1, 1e300, 0));
        Assert.Equal(float.NegativeInfinity, CountSplits.Real(-1, double.MaxValue, 0));

        // Half of the smallest is even, and goes to 0; a little more does not.
        Assert.Equal(0f, CountSplits.Real(1, Math.ScaleB(1, -150), 0));
        Assert.Equal(float.Epsilon, CountSplits.Real(1, Math.BitIncrement(Math.ScaleB(1, -150)), 0));
    }

    [Fact]
    public void The_code_from_counts_to_the_decision_is_this()
    {
        byte[] file = new TreeModels(4) { Trees = 1, Depth = 2, Features = 2, Threshold = random => random.Next(-8, 8) / 16f, Comparison = _ => 0, Weight = random => random.Next(4) / 4f }.Build();
        string text = NanoEmitter.Emit(file, new EmitOptions { Counts = new CountScaling([1.0 / 1024], [-512]) }).Files.Single().Text;
        Assert.Contains("/// <summary>The class for raw counts, which are compared as integers.</summary>", text, StringComparison.Ordinal);
        Assert.Contains("            CountTrees1(counts, treeOutputs);\n            Step1(treeOutputs, scores);\n", text, StringComparison.Ordinal);
        Assert.Contains("private static void CountTrees1(int[] input, float[] output)", text, StringComparison.Ordinal);
        Assert.Contains("            Trees1(input, treeOutputs);\n            Step1(treeOutputs, output);\n", text, StringComparison.Ordinal);
        Assert.Empty(NanoGuard.Check(EmittedCode.CompileText(text, LanguageVersion.CSharp7_3), "EdgeInference.Nano"));
    }

    [Fact]
    public void Trees_behind_another_operator_take_no_counts()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        builder.AddInput(input);
        int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.ReLU, 0, 0]);
        builder.AddOutput(output, OutputRole.Probability);
        string message = Assert.Throws<InputException>(() => NanoEmitter.Emit(builder.Build(), new EmitOptions { Counts = new CountScaling([1], [0]) })).Message;
        Assert.Equal("--counts-scale needs a model with one float32 input that is read by one Quantize or one TreeEnsemble only; export with --precision int8 or int16, or omit --counts-scale.", message);
    }

    // An operator behind the trees.
    private static int Activated(ModelBuilder builder, int trees, int targets)
    {
        int[] shape = [1, targets];
        int output = builder.AddTensor(TensorType.Float32, shape, 131072);
        builder.AddOperator(Opcode.Activation, [trees], [output], [(int)ActivationKind.ReLU, 0, 0]);
        return output;
    }

    private static CountScaling Scaling(Random random)
    {
        double Scale() => (random.Next(3) == 0 ? -1 : 1) * (random.Next(2) == 0 ? Math.ScaleB(1, -random.Next(0, 14)) : random.NextDouble() / Math.Pow(10, random.Next(0, 5)));
        double Offset() => random.Next(3) switch { 0 => 0, 1 => random.Next(-5000, 5000), _ => (random.NextDouble() - 0.5) * 1000 };
        return random.Next(2) == 0
            ? new CountScaling([Scale()], [Offset()])
            : new CountScaling([Scale(), Scale(), Scale()], [Offset(), Offset(), Offset()]);
    }

    // At a threshold, beside it, anywhere, and at the ends.
    private static int Count(Random random, float[] thresholds, double scale, double offset) => random.Next(10) switch
    {
        0 => random.Next(2) == 0 ? int.MinValue : int.MaxValue,
        1 => random.Next(int.MinValue, int.MaxValue),
        _ => (int)Math.Clamp(Math.Round((thresholds[random.Next(thresholds.Length)] / scale) - offset) + random.Next(-2, 3), int.MinValue, int.MaxValue) is var count && random.Next(8) == 0 ? random.Next(-300, 300) : count,
    };

    private static double Scale(IReadOnlyList<double> values, int feature) => values[values.Count == 1 ? 0 : feature];

    private static uint Bits(float value) => float.IsNaN(value) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(value);
}
