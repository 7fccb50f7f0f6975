extern alias nano;

using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels.Elementwise;

/// <summary>Every activation function that there is works on the device, in float32 and as the tables that the exporter builds.</summary>
public class ActivationTests
{
    private const int Int16Inputs = 1 << 16;

    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        float[] input = [.. Enumerable.Range(0, 2001).Select(i => (i - 1000) / 50f), -100f, 100f, 0f];
        var builder = new ModelBuilder();
        int source = builder.AddTensor(TensorType.Float32, [input.Length, 1], 0);
        int output = builder.AddTensor(TensorType.Float32, [input.Length, 1], 64 * 1024);
        int[] inputs = [source];
        if (function.Kind == ActivationKind.PReLU)
        {
            inputs = [source, builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([function.DefaultAlpha]))];
        }

        int[] parameters = [(int)function.Kind, BitConverter.SingleToInt32Bits(function.DefaultAlpha), BitConverter.SingleToInt32Bits(function.DefaultBeta)];
        builder.AddOperator(Opcode.Activation, inputs, [output], parameters);
        float[] actual = Run(builder, source, output, input);
        for (int i = 0; i < input.Length; i++)
        {
            double expected = function.Value(input[i]);
            Assert.True(Math.Abs(actual[i] - expected) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{name}({input[i]:R}) is {actual[i]:R}, not {expected:R}.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Int8_table(string name)
    {
        const float OutputScale = 1f / 16;
        UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind);
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            var builder = new ModelBuilder();
            sbyte[] table = TableBuilder.Int8(function, 1f / 16, 3, OutputScale, -5);
            short[] wide = TableBuilder.Int8ToInt16(function, 1f / 16, 3, OutputScale / 256, 0);
            int constant = type == TensorType.Int8
                ? builder.AddConstant(type, [table.Length], MemoryMarshal.AsBytes<sbyte>(table))
                : builder.AddConstant(type, [wide.Length], MemoryMarshal.AsBytes<short>(wide));
            TensorQuantization quantization = type == TensorType.Int8 ? new(OutputScale, -5) : new(OutputScale / 256, 0);
            int source = builder.AddTensor(TensorType.Int8, [256], 0, new TensorQuantization(1f / 16, 3));
            int output = builder.AddTensor(type, [256], 1024, quantization);
            builder.AddOperator(Opcode.Table, [source, constant], [output], []);
            float[] input = [.. Enumerable.Range(-128, 256).Select(q => (q - 3) / 16f)];
            AssertRounded(name, Array.ConvertAll(input, x => function.Value(x)), input, Run(builder, source, output, input), quantization, type, within: 0.5001);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Int16_table(string name)
    {
        const float InputScale = 1f / 4096;
        UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind);
        float[] input = [.. Enumerable.Range(short.MinValue, Int16Inputs).Select(q => q * InputScale)];
        double[] values = Array.ConvertAll(input, x => function.Value(x));
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            TensorQuantization quantization = type == TensorType.Int8 ? new(1f / 16, -5) : new(1f / 4096, 0);
            Int16Table table = type == TensorType.Int8
                ? Int16TableBuilder.Build(function, InputScale, quantization.Scale, outputZeroPoint: quantization.ZeroPoint, min: sbyte.MinValue, max: sbyte.MaxValue)
                : Int16TableBuilder.Build(function, InputScale, quantization.Scale);
            var builder = new ModelBuilder();
            int constant = builder.AddConstant(TensorType.Int32, [table.Segments.Length], MemoryMarshal.AsBytes<int>(table.Segments));
            int source = builder.AddTensor(TensorType.Int16, [Int16Inputs], 0, new TensorQuantization(InputScale, 0));
            int output = builder.AddTensor(type, [Int16Inputs], Int16Inputs * sizeof(short), quantization);
            builder.AddOperator(Opcode.Table, [source, constant], [output], []);
            AssertRounded(name, values, input, Run(builder, source, output, input), quantization, type, within: 1.001);
        }
    }

    // The output is within so many of its last bits of the unrounded value.
    private static void AssertRounded(string name, double[] values, float[] input, float[] actual, TensorQuantization quantization, TensorType type, double within)
    {
        (int min, int max) = type == TensorType.Int8 ? (sbyte.MinValue, sbyte.MaxValue) : ((int)short.MinValue, (int)short.MaxValue);
        for (int i = 0; i < input.Length; i++)
        {
            double expected = Math.Clamp((values[i] / quantization.Scale) + quantization.ZeroPoint, min, max);
            double got = (actual[i] / quantization.Scale) + quantization.ZeroPoint;
            if (!(Math.Abs(got - expected) <= within))
            {
                // Said here alone: a sentence for each of 65,536 numbers took longer than the numbers.
                Assert.Fail($"{name}({input[i]:R}) in {type} is {got}, not {expected}.");
            }
        }
    }

    // The device engine's outputs, which equal the desktop engine's to the bit where they are tables.
    private static float[] Run(ModelBuilder builder, int source, int output, float[] input)
    {
        builder.AddInput(source);
        builder.AddOutput(output);
        byte[] file = builder.Build();
        float[] actual = new float[input.Length];
        new Engine.NanoSession(Engine.NanoModel.Load(file)).Run(input, actual);
        using EdgeModel model = EdgeModel.Load(file);
        if (model.File.Outputs[0].IsQuantized)
        {
            using Session session = model.CreateSession(KernelSet.Reference);
            float[] expected = new float[input.Length];
            session.Run(input, expected);
            if (!expected.AsSpan().SequenceEqual(actual))
            {
                Assert.Equal(expected, actual);
            }
        }

        return actual;
    }
}
