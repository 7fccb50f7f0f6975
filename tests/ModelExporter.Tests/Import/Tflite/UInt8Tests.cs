using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>uint8 models: TensorFlow Lite Micro's kernels take uint8 in QUANTIZE alone, so the others are held to the integers that define them.</summary>
public class UInt8Tests
{
    private const float InputScale = 0.024f;
    private const float WeightScale = 0.0042f;
    private const float OutputScale = 0.11f;
    private const int InputZero = 115;
    private const int OutputZero = 137;

    [Theory]
    [InlineData(128)]
    [InlineData(119)]
    [InlineData(0)]
    [InlineData(255)]
    public void A_dense_layer_is_that_of_the_unsigned_integers(int weightZero)
    {
        const int Depth = 19;
        const int Units = 5;
        (byte[] weights, int[] bias, byte[] x) = Draw(Units * Depth, Units, Depth);
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.UInt8, [1, Depth], InputScale, InputZero);
        int w = model.Constant(TfliteType.UInt8, [Units, Depth], weights, [WeightScale], 0, weightZero);
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [input, w, model.Constant([Units], bias)], [model.Output(TfliteType.UInt8, [1, Units], OutputScale, OutputZero)], 8, (0, (byte)FusedActivation.Relu));
        byte[] expected = [.. Enumerable.Range(0, Units).Select(unit =>
            Requantized(bias[unit] + Enumerable.Range(0, Depth).Sum(i => (weights[(unit * Depth) + i] - weightZero) * (x[i] - InputZero)), OutputZero))];
        Assert.Equal(expected, Run(model, x));
    }

    [Theory]
    [InlineData(false, 131)]
    [InlineData(false, 9)]
    [InlineData(true, 131)]
    [InlineData(true, 9)]
    public void A_convolution_is_that_of_the_unsigned_integers(bool depthwise, int weightZero)
    {
        const int Size = 5;
        const int Channels = 3;
        const int Units = 6;
        int depth = depthwise ? 1 : Channels;
        (byte[] weights, int[] bias, byte[] x) = Draw(Units * 9 * depth, Units, Size * Size * Channels);
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.UInt8, [1, Size, Size, Channels], InputScale, InputZero);
        int w = model.Constant(TfliteType.UInt8, depthwise ? [1, 3, 3, Units] : [Units, 3, 3, Channels], weights, [WeightScale], 0, weightZero);
        (int, object)[] options = depthwise
            ? [(0, (byte)0), (1, 1), (2, 1), (3, Units / Channels), (4, (byte)0), (5, 1), (6, 1)]
            : [(0, (byte)0), (1, 1), (2, 1), (3, (byte)0), (4, 1), (5, 1)];
        model.Operator(depthwise ? TfliteOperatorCode.DEPTHWISE_CONV_2D : TfliteOperatorCode.CONV_2D, [input, w, model.Constant([Units], bias)], [model.Output(TfliteType.UInt8, [1, Size, Size, Units], OutputScale, OutputZero)], depthwise ? 2 : 1, options);
        var expected = new byte[Size * Size * Units];
        for (int i = 0; i < expected.Length; i++)
        {
            int unit = i % Units;
            int row = i / Units / Size;
            int column = i / Units % Size;
            int sum = bias[unit];
            for (int tap = 0; tap < 9; tap++)
            {
                int r = row + (tap / 3) - 1;
                int c = column + (tap % 3) - 1;
                for (int k = 0; k < depth && r >= 0 && r < Size && c >= 0 && c < Size; k++)
                {
                    int channel = depthwise ? unit / (Units / Channels) : k;
                    int weight = depthwise ? weights[(tap * Units) + unit] : weights[(((unit * 9) + tap) * Channels) + k];
                    sum += (weight - weightZero) * (x[(((r * Size) + c) * Channels) + channel] - InputZero);
                }
            }

            expected[i] = Requantized(sum, 0);
        }

        Assert.Equal(expected, Run(model, x));
    }

    private static (byte[] Weights, int[] Bias, byte[] Input) Draw(int weights, int units, int inputs)
    {
        var seeds = new SeededInputs(41);
        byte[] drawn = seeds.Bytes(weights);
        drawn[0] = 0;
        drawn[1] = 255;
        return (drawn, [.. Enumerable.Range(0, units).Select(_ => (int)(seeds.Next() >> 50) - 8192)], seeds.Bytes(inputs));
    }

    private static byte Requantized(int sum, int least)
    {
        QuantizedMultiplier factor = QuantizedMultiplier.From((double)(InputScale * WeightScale) / OutputScale);
        return (byte)Math.Clamp(FixedPoint.Requantize(sum, factor.Multiplier, factor.Shift) + OutputZero, least, 255);
    }

    // What is uint8 in the file is int8 in the model, 128 less.
    private static byte[] Run(TfliteModelBuilder source, byte[] x)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(source.Build(), "uint8.tflite")));
        byte[]? first = null;
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session session = model.CreateSession(kernels);
            Shifted(x).CopyTo(MemoryMarshal.AsBytes(session.Input<sbyte>()));
            session.Run();
            byte[] output = Shifted(MemoryMarshal.AsBytes(session.Output<sbyte>()).ToArray());
            first ??= output;
            Assert.Equal(first, output);
        }

        return first!;
    }

    private static byte[] Shifted(byte[] values) => Array.ConvertAll(values, value => (byte)(value ^ 0x80));
}
