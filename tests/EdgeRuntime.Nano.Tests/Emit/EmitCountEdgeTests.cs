using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Counts at the ends of int32, where a comparison with the count begins to be needed; and which models take counts.</summary>
public partial class EmitCountEdgeTests
{
    private const double Step = 1.0 / (1 << 24);

    // A step is 2²⁴ counts, so that int32 is 256 steps. The line is needed from −128.5 + 1/2048 of a step on and to 127.5 − 1/2048:
    // with the offset o from the count −2,155,864,064 − o to 2,139,086,848 − o, and for a falling line from −2,139,086,848 − o to
    // 2,155,864,064 − o.
    [Fact]
    public void A_count_is_compared_only_with_what_a_count_can_pass()
    {
        (int Sign, int Offset, string? Lowest, string? Highest)[] lines =
        [
            (1, -8380416, null, "2147467264"),
            (1, -8380417, "-2147483647", "2147467265"),
            (1, -8380415, null, "2147467263"),
            (1, -8396799, "-2147467265", null),
            (1, -8396798, "-2147467266", "2147483646"),
            (1, -8396800, "-2147467264", null),
            (-1, 8396800, null, "2147467264"),
            (-1, 8396799, "-2147483647", "2147467265"),
            (-1, 8380417, "-2147467265", null),
            (-1, 8380418, "-2147467266", "2147483646"),
        ];
        var batch = new EmitBatch();
        foreach ((int sign, int offset, _, _) in lines)
        {
            batch.Add(Model(), new CountScaling([sign * Step], [offset]));
        }

        for (int i = 0; i < lines.Length; i++)
        {
            (int sign, int offset, string? lowest, string? highest) = lines[i];
            string scale = Scale(batch, i);
            Assert.Equal(lowest, Guard().Matches(scale).Select(match => match.Groups[1].Value).SingleOrDefault());
            Assert.Equal(highest, Above().Matches(scale).Select(match => match.Groups[1].Value).SingleOrDefault());
            Holds(batch, i, count => (count + (double)offset) * sign * Step);
        }
    }

    // At these offsets every count but one, and every count, is saturated: then the count is not read.
    [Fact]
    public void A_count_that_makes_no_difference_is_not_read()
    {
        var batch = new EmitBatch();
        var lines = new List<(int Sign, double Offset, bool IsRead)>();
        foreach (int sign in (int[])[1, -1])
        {
            foreach (bool isFirst in (bool[])[true, false])
            {
                // The first count of the line is 2³¹ − 1, or its last is −2³¹; a falling line begins at the upper limit.
                double edge = isFirst ? int.MaxValue : int.MinValue;
                double value = isFirst == sign > 0 ? -128.5 + (1.0 / 2048) : 127.5 - (1.0 / 2048);
                double offset = (sign * value / Step) - edge;
                lines.Add((sign, offset, true));
                lines.Add((sign, isFirst ? offset - 1 : offset + 1, false));
            }
        }

        foreach ((int sign, double offset, _) in lines)
        {
            batch.Add(Model(), new CountScaling([sign * Step], [offset]));
        }

        for (int i = 0; i < lines.Count; i++)
        {
            (int sign, double offset, bool isRead) = lines[i];
            Assert.Equal(isRead, Scale(batch, i).Contains("input[0]", StringComparison.Ordinal));
            Holds(batch, i, count => (count + offset) * sign * Step);
        }
    }

    [Fact]
    public void A_reshape_between_the_input_and_its_Quantize_changes_nothing()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [2, 1], 0);
        int row = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 256, -128));
        int y = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        int flat = builder.AddTensor(TensorType.Float32, [2], 128);
        builder.AddOperator(Opcode.Reshape, [x], [row], []);
        builder.AddOperator(Opcode.Quantize, [row, -1, -1], [q], []);
        builder.AddOperator(Opcode.Dequantize, [q], [y], []);
        builder.AddOperator(Opcode.Reshape, [y], [flat], []);
        builder.AddInput(x);
        builder.AddOutput(flat, OutputRole.Probability);
        var batch = new EmitBatch();
        batch.Add(builder.Build(), new CountScaling([1.0 / 256], [0, 1]));
        Type code = batch.Code(0);
        Assert.Equal(0, Classify(code, [11, 10]));
        Assert.Equal(1, Classify(code, [10, 10]));
        Assert.Contains("results", batch.Files(0).Single().Text, StringComparison.Ordinal);
    }

    // What reads the real outputs again needs the last Dequantize where it is: the decision is then taken on real numbers.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Real_numbers_that_are_read_again_are_decided_on_as_they_are(bool isRead, bool isReadAside)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 256, -128));
        int y = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        int z = builder.AddTensor(TensorType.Float32, [1, 2], 192);
        builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
        builder.AddOperator(Opcode.Dequantize, [q], [y], []);
        builder.AddInput(x);
        if (isRead)
        {
            // 1 − p turns the decision round.
            builder.AddOperator(Opcode.Sub, [builder.AddConstant(TensorType.Float32, [1, 2], MemoryMarshal.AsBytes<float>([1f, 1f])), y], [z], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            builder.AddOutput(z, OutputRole.Probability);
        }
        else
        {
            builder.AddOutput(y, OutputRole.Probability);
        }

        if (isReadAside)
        {
            builder.AddOperator(Opcode.Add, [y, y], [z], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        }

        var batch = new EmitBatch();
        batch.Add(builder.Build(), new CountScaling([1.0 / 256], [0]));
        Type code = batch.Code(0);
        Assert.Equal(!isRead && !isReadAside, code.GetField("results", BindingFlags.Static | BindingFlags.NonPublic) is not null);
        Assert.Equal(isRead ? 0 : 1, Classify(code, [10, 20]));
        Assert.Equal(isRead ? 1 : 0, Classify(code, [20, 10]));
        Assert.Equal((isRead ? 236f : 20f) / 256, ((float[])code.GetProperty("Probabilities")!.GetValue(null)!)[0]);
    }

    [Fact]
    public void Counts_of_two_inputs_of_a_returned_input_or_of_two_readers_are_refused()
    {
        const string Expected = "--counts-scale needs a model with one float32 input that is read by one Quantize or one TreeEnsemble only";
        Assert.StartsWith(Expected, Refusal((builder, x, q) => builder.AddInput(builder.AddTensor(TensorType.Float32, [1, 2], 512))), StringComparison.Ordinal);
        Assert.StartsWith(Expected, Refusal(output: (_, x) => x), StringComparison.Ordinal);
        Assert.StartsWith(Expected, Refusal(output: (builder, x) =>
        {
            int same = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            builder.AddOperator(Opcode.Reshape, [x], [same], []);
            return same;
        }), StringComparison.Ordinal);
        Assert.StartsWith(Expected, Refusal((builder, x, q) => builder.AddOperator(Opcode.Quantize, [x, -1, -1], [builder.AddTensor(TensorType.Int8, [1, 2], 512, new TensorQuantization(1f, 0))], [])), StringComparison.Ordinal);
        Assert.StartsWith(Expected, Refusal((builder, x, q) => builder.AddOperator(Opcode.Add, [x, x], [builder.AddTensor(TensorType.Float32, [1, 2], 512)], new int[OperatorNames.Parameters(Opcode.Add).Length])), StringComparison.Ordinal);
        Assert.Equal("", Refusal());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_offset_that_is_not_finite_is_refused_with_its_feature_and_numbers(float offset)
    {
        string message = Assert.Throws<InputException>(() => NanoEmitter.Emit(Model([0f, offset], [1f, 1f]), new EmitOptions { Counts = new CountScaling([1], [0]) })).Message;
        Assert.Equal(FormattableString.Invariant($"Feature 1 of the model is quantized with offset {offset} and scale 1, which counts cannot be scaled by; omit --counts-scale."), message);
    }

    [Fact]
    public void As_many_numbers_as_features_or_one_are_taken()
    {
        foreach ((int scales, int offsets, string expected) in ((int, int, string)[])
        [
            (1, 1, ""), (3, 1, ""), (1, 3, ""), (3, 3, ""),
            (2, 1, "--counts-scale has 2 numbers but the model has 3 features; give one for all, or one for each."),
            (4, 1, "--counts-scale has 4 numbers but the model has 3 features; give one for all, or one for each."),
            (1, 2, "--counts-offset has 2 numbers but the model has 3 features; give one for all, or one for each."),
            (3, 4, "--counts-offset has 4 numbers but the model has 3 features; give one for all, or one for each."),
        ])
        {
            var scaling = new CountScaling([.. Enumerable.Repeat(1.0, scales)], [.. Enumerable.Repeat(0.0, offsets)]);
            string message = "";
            try
            {
                NanoEmitter.Emit(Model([0f, 0f, 0f], [1f, 1f, 1f]), new EmitOptions { Counts = scaling });
            }
            catch (InputException exception)
            {
                message = exception.Message;
            }

            Assert.Equal(expected, message);
        }
    }

    [Fact]
    public void A_file_that_cannot_decide_takes_no_counts_and_says_why()
    {
        byte[] file = Model([0f], [1f], role: OutputRole.Value);
        string refusal = ModelFile.Read(new ModelBytes(file)).Decision.Refusal!;
        Assert.Equal("--counts-scale needs a model that decides. " + refusal, Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions { Counts = new CountScaling([1], [0]) })).Message);
        EmittedFile emitted = NanoEmitter.Emit(file, new EmitOptions()).Files.Single();
        Assert.Contains("// There is no Classify: " + refusal, emitted.Text, StringComparison.Ordinal);
        Assert.Null(Assembly.Load(EmittedCode.Compile([emitted])).GetType("Models.Model")!.GetMethod("Classify"));
    }

    [Fact]
    public void The_lists_are_numbers_with_commas_and_spaces()
    {
        CountScaling scaling = CountScaling.Parse(" 1e-3 , -2,.5 ", " -4 ,0, 1 ");
        Assert.Equal([1e-3, -2, 0.5], scaling.Scales);
        Assert.Equal([-4.0, 0, 1], scaling.Offsets);
        Assert.Equal([0.0], CountScaling.Parse("1", null).Offsets);
        foreach ((string scales, string? offsets, string expected) in ((string, string?, string)[])
        [
            ("1,0", null, "--counts-scale has '0', which is not a finite number other than 0; give one for all features, or one for each with commas between."),
            ("x", null, "--counts-scale has 'x', which is not a finite number other than 0; give one for all features, or one for each with commas between."),
            ("1", "1,", "--counts-offset has '', which is not a finite number; give one for all features, or one for each with commas between."),
            ("1", "-infinity", "--counts-offset has '-infinity', which is not a finite number; give one for all features, or one for each with commas between."),
            ("1,000", null, "--counts-scale has '000', which is not a finite number other than 0; give one for all features, or one for each with commas between."),
        ])
        {
            Assert.Equal(expected, Assert.Throws<InputException>(() => CountScaling.Parse(scales, offsets)).Message);
        }
    }

    private static void Holds(EmitBatch batch, int index, Func<int, double> line)
    {
        Type code = batch.Code(index);
        MethodInfo classify = code.GetMethod("Classify", [typeof(int[])])!;
        var quantized = (sbyte[])code.GetField("quantized", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        foreach (int count in (int[])[int.MinValue, int.MinValue + 1, int.MinValue + 2, int.MinValue + (1 << 24), -(1 << 23), -1, 0, 1, 1 << 24, int.MaxValue - (1 << 24), int.MaxValue - 2, int.MaxValue - 1, int.MaxValue])
        {
            classify.Invoke(null, [new[] { count }]);
            Assert.Equal(Math.Clamp(Math.Round(line(count), MidpointRounding.AwayFromZero), -128, 127), quantized[0]);
        }
    }

    private static string Scale(EmitBatch batch, int index)
    {
        string text = batch.Files(index).Single().Text;
        int start = text.IndexOf("static void Scale1(", StringComparison.Ordinal);
        return text[start..text.IndexOf("        }\n", start, StringComparison.Ordinal)];
    }

    private static int Classify(Type code, int[] counts) => (int)code.GetMethod("Classify", [typeof(int[])])!.Invoke(null, [counts])!;

    // Why a model with counts is refused, or nothing.
    private static string Refusal(Action<ModelBuilder, int, int>? more = null, Func<ModelBuilder, int, int>? output = null)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 256, -128));
        int y = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
        builder.AddOperator(Opcode.Dequantize, [q], [y], []);
        builder.AddInput(x);
        builder.AddOutput(output?.Invoke(builder, x) ?? y, OutputRole.Probability);
        more?.Invoke(builder, x, q);
        try
        {
            NanoEmitter.Emit(builder.Build(), new EmitOptions { Counts = new CountScaling([1], [0]) });
            return "";
        }
        catch (InputException exception)
        {
            return exception.Message;
        }
    }

    private static byte[] Model() => Model([0f], [1f]);

    private static byte[] Model(float[] offsets, float[] scales, OutputRole role = OutputRole.Probability)
    {
        var builder = new ModelBuilder();
        int[] shape = [1, offsets.Length];
        int input = builder.AddTensor(TensorType.Float32, shape, 0);
        int quantized = builder.AddTensor(TensorType.Int8, shape, 64, new TensorQuantization(1f, 0));
        int output = builder.AddTensor(TensorType.Float32, shape, 128);
        int Floats(float[] values) => builder.AddConstant(TensorType.Float32, [values.Length], MemoryMarshal.AsBytes<float>(values));
        builder.AddOperator(Opcode.Quantize, [input, Floats(offsets), Floats(scales)], [quantized], []);
        builder.AddOperator(Opcode.Dequantize, [quantized], [output], []);
        builder.AddInput(input);
        builder.AddOutput(output, role);
        return builder.Build();
    }

    [GeneratedRegex(@"c < (-?\d+) \?")]
    private static partial Regex Guard();

    [GeneratedRegex(@"c > (-?\d+) \?")]
    private static partial Regex Above();
}
