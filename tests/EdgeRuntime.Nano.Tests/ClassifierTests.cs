extern alias nano;

using System.Globalization;
using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>The classifiers of EdgeRuntime, EdgeInference.Nano and emitted code: one rule, by the same names, for every kind of file.</summary>
public class ClassifierTests
{
    private static readonly float[][] Calibrations =
    [
        [],
        [(int)CalibrationMethod.Platt, 2f, -0.7f],
        [(int)CalibrationMethod.Platt, 1f, 0f],
        [(int)CalibrationMethod.Isotonic, 0.1f, 0.2f, 0.5f, 0.5f, 0.6f, 0.5f, 0.9f, 1f],
        [(int)CalibrationMethod.Temperature, 1.7f],
    ];

    [Theory]
    [InlineData(TensorType.Float32)]
    [InlineData(TensorType.Int8)]
    [InlineData(TensorType.Int16)]
    public void Every_form_decides_alike_on_every_kind_of_file(TensorType type)
    {
        var cases = new List<(byte[] File, string Name)>();
        var sources = new List<EmittedFile>();
        foreach (int width in (int[])[1, 2, 3])
        {
            foreach (OutputRole role in (OutputRole[])[OutputRole.Probability, OutputRole.Score])
            {
                foreach (float? threshold in (float?[])[null, 0f, 0.25f, 0.5f])
                {
                    foreach (float[] calibration in Calibrations.Where(values => width < 3 || values.Length is 0 or 2))
                    {
                        foreach (float[] band in (float[][])[[], [0.3f, 0.6f]])
                        {
                            byte[] file = Model(type, width, role, threshold, calibration, band);
                            string name = $"M{cases.Count}";
                            sources.AddRange(NanoEmitter.Emit(file, new EmitOptions("Models", name)).Files);
                            cases.Add((file, name));
                        }
                    }
                }
            }
        }

        Assembly assembly = Assembly.Load(EmittedCode.Compile(sources));
        var seen = new HashSet<(int Class, DecisionReason Reason)>();
        foreach ((byte[] file, string name) in cases)
        {
            Compare(file, assembly.GetType("Models." + name)!, seen);
        }

        // Integers are always finite.
        Assert.Equal(type == TensorType.Float32 ? 5 : 4, seen.Count);
    }

    [Fact]
    public void Emitted_code_that_takes_counts_gives_probabilities_too()
    {
        foreach (float[] calibration in Calibrations)
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int quantized = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 256, -128));
            int output = builder.AddTensor(TensorType.Float32, [1, 2], 128);
            builder.AddOperator(Opcode.Quantize, [input], [quantized], []);
            builder.AddOperator(Opcode.Dequantize, [quantized], [output], []);
            byte[] file = Finish(builder, input, output, OutputRole.Probability, null, calibration, []);
            using EdgeModel model = EdgeModel.Load(file);
            using var classifier = new Classifier(model);
            Type code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions { Counts = new CountScaling([1.0 / 256], [0]) }).Files)).GetType("Models.Model")!;
            for (int count = 0; count < 256; count += 5)
            {
                int[] counts = [255 - count, count];
                float[] values = [counts[0] / 256f, counts[1] / 256f];
                Decision expected = classifier.Classify(values);
                foreach (Array row in (Array[])[counts, values])
                {
                    Assert.Equal(expected.ClassIndex, code.GetMethod("Classify", [row.GetType()])!.Invoke(null, [row]));
                    Assert.Equal(expected.Probability, Get(code, "Probability"));
                    Assert.Equal(classifier.Probabilities.ToArray(), Get(code, "Probabilities"));
                }
            }
        }
    }

    [Fact]
    public void A_missing_value_is_left_to_a_model_that_defines_it()
    {
        foreach (bool defines in (bool[])[false, true])
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Step, 0, 0]);
            if (defines)
            {
                builder.AddBytes(MetadataKey.MissingValues, []);
            }

            byte[] file = Finish(builder, input, output, OutputRole.Probability, null, [], []);
            using EdgeModel model = EdgeModel.Load(file);
            using var classifier = new Classifier(model);
            var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
            Type code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files)).GetType("Models.Model")!;
            foreach (float[] row in (float[][])[[float.NaN, 1f], [float.PositiveInfinity, 1f], [-1f, 1f]])
            {
                Decision expected = classifier.Classify(row);
                Assert.Equal(expected.ClassIndex, device.Classify(row));
                Assert.Equal(expected.ClassIndex, code.GetMethod("Classify")!.Invoke(null, [row]));
                Assert.Equal((int)expected.Reason, (int)device.Reason);
                Assert.Equal((int)expected.Reason, Convert.ToInt32(Get(code, "Reason"), CultureInfo.InvariantCulture));
            }
        }
    }

    private static void Compare(byte[] file, Type code, HashSet<(int Class, DecisionReason Reason)> seen)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        MethodInfo classify = code.GetMethod("Classify")!;
        Assert.Equal((classifier.ClassCount, classifier.Threshold), (device.ClassCount, device.Threshold));
        Assert.Equal((classifier.ClassCount, classifier.Threshold), ((int)Constant(code, "ClassCount"), (float)Constant(code, "Threshold")));
        for (int i = Decision.None; i < classifier.ClassCount; i++)
        {
            Assert.Equal(classifier.ClassText(i), device.ClassText(i));
            Assert.Equal(classifier.ClassText(i), code.GetMethod("ClassText")!.Invoke(null, [i]));
        }

        TensorInfo tensor = model.File.Inputs[0];
        foreach (float[] row in Rows(tensor.Elements, tensor.Type == TensorType.Float32))
        {
            Decision expected = classifier.Classify(row);
            Array raw = Raw(row, tensor);
            string what = $"{code.Name}, {string.Join(' ', row)}, {string.Join(' ', classifier.Probabilities.ToArray())}";
            Assert.True(expected.ClassIndex == device.Classify(row), what);
            Assert.True(expected.ClassIndex.Equals(classify.Invoke(null, [raw])), what);
            Assert.Equal((expected.Probability, (int)expected.Reason), (device.Probability, (int)device.Reason));
            Assert.Equal((expected.Probability, (int)expected.Reason), ((float)Get(code, "Probability"), Convert.ToInt32(Get(code, "Reason"), CultureInfo.InvariantCulture)));
            Assert.Equal(classifier.Probabilities.ToArray(), device.Probabilities);
            Assert.Equal(classifier.Probabilities.ToArray(), Get(code, "Probabilities"));
            if (raw is sbyte[] bytes)
            {
                Assert.Equal(expected.ClassIndex, device.Classify(bytes));
            }

            seen.Add((expected.ClassIndex, expected.Reason));
        }
    }

    private static object Get(Type code, string property) => code.GetProperty(property)!.GetValue(null)!;

    private static object Constant(Type code, string field) => code.GetField(field)!.GetRawConstantValue()!;

    // Every combination of values among which are ties, thresholds and ends of the band.
    private static IEnumerable<float[]> Rows(int width, bool isFloat)
    {
        float[] values = [0f, 0.25f, 0.3f, 0.5f, 0.6f, 0.75f, 1f, -0.25f, .. isFloat ? [float.NaN, float.NegativeInfinity] : (float[])[]];
        for (int i = 0; i < Math.Pow(values.Length, width); i++)
        {
            yield return [.. Enumerable.Range(0, width).Select(column => values[i / (int)Math.Pow(values.Length, column) % values.Length])];
        }
    }

    private static Array Raw(float[] row, TensorInfo tensor) => tensor.Type switch
    {
        TensorType.Float32 => row,
        TensorType.Int8 => Array.ConvertAll(row, value => (sbyte)Math.Clamp(MathF.Round(value / tensor.Scale, MidpointRounding.AwayFromZero) + tensor.ZeroPoint, -128, 127)),
        _ => Array.ConvertAll(row, value => (short)Math.Clamp(MathF.Round(value / tensor.Scale, MidpointRounding.AwayFromZero) + tensor.ZeroPoint, -32768, 32767)),
    };

    // The outputs are the inputs.
    private static byte[] Model(TensorType type, int width, OutputRole role, float? threshold, float[] calibration, float[] band)
    {
        var builder = new ModelBuilder();
        TensorQuantization? quantization = type switch
        {
            TensorType.Int8 => role == OutputRole.Score ? new(1f / 100, 3) : new(1f / 256, -128),
            TensorType.Int16 => new(1f / 32768, 0),
            _ => null,
        };
        int input = builder.AddTensor(type, [1, width], 0, quantization);
        int output = builder.AddTensor(type, [1, width], type == TensorType.Float32 ? 64 : 0, quantization);
        builder.AddOperator(type == TensorType.Float32 ? Opcode.Activation : Opcode.Reshape, [input], [output], type == TensorType.Float32 ? [(int)ActivationKind.Linear, 0, 0] : []);
        if (width == 3)
        {
            builder.AddTextList(MetadataKey.Labels, ["läuft", "steht", "\"?\""]);
        }

        return Finish(builder, input, output, role, threshold, calibration, band);
    }

    private static byte[] Finish(ModelBuilder builder, int input, int output, OutputRole role, float? threshold, float[] calibration, float[] band)
    {
        builder.AddInput(input);
        builder.AddOutput(output, role);
        foreach ((MetadataKey key, float[] values) in ((MetadataKey, float[])[])[(MetadataKey.Threshold, threshold is { } value ? [value] : []), (MetadataKey.Calibration, calibration), (MetadataKey.AbstainBand, band)])
        {
            if (values.Length > 0)
            {
                builder.AddFloats(key, values);
            }
        }

        return builder.Build();
    }
}
