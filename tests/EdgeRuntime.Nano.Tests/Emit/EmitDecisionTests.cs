using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>The integers at which emitted code changes its decision, for every threshold between two codes and at both ends.</summary>
public class EmitDecisionTests
{
    // Codes −128 to 127 stand for 0/256 to 255/256.
    [Fact]
    public void A_threshold_at_any_code_of_int8_is_met_by_that_code_and_not_by_the_one_below()
    {
        var batch = new EmitBatch();
        int[] places = [0, 1, 2, 64, 127, 128, 129, 200, 254, 255, 256];
        foreach (int place in places)
        {
            batch.Add(Model(TensorType.Int8, new TensorQuantization(1f / 256, -128), 1, place / 256f));
        }

        for (int i = 0; i < places.Length; i++)
        {
            for (int code = -128; code < 128; code++)
            {
                Assert.True((code + 128 >= places[i] ? 1 : 0) == Classify(batch, i, new[] { (sbyte)code }), $"code {code}, threshold {places[i]}/256");
            }
        }
    }

    [Fact]
    public void A_threshold_between_two_codes_is_met_from_the_upper_one_on()
    {
        // Just above and just below the values of the lowest two codes and of the highest two.
        var batch = new EmitBatch();
        var cases = new List<(TensorType Type, TensorQuantization Q, float Threshold)>();
        foreach ((TensorType type, TensorQuantization q) in ((TensorType, TensorQuantization)[])[(TensorType.Int8, new(1f / 256, -128)), (TensorType.Int8, new(0.003f, -100)), (TensorType.Int16, new(1f / 65536, -32768)), (TensorType.Int16, new(1f / 32768, 0))])
        {
            (int low, int high) = Limits(type);
            foreach (int code in (int[])[low, low + 1, low + 2, 0, 1, high - 1, high])
            {
                float value = q.Scale * (code - q.ZeroPoint);
                foreach (float threshold in (float[])[MathF.BitDecrement(value), value, MathF.BitIncrement(value)])
                {
                    if (threshold is >= 0f and <= 1f)
                    {
                        cases.Add((type, q, threshold));
                        batch.Add(Model(type, q, 1, threshold));
                    }
                }
            }
        }

        for (int i = 0; i < cases.Count; i++)
        {
            (TensorType type, TensorQuantization q, float threshold) = cases[i];
            foreach (int code in Around(type))
            {
                int expected = q.Scale * (code - q.ZeroPoint) >= threshold ? 1 : 0;
                Assert.True(expected == Classify(batch, i, Raw(type, code)), $"{cases[i]}, code {code}");
            }
        }
    }

    [Fact]
    public void An_abstain_band_begins_at_its_lower_end_and_ends_before_its_upper_at_any_code()
    {
        var batch = new EmitBatch();
        var cases = new List<(float Low, float High, float Threshold)>();
        foreach (float threshold in (float[])[0f, 1f / 256, 0.5f, 255f / 256, 1f])
        {
            foreach ((int low, int high) in ((int, int)[])[(0, 1), (0, 256), (1, 2), (0, 257), (255, 256), (255, 257), (254, 255), (100, 140), (128, 129), (127, 128)])
            {
                cases.Add((low / 256f, high / 256f, threshold));
                batch.Add(Model(TensorType.Int8, new TensorQuantization(1f / 256, -128), 1, threshold, [low / 256f, high / 256f]));
            }
        }

        for (int i = 0; i < cases.Count; i++)
        {
            for (int code = -128; code < 128; code++)
            {
                float p = (code + 128) / 256f;
                bool none = p >= cases[i].Low && p < cases[i].High;
                int expected = none ? -1 : p >= cases[i].Threshold ? 1 : 0;
                Assert.True(expected == Classify(batch, i, new[] { (sbyte)code }), $"{cases[i]}, code {code}");
                string reason = batch.Code(i).GetProperty("Reason")!.GetValue(null)!.ToString()!;
                Assert.Equal(none ? "AbstainBand" : "Decided", reason);
                Assert.Equal(p, batch.Code(i).GetProperty("Probability")!.GetValue(null));
            }
        }
    }

    [Fact]
    public void Of_several_classes_the_first_of_the_highest_is_taken_unless_it_abstains()
    {
        var batch = new EmitBatch();
        (float Low, float High)[] bands = [(0f, 0f), (0f, 1f / 256), (0.25f, 0.5f), (255f / 256, 2f)];
        foreach ((float low, float high) in bands)
        {
            foreach (int classes in (int[])[3, 4])
            {
                batch.Add(Model(TensorType.Int8, new TensorQuantization(1f / 256, -128), classes, null, low < high ? [low, high] : null));
            }
        }

        sbyte[] values = [-128, -127, -64, 0, 126, 127];
        for (int i = 0; i < batch.Count; i++)
        {
            int classes = i % 2 == 0 ? 3 : 4;
            (float low, float high) = bands[i / 2];
            for (int k = 0; k < Math.Pow(values.Length, classes); k++)
            {
                sbyte[] row = [.. Enumerable.Range(0, classes).Select(column => values[k / (int)Math.Pow(values.Length, column) % values.Length])];
                int best = Array.IndexOf(row, row.Max());
                float p = (row[best] + 128) / 256f;
                Assert.True((p >= low && p < high ? -1 : best) == Classify(batch, i, row), $"{string.Join(' ', row)} in {bands[i / 2]}");
                Assert.Equal(p, batch.Code(i).GetProperty("Probability")!.GetValue(null));
                Assert.Equal(row.Select(value => (value + 128) / 256f), (float[])batch.Code(i).GetProperty("Probabilities")!.GetValue(null)!);
            }
        }
    }

    [Fact]
    public void Two_classes_are_decided_by_the_higher_or_by_the_threshold_where_there_is_another()
    {
        var batch = new EmitBatch();
        float?[] thresholds = [null, 0.5f, 0.25f, 0f, 1f];
        foreach (float? threshold in thresholds)
        {
            batch.Add(Model(TensorType.Int8, new TensorQuantization(1f / 256, -128), 2, threshold));
        }

        for (int i = 0; i < thresholds.Length; i++)
        {
            foreach (sbyte a in (sbyte[])[-128, -64, -1, 0, 1, 127])
            {
                foreach (sbyte b in (sbyte[])[-128, -65, -64, -63, -1, 0, 1, 127])
                {
                    int expected = thresholds[i] is null or 0.5f ? (b > a ? 1 : 0) : (b + 128) / 256f >= thresholds[i] ? 1 : 0;
                    Assert.True(expected == Classify(batch, i, new[] { a, b }), $"{a} and {b} at {thresholds[i]}");
                }
            }
        }
    }

    [Fact]
    public void The_class_constants_and_texts_are_those_of_the_file()
    {
        string[] labels = ["\"quoted\" \\ back", "line\nbreak\r\ttab", "ünï — 漢字 😀", "\u2028\u0085\0end", "class"];
        byte[] file = Model(TensorType.Int8, new TensorQuantization(1f / 256, -128), 5, null, null, labels);
        var batch = new EmitBatch();
        batch.Add(file);
        Type code = batch.Code(0);
        Assert.Equal(labels, (string[])code.GetField("Labels")!.GetValue(null)!);
        Assert.Equal(labels, Enumerable.Range(0, 5).Select(i => (string)code.GetMethod("ClassText")!.Invoke(null, [i])!));
        Assert.Equal("", code.GetMethod("ClassText")!.Invoke(null, [-1]));
        foreach (int index in (int[])[-2, 5])
        {
            Assert.IsType<ArgumentException>(Assert.Throws<System.Reflection.TargetInvocationException>(() => code.GetMethod("ClassText")!.Invoke(null, [index])).InnerException);
        }

        Assert.Equal((5, -1, float.NaN), ((int)code.GetField("ClassCount")!.GetRawConstantValue()!, (int)code.GetField("None")!.GetRawConstantValue()!, (float)code.GetField("Threshold")!.GetRawConstantValue()!));
    }

    private static int Classify(EmitBatch batch, int index, Array input) => (int)batch.Code(index).GetMethod("Classify")!.Invoke(null, [input])!;

    private static (int Low, int High) Limits(TensorType type) => type == TensorType.Int8 ? (-128, 127) : (-32768, 32767);

    private static IEnumerable<int> Around(TensorType type)
    {
        (int low, int high) = Limits(type);
        return type == TensorType.Int8 ? Enumerable.Range(-128, 256) : [.. Enumerable.Range(low, 5), .. Enumerable.Range(-3, 7), .. Enumerable.Range(high - 4, 5), 12345, -12345];
    }

    private static Array Raw(TensorType type, int code) => type == TensorType.Int8 ? new[] { (sbyte)code } : new[] { (short)code };

    // The outputs are the inputs.
    private static byte[] Model(TensorType type, TensorQuantization quantization, int width, float? threshold, float[]? band = null, string[]? labels = null)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(type, [1, width], 0, quantization);
        int y = builder.AddTensor(type, [1, width], 0, quantization);
        builder.AddOperator(Opcode.Reshape, [x], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        if (threshold is { } value)
        {
            builder.AddFloats(MetadataKey.Threshold, [value]);
        }

        if (band is not null)
        {
            builder.AddFloats(MetadataKey.AbstainBand, band);
        }

        if (labels is not null)
        {
            builder.AddTextList(MetadataKey.Labels, labels);
        }

        return builder.Build();
    }
}
