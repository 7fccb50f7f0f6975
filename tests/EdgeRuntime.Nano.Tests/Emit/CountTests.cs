using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Classify(int[]) of emitted code: counts scaled by integers, held to the float path and to the exact line.</summary>
public class CountTests(ITestOutputHelper report)
{
    private const int Models = 30;
    private const int Vectors = 30;

    [Fact]
    public void Counts_come_within_one_step_of_the_float_path_and_are_decided_as_its_integers()
    {
        int[] firsts = Seeds.Batches(2, Models);
        var cases = new List<(int Seed, string Name, byte[] File, CountScaling Scaling)>();
        var files = new List<EmittedFile>();
        for (int i = 0; cases.Count < Models; i++)
        {
            int seed = firsts[cases.Count * 2 / Models] + i;
            byte[] bytes = seed % 2 == 0 ? RandomModels.Int8(seed) : RandomModels.Mixed(seed);
            using EdgeModel model = EdgeModel.Load(bytes);
            if (model.File.Inputs[0].Type != TensorType.Float32 || bytes.Length > 12_000 || model.File.Operators.Any(record => record.Info.Opcode == Opcode.Softmax && record.Inputs[0].LastDimension > 90))
            {
                continue;
            }

            CountScaling scaling = Scaling(new Random(seed), model.File);
            string name = $"Model{cases.Count}";
            files.AddRange(NanoEmitter.Emit(bytes, new EmitOptions("Models", name, MaxAssemblies: 99) { Counts = scaling }).Files);
            cases.Add((seed, name, bytes, scaling));
        }

        Assembly assembly = Assembly.Load(EmittedCode.Compile(files));
        int compared = 0;
        int different = 0;
        int within = 0;
        int labels = 0;
        foreach ((int seed, string name, byte[] bytes, CountScaling scaling) in cases)
        {
            using EdgeModel model = EdgeModel.Load(bytes);
            Type code = assembly.GetType("Models." + name)!;
            var random = new Random(seed + 1);
            for (int i = 0; i < Vectors; i++)
            {
                int[] counts = Counts(random, model.File, scaling);
                float[] real = [.. counts.Select((count, k) => (float)Real(count, k, model.File, scaling))];
                object expectedLabel = Classify(code, real);
                int[] expected = Quantized(code);
                object label = Classify(code, counts);
                int[] actual = Quantized(code);

                // What counts left behind is no part of a later decision on real values.
                PropertyInfo probability = code.GetProperty("Probability")!;
                Assert.Equal(expectedLabel, Classify(code, real));
                object afterCounts = probability.GetValue(null)!;
                Assert.Equal(expectedLabel, Classify(code, real));
                using var classifier = new Classifier(model);
                Assert.Equal(classifier.Classify(real).Probability, afterCounts);
                for (int k = 0; k < counts.Length; k++)
                {
                    Assert.True(Math.Abs(actual[k] - expected[k]) <= 1, $"seed {seed}, element {k}, count {counts[k]}: {actual[k]} and {expected[k]} by float");
                    double exact = Exact(counts[k], k, model.File, scaling);
                    Assert.True(Math.Abs(actual[k] - exact) <= 0.5 + (1.0 / 2048), $"seed {seed}, element {k}, count {counts[k]}: {actual[k]} for {exact}");
                    compared++;
                    different += actual[k] != expected[k] ? 1 : 0;
                    within += actual[k] is > -128 and < 127 ? 1 : 0;
                }

                if (actual.SequenceEqual(expected))
                {
                    Assert.True(expectedLabel.Equals(label), $"seed {seed}, input {i}: label {label} and {expectedLabel} by float");
                    labels++;
                }
            }
        }

        report.WriteLine($"{different} of {compared} values differ from the float path ({within} not saturated); {labels} decisions compared.");

        // Half of the models are others at each run, and of a large one most values may be saturated.
        Assert.True(within > compared / 20 && labels > Models);
    }

    [Theory]
    [InlineData(null, null, 0.5f)]
    [InlineData(new float[] { 2f, -0.7f }, null, 0.5f)]
    [InlineData(new float[] { 2f, -0.7f }, new float[] { 0.3f, 0.6f }, 0.5f)]
    [InlineData(null, new float[] { 0.6f, 0.7f }, 0.25f)]
    public void Integers_are_decided_as_the_desktop_decides_probabilities(float[]? platt, float[]? band, float threshold)
    {
        byte[] file = Model([0f], [1f / 256], builder =>
        {
            builder.AddFloats(MetadataKey.Threshold, [threshold]);
            if (platt is not null)
            {
                builder.AddFloats(MetadataKey.Calibration, [(int)CalibrationMethod.Platt, .. platt]);
            }

            if (band is not null)
            {
                builder.AddFloats(MetadataKey.AbstainBand, band);
            }
        });
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        Type code = Compiled(file, new CountScaling([1.0 / 256], [0]));
        var labels = new HashSet<int>();
        for (int count = -50; count < 300; count++)
        {
            int expected = classifier.Classify([count / 256f]).ClassIndex;
            Assert.Equal(expected, Classify(code, new int[] { count }));
            labels.Add(expected);
        }

        Assert.Equal(band is null ? 2 : 3, labels.Count);
    }

    [Theory]
    [InlineData(1.0, 0.0, -128)]
    [InlineData(1.0, 0.0, 5)]
    [InlineData(0.5, 0.0, 0)]
    [InlineData(0.5, 0.0, 127)]
    [InlineData(-0.5, 3.0, -20)]
    [InlineData(0.125, -40.0, 100)]
    [InlineData(300.0, 0.5, 7)]
    [InlineData(1e-09, 0.0, 0)]
    [InlineData(1e12, 0.0, 0)]
    [InlineData(1e-300, 0.0, 0)]
    [InlineData(1.0, 1e12, 0)]
    [InlineData(1.0, 0.5, 127)]
    [InlineData(-1.0, -0.5, 127)]
    [InlineData(128.5 / 2147483148, 0.0, 0)]
    [InlineData(127.5 / 2147483147, 0.0, 0)]
    public void Every_count_saturates_or_rounds_half_away_from_zero(double scale, double offset, int zeroPoint)
    {
        Type code = Compiled(Model([0f], [1f], zeroPoint: zeroPoint), new CountScaling([scale], [offset]));
        IEnumerable<int> counts = Enumerable.Range(-3000, 6001)
            .Concat([int.MinValue, int.MinValue + 1, -2_000_000_000, -1_400_000_000, 1_600_000_000, 2_000_000_000, int.MaxValue - 1, int.MaxValue]);
        foreach (int count in counts)
        {
            // Exact in double for these numbers, and rounded as Quantize rounds.
            double real = Math.Clamp((count + offset) * scale, -1e6, 1e6);
            int expected = Math.Clamp((int)Math.Round(real, MidpointRounding.AwayFromZero) + zeroPoint, -128, 127);
            Classify(code, new int[] { count });
            Assert.Equal(expected, Quantized(code)[0]);
        }
    }

    [Fact]
    public void The_code_from_counts_to_the_decision_is_this()
    {
        byte[] file = Model([0.25f, 20f], [1f / 256, 0.5f], zeroPoint: -20);
        string text = NanoEmitter.Emit(file, new EmitOptions { Counts = new CountScaling([1.0 / 4096, -0.25], [-2048, 0]) }).Files.Single().Text;
        Assert.Contains(
            """
                    /// <param name="counts">InputLength counts: real = (count + offset) * scale for each feature, with scale 0.000244140625, -0.25 and offset -2048, 0.</param>
                    public static int Classify(int[] counts)
                    {
                        if (counts == null || counts.Length != InputLength)
                        {
                            throw new ArgumentException("The model takes 2 counts.");
                        }

                        Scale1(counts, quantized);
                        Step1(quantized, results);
                        isCounted = true;
                        isStale = true;
                        reason = DecisionReason.Decided;
                        return results[0] < results[1] ? 1 : 0;
                    }
            """,
            text,
            StringComparison.Ordinal);
        Assert.Empty(NanoGuard.Check(EmittedCode.CompileText(text, Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp7_3), "EdgeInference.Nano"));
        Assert.Contains(
            """
                        Run(input, scores);
                        isCounted = false;
                        isStale = true;
            """,
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            """
                    private static void Scale1(int[] input, sbyte[] output)
                    {
                        int c = input[0];
                        long t = (c * 1073741824L) + -3298534883328L;
                        output[0] = (sbyte)(c < 1337 ? -128 : c > 5431 ? 127 : (int)((t + (t >> 63) + -335007449088L) >> 34));
                        c = input[1];
                        t = (c * -1073741824L) + -85899345920L;
                        output[1] = (sbyte)(c < -374 ? 127 : c > 136 ? -128 : (int)((t + (t >> 63) + -41875931136L) >> 31));
                    }
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_after_counts_leaves_their_probability()
    {
        Type code = Compiled(Model([0f, 0f], [1f, 1f]), new CountScaling([1], [0]));
        PropertyInfo probability = code.GetProperty("Probability")!;
        Classify(code, new int[] { 10, 200 });
        Assert.Equal(200f / 256, probability.GetValue(null));
        Classify(code, new int[] { 10, 200 });
        code.GetMethod("Run", [typeof(float[]), typeof(float[])])!.Invoke(null, [new float[] { 100f, 3f }, new float[2]]);
        Assert.Equal(200f / 256, probability.GetValue(null));
        Classify(code, new float[] { 100f, 3f });
        Assert.Equal(3f / 256, probability.GetValue(null));
    }

    [Fact]
    public void What_cannot_be_scaled_is_refused_in_one_sentence()
    {
        byte[] good = Model([0f, 1f], [1f, 1f]);
        Refused(RandomModels.Float32(1), new CountScaling([1], [0]), "is read by one Quantize");
        Refused(RandomModels.Layer(1, 4, 4), new CountScaling([1], [0]), "is read by one Quantize");
        Refused(good, new CountScaling([1, 2, 3], [0]), "--counts-scale has 3 numbers but the model has 2 features");
        Refused(good, new CountScaling([1], [0, 1, 2]), "--counts-offset has 3 numbers");
        Refused(Model([0f, float.NaN], [1f, 1f]), new CountScaling([1], [0]), "Feature 1 of the model");
        foreach (string scales in (string[])["", "0", "1,x", "nan", "1e999", "1,,2"])
        {
            Assert.Contains("--counts-scale", Assert.Throws<InputException>(() => CountScaling.Parse(scales, null)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("--counts-offset", Assert.Throws<InputException>(() => CountScaling.Parse("1", "infinity")).Message, StringComparison.Ordinal);
        Assert.Equal([0.5, -2], CountScaling.Parse("0.5, -2", null).Scales);
    }

    [Fact]
    public void Another_number_of_counts_is_refused()
    {
        Type code = Compiled(Model([0f, 1f], [1f, 1f]), new CountScaling([1], [0]));
        Assert.IsType<ArgumentException>(Assert.Throws<TargetInvocationException>(() => Classify(code, new int[1])).InnerException);
    }

    private static void Refused(byte[] file, CountScaling scaling, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions { Counts = scaling })).Message, StringComparison.Ordinal);

    private static Type Compiled(byte[] file, CountScaling scaling) =>
        Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions { Counts = scaling }).Files)).GetType("Models.Model")!;

    private static object Classify(Type code, Array input) => code.GetMethod("Classify", [input.GetType()])!.Invoke(null, [input])!;

    private static int[] Quantized(Type code) =>
        [.. ((Array)code.GetField("quantized", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!).Cast<object>().Select(value => Convert.ToInt32(value, null))];

    // The outputs are the inputs, quantized in steps of 1/256.
    private static byte[] Model(float[] offsets, float[] scales, Action<ModelBuilder>? more = null, int zeroPoint = -128)
    {
        var builder = new ModelBuilder();
        int[] shape = [1, offsets.Length];
        int input = builder.AddTensor(TensorType.Float32, shape, 0);
        int quantized = builder.AddTensor(TensorType.Int8, shape, 64, new TensorQuantization(1f / 256, zeroPoint));
        int output = builder.AddTensor(TensorType.Float32, shape, 128);
        builder.AddOperator(Opcode.Quantize, [input, Floats(builder, offsets), Floats(builder, scales)], [quantized], []);
        builder.AddOperator(Opcode.Dequantize, [quantized], [output], []);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        more?.Invoke(builder);
        return builder.Build();
    }

    private static int Floats(ModelBuilder builder, float[] values) =>
        builder.AddConstant(TensorType.Float32, [values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));

    private static (float Offset, float Scale, int ZeroPoint, int Low, int High) Line(ModelFile file, int element)
    {
        OperatorRecord quantize = file.Operators.First(record => record.Info.Opcode == Opcode.Quantize);
        TensorInfo output = quantize.Outputs[0];
        int feature = element % quantize.Inputs[0].LastDimension;
        ReadOnlySpan<float> Values(int input) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Bytes.Memory.Span.Slice(quantize.Inputs[input].Offset, quantize.Inputs[input].Bytes));
        bool isByte = output.Type == TensorType.Int8;
        return (quantize.HasInput(1) ? Values(1)[feature] : 0f, quantize.HasInput(2) ? Values(2)[feature] : output.Scale, output.ZeroPoint, isByte ? sbyte.MinValue : short.MinValue, isByte ? sbyte.MaxValue : short.MaxValue);
    }

    private static int Feature(ModelFile file, int element) => element % file.Inputs[0].LastDimension;

    private static double Of(IReadOnlyList<double> values, int feature) => values[values.Count == 1 ? 0 : feature];

    private static double Real(int count, int element, ModelFile file, CountScaling scaling) =>
        (count + Of(scaling.Offsets, Feature(file, element))) * Of(scaling.Scales, Feature(file, element));

    private static double Exact(int count, int element, ModelFile file, CountScaling scaling)
    {
        (float offset, float scale, int zeroPoint, int low, int high) = Line(file, element);
        return Math.Clamp(((Real(count, element, file, scaling) - offset) / scale) + zeroPoint, low, high);
    }

    // From sensors with far more counts than the model has steps to such with a few.
    private static CountScaling Scaling(Random random, ModelFile file)
    {
        int features = random.Next(2) == 0 ? 1 : file.Inputs[0].LastDimension;
        int offsets = random.Next(2) == 0 ? 1 : file.Inputs[0].LastDimension;
        (_, float scale, _, int low, int high) = Line(file, 0);
        return new CountScaling(
            [.. Enumerable.Range(0, features).Select(_ => (random.Next(3) == 0 ? -1 : 1) * Math.Abs((double)scale) * (high - low) * Math.Pow(2, -(random.NextDouble() * 24) - 1))],
            [.. Enumerable.Range(0, offsets).Select(_ => random.Next(3) switch { 0 => 0, 1 => random.Next(-5000, 5000), _ => (random.NextDouble() - 0.5) * 1000 })]);
    }

    private static int[] Counts(Random random, ModelFile file, CountScaling scaling) =>
        [.. Enumerable.Range(0, file.Inputs[0].Elements).Select(k =>
        {
            if (random.Next(40) == 0)
            {
                return random.Next(4) switch { 0 => int.MinValue, 1 => int.MaxValue, _ => random.Next(int.MinValue, int.MaxValue) };
            }

            // The count of a value somewhat further out than the model's range.
            (float offset, float scale, int zeroPoint, int low, int high) = Line(file, k);
            double real = offset + ((low - zeroPoint + ((high - low) * ((random.NextDouble() * 1.2) - 0.1))) * scale);
            double count = (real / Of(scaling.Scales, Feature(file, k))) - Of(scaling.Offsets, Feature(file, k));
            return (int)Math.Clamp(count, int.MinValue, int.MaxValue);
        })];
}
