using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>Convolutions and poolings of random shapes: the fast kernels against their scalar twins.</summary>
public class ConvKernelTests
{
    private const int Shapes = 60;

    private static readonly ActivationKind[] activations =
        [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.LeakyReLU, ActivationKind.ReLU6, ActivationKind.Tanh];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Float32_is_within_the_rounding_of_its_sums(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Shapes; i++)
        {
            ConvShape shape = ConvShape.Draw(random);
            ActivationKind activation = activations[i % activations.Length];
            using EdgeModel model = EdgeModel.Load(ConvModel.Float32(random, shape, activation, bias: random.Next(2) == 0));
            float[] input = DenseModel.Draw(random, model.InputLength);
            float[] expected = Outputs<float>(model, input, KernelSet.Reference);
            float[] actual = Outputs<float>(model, input, KernelSet.Fast);

            // Products and the bias are below 1, and no activation here is steeper than 1.
            float bound = 1e-6f * (shape.WeightsPerUnit + 1);
            for (int j = 0; j < expected.Length; j++)
            {
                Assert.True(Math.Abs(expected[j] - actual[j]) <= bound, $"{shape} {activation} [{j}]: {actual[j]}, not {expected[j]}");
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Int8_gives_the_bytes_of_the_scalar_twin(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Shapes; i++)
        {
            ConvShape shape = ConvShape.Draw(random);
            AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, bias: random.Next(2) == 0), random, shape);
        }
    }

    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public void Int16_gives_the_bytes_of_the_scalar_twin(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Shapes; i++)
        {
            ConvShape shape = ConvShape.Draw(random);
            AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: random.Next(2) == 0), random, shape);
        }
    }

    /// <summary>Windows whose weights int32 sums do not take at once: in blocks of rows, in blocks of places, and where one place is too much. All weights of a sign, and the lowest input.</summary>
    [Theory]
    [InlineData(40, 3, 128)]
    [InlineData(300, 3, 128)]
    [InlineData(520, 2, 128)]
    [InlineData(1100, 1, 128)]
    [InlineData(1100, 2, 128)]
    [InlineData(300, 3, 20)]
    public void Int16_sums_of_any_size_give_the_bytes_of_the_scalar_twin(int channels, int kernel, int weight)
    {
        var random = new Random(16);
        foreach (int dilation in new[] { 1, 2 })
        {
            foreach (int units in new[] { 1, 8, 19, 33 })
            {
                ConvShape shape = ConvShape.Draw(random) with { Groups = 1, ChannelsPerGroup = channels, UnitsPerGroup = units, Kernel = [kernel, kernel], Dilation = [1, dilation] };
                AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: true, weight), random, shape, lowest: true);
                AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: false, weight), random, shape);
            }
        }
    }

    [Theory]
    [InlineData(25, 20)]
    [InlineData(30, 20)]
    public void Int16_depthwise_sums_of_any_size_give_the_bytes_of_the_scalar_twin(int height, int width)
    {
        var random = new Random(17);
        foreach (int channels in new[] { 1, 8, 40 })
        {
            var shape = new ConvShape(1, height + 1, width + 1, channels, 1, 1, [height, width], [1, 1], [1, 1], [0, 0], [2, 2]);
            AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: true, 128), random, shape, lowest: true);
        }
    }

    [Theory]
    [InlineData(nameof(Opcode.MaxPool), TensorType.Float32)]
    [InlineData(nameof(Opcode.MaxPool), TensorType.Int8)]
    [InlineData(nameof(Opcode.MaxPool), TensorType.Int16)]
    [InlineData(nameof(Opcode.AveragePool), TensorType.Float32)]
    [InlineData(nameof(Opcode.AveragePool), TensorType.Int8)]
    [InlineData(nameof(Opcode.AveragePool), TensorType.Int16)]
    public void Poolings_give_the_bytes_of_the_scalar_twin(string opcodeName, TensorType type)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        var random = new Random(9);
        for (int i = 0; i < Shapes; i++)
        {
            // More channels than a convolution of this size would have, to meet every width of vector.
            ConvShape shape = ConvShape.Draw(random) with { Groups = random.Next(1, 150), ChannelsPerGroup = 1 };
            byte[] file = ConvModel.Pool(random, shape, opcode, type);
            switch (type)
            {
                case TensorType.Float32:
                    AssertSameBytes<int>(file, random, shape);
                    break;
                case TensorType.Int8:
                    AssertSameBytes<sbyte>(file, random, shape);
                    break;
                default:
                    AssertSameBytes<short>(file, random, shape);
                    break;
            }
        }
    }

    [Fact]
    public void Depthwise_convolutions_of_many_channels_agree()
    {
        var random = new Random(10);
        foreach (int channels in new[] { 16, 31, 32, 64, 65, 100, 128, 150 })
        {
            for (int i = 0; i < 10; i++)
            {
                ConvShape shape = ConvShape.Draw(random) with { Groups = channels, ChannelsPerGroup = 1, UnitsPerGroup = 1 };
                AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, bias: true), random, shape);
                AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: true), random, shape);
                AssertNear(ConvModel.Float32(random, shape, ActivationKind.ReLU, bias: true), random, shape);
            }
        }
    }

    /// <summary>The windows whose columns are shared, and neighbours of them that are not.</summary>
    [Fact]
    public void Depthwise_convolutions_three_by_three_agree()
    {
        var random = new Random(11);
        foreach (int channels in new[] { 1, 3, 8, 9, 16, 24, 31, 32, 33, 40, 64, 72, 100, 128 })
        {
            for (int i = 0; i < 12; i++)
            {
                int[] stride = [random.Next(1, 4), i < 10 ? 1 : 2];
                int[] dilation = [random.Next(1, 3), i < 9 ? 1 : 2];
                ConvShape shape = ConvShape.Draw(random) with { Groups = channels, ChannelsPerGroup = 1, UnitsPerGroup = 1, Kernel = [3, 3], Stride = stride, Dilation = dilation };
                AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, bias: true), random, shape);
                AssertNear(ConvModel.Float32(random, shape, activations[i % activations.Length], bias: i > 0), random, shape);
            }
        }
    }

    /// <summary>Rows of more windows than wait to be requantized at once, and windows of many rows.</summary>
    [Fact]
    public void Depthwise_convolutions_of_wide_images_agree()
    {
        var random = new Random(18);
        foreach (int channels in new[] { 1, 8, 20, 100 })
        {
            for (int i = 0; i < 6; i++)
            {
                int[] kernel = [random.Next(1, 8), random.Next(1, 8)];

                // Not 1 + (i % 2): of that .NET 10.0 for Arm64, under qemu, makes 0 here, before any kernel runs.
                int[] stride = [1 + (i & 3), 1 + (i & 1)];
                var shape = new ConvShape(2, 20, 150, channels, 1, 1, kernel, stride, [1 + (i % 3), 1], [2, 2], [3, 60]);
                AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, bias: true), random, shape);
                AssertSameBytes<short>(ConvModel.Int16(random, shape, bias: true), random, shape);
            }
        }
    }

    /// <summary>The windows of 3×3 whose four outputs come from 16 products, and neighbours of them that do not.</summary>
    [Fact]
    public void Convolutions_three_by_three_agree()
    {
        var random = new Random(19);
        foreach (int channels in new[] { 8, 15, 16, 32, 48, 80 })
        {
            foreach (int units in new[] { 8, 13, 16, 28, 32, 64 })
            {
                for (int i = 0; i < 4; i++)
                {
                    int[] output = [2 * random.Next(1, 4), i < 3 ? 2 * random.Next(1, 7) : 5];
                    int pad = random.Next(3);
                    var shape = new ConvShape(random.Next(1, 3), output[0] + 2 - pad, Math.Max(1, output[1] + 2 - pad), 1, channels, units, [3, 3], [1, 1], [1, 1], [pad / 2, pad - (pad / 2)], output);
                    AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, bias: i > 0), random, shape);
                    AssertNear(ConvModel.Float32(random, shape, activations[i], bias: i > 0), random, shape);
                }
            }
        }
    }

    /// <summary>Numbers that are not finite reach the outputs whose windows hold them, and no others.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    public void Float32_windows_three_by_three_pass_on_what_is_not_finite(float number)
    {
        var random = new Random(21);
        var shape = new ConvShape(1, 8, 8, 1, 16, 32, [3, 3], [1, 1], [1, 1], [1, 1], [8, 8]);
        using EdgeModel model = EdgeModel.Load(ConvModel.Float32(random, shape, ActivationKind.Linear, bias: true));
        float[] input = DenseModel.Draw(random, model.InputLength);
        input[(((3 * 8) + 5) * 16) + 7] = number;
        float[] expected = Outputs<float>(model, input, KernelSet.Reference);
        float[] actual = Outputs<float>(model, input, KernelSet.Fast);
        Assert.Contains(expected, value => Math.Abs(value) < 100f);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = float.IsFinite(expected[i]) ? Math.Abs(expected[i] - actual[i]) <= 1e-5f * Math.Max(10f, Math.Abs(expected[i])) : expected[i].Equals(actual[i]);
            Assert.True(same, $"[{i}]: {actual[i]}, not {expected[i]}");
        }
    }

    /// <summary>The largest sums and differences that a tile of 3×3 windows can have.</summary>
    [Theory]
    [InlineData(sbyte.MinValue)]
    [InlineData(sbyte.MaxValue)]
    public void Convolutions_three_by_three_of_the_largest_numbers_agree(sbyte weight)
    {
        var random = new Random(20);
        var shape = new ConvShape(1, 4, 6, 1, 64, 16, [3, 3], [1, 1], [1, 1], [0, 0], [2, 4]);

        // Shifts that leave the outputs within int8.
        byte[] file = ConvModel.Int8(random, shape, 100_000, -20, -17, weight);
        foreach (sbyte input in new[] { sbyte.MinValue, sbyte.MaxValue })
        {
            using EdgeModel model = EdgeModel.Load(file);
            sbyte[] inputs = [.. Enumerable.Repeat(input, model.InputLength)];
            Assert.Equal(Outputs(model, inputs, KernelSet.Reference), Outputs(model, inputs, KernelSet.Fast));
        }
    }

    /// <summary>Sums and shifts of every size: those that a short form of requantization is proven for, those at its edge, and those beyond.</summary>
    [Theory]
    [InlineData(100_000, -31, 0)]
    [InlineData(100_000, -3, 3)]
    [InlineData(1 << 29, -24, -8)]
    [InlineData(1 << 30, -31, 2)]
    [InlineData(int.MaxValue, -31, 30)]
    [InlineData(0, -31, -20)]
    public void Requantization_of_any_size_gives_the_bytes_of_the_scalar_twin(int largestBias, int lowestShift, int highestShift)
    {
        var random = new Random(12);
        foreach (int units in new[] { 8, 12, 16, 24, 32, 64 })
        {
            for (int i = 0; i < 12; i++)
            {
                ConvShape shape = ConvShape.Draw(random) with { Groups = 1, ChannelsPerGroup = random.Next(1, 9), UnitsPerGroup = units };
                AssertSameBytes<sbyte>(ConvModel.Int8(random, shape, largestBias, lowestShift, highestShift), random, shape);
            }
        }
    }

    // Products and the bias are below 1, and no activation here is steeper than 1.
    private static void AssertNear(byte[] file, Random random, ConvShape shape)
    {
        using EdgeModel model = EdgeModel.Load(file);
        float[] input = DenseModel.Draw(random, model.InputLength);
        float[] expected = Outputs<float>(model, input, KernelSet.Reference);
        float[] actual = Outputs<float>(model, input, KernelSet.Fast);
        float bound = 1e-5f * Math.Max(1f, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= bound, $"{shape} [{i}]: {actual[i]}, not {expected[i]}");
        }
    }

    private static void AssertSameBytes<T>(byte[] file, Random random, ConvShape shape, bool lowest = false)
        where T : unmanaged
    {
        using EdgeModel model = EdgeModel.Load(file);
        var input = new T[model.InputLength];
        Span<byte> bytes = MemoryMarshal.AsBytes(input.AsSpan());
        random.NextBytes(bytes);
        if (lowest)
        {
            MemoryMarshal.Cast<byte, short>(bytes).Fill(short.MinValue);
        }
        else if (model.File.Inputs[0].Type == TensorType.Float32)
        {
            // Not random bits: which NaN a NaN becomes is the processor's choice.
            MemoryMarshal.AsBytes(DenseModel.Draw(random, input.Length).AsSpan()).CopyTo(bytes);
        }

        T[] expected = Outputs(model, input, KernelSet.Reference);
        T[] actual = Outputs(model, input, KernelSet.Fast);
        Assert.True(expected.AsSpan().SequenceEqual(actual), shape.ToString());
    }

    private static T[] Outputs<T>(EdgeModel model, T[] input, KernelSet kernels)
        where T : unmanaged
    {
        using Session session = model.CreateSession(kernels);
        Span<byte> source = model.File.Inputs[0].Type == TensorType.Float32 ? MemoryMarshal.AsBytes(session.Input<float>())
            : model.File.Inputs[0].Type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>())
            : MemoryMarshal.AsBytes(session.Input<short>());
        MemoryMarshal.AsBytes<T>(input).CopyTo(source);
        session.Run();
        Assert.True(source.SequenceEqual(MemoryMarshal.AsBytes<T>(input)), "the kernel wrote beyond its output");
        return MemoryMarshal.Cast<byte, T>(session.Bytes(model.File.Outputs[0])).ToArray();
    }
}
