using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>Convolutions of images that come plane after plane, done with the Transpose before them at once, and neighbours of them that are not.</summary>
public class PlanarConvTests
{
    private static readonly ActivationKind[] activations = [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.ReLU6, ActivationKind.Tanh];

    [Fact]
    public void Windows_of_any_shape_agree()
    {
        var random = new Random(41);
        int fused = 0;
        for (int i = 0; i < 300; i++)
        {
            ConvShape drawn = ConvShape.Draw(random);
            int width = random.Next(8, 40);
            int stride = random.Next(1, 4);
            ConvShape shape = drawn with
            {
                Batch = i % 10 == 0 ? 2 : 1,
                Width = width,
                Groups = 1,
                ChannelsPerGroup = random.Next(1, 6),
                UnitsPerGroup = random.Next(1, 45),
                Stride = [drawn.Stride[0], stride],
                Output = [drawn.Output[0], Math.Max(1, ((width + (2 * drawn.Pad[1]) - ((drawn.Kernel[1] - 1) * drawn.Dilation[1]) - 1) / stride) + random.Next(3))],
            };
            fused += Near(random, shape, activations[i % activations.Length]) ? 1 : 0;
        }

        Assert.InRange(fused, FusesHere ? 30 : 0, 270);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(1, 13)]
    [InlineData(2, 23)]
    [InlineData(2, 24)]
    [InlineData(2, 37)]
    public void Rows_of_whole_tiles_and_of_parts_agree(int stride, int outputs)
    {
        var random = new Random(42);
        foreach (int units in new[] { 3, 8, 9, 16, 20, 24, 32, 40 })
        {
            var shape = new ConvShape(1, 9, (outputs * stride) + 1 - stride, 1, 3, units, [3, 3], [stride, stride], [1, 1], [1, 1], [1 + (8 / stride), outputs]);
            bool isFused = Near(random, shape, ActivationKind.ReLU6);
            Assert.Equal(FusesHere, isFused);
        }
    }

    /// <summary>A convolution takes nothing else with it: other orders of the axes, a tensor that another reads, many channels, slopes.</summary>
    [Fact]
    public void What_does_not_fit_is_done_one_after_the_other()
    {
        var random = new Random(43);
        var shape = new ConvShape(1, 20, 20, 1, 3, 8, [3, 3], [1, 1], [1, 1], [1, 1], [20, 20]);
        Assert.Equal(FusesHere, Near(random, shape, ActivationKind.ReLU));
        Assert.False(Near(random, shape, ActivationKind.ReLU, order: [0, 3, 2, 1]));
        Assert.False(Near(random, shape, ActivationKind.ReLU, showsTransposed: true));
        Assert.False(Near(random, shape, ActivationKind.LeakyReLU));
        Assert.False(Near(random, shape with { ChannelsPerGroup = 5 }, ActivationKind.ReLU));
        Assert.False(Near(random, shape with { Batch = 2 }, ActivationKind.ReLU));
        Assert.False(Near(random, shape with { Stride = [1, 3], Output = [20, 6] }, ActivationKind.ReLU));
        Assert.False(Near(random, shape with { Width = 10, Output = [20, 10] }, ActivationKind.ReLU));
    }

    /// <summary>Outputs that are written where the input lies, as a planner of memory places them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Outputs_may_lie_where_the_input_was(int batch)
    {
        var random = new Random(44);
        var shape = new ConvShape(batch, 24, 24, 1, 3, 16, [3, 3], [2, 2], [1, 1], [1, 1], [12, 12]);
        Near(random, shape, ActivationKind.ReLU, isOver: true);
    }

    private static bool FusesHere => System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated;

    // Whether what Transpose gives was never written.
    private static bool Near(Random random, ConvShape shape, ActivationKind activation, int[]? order = null, bool showsTransposed = false, bool isOver = false)
    {
        using EdgeModel model = EdgeModel.Load(Model(random, shape, activation, order ?? [0, 2, 3, 1], showsTransposed, isOver));
        float[] input = DenseModel.Draw(random, model.InputLength);
        FloatWindows.AssertNear(model, input, $"{shape} {activation}");
        using Session session = model.CreateSession();
        session.Run(input, new float[session.OutputLength]);
        return !session.Bytes(model.File.Operators[0].Outputs[0]).ContainsAnyExcept((byte)0);
    }

    private static byte[] Model(Random random, ConvShape shape, ActivationKind activation, int[] order, bool showsTransposed, bool isOver)
    {
        int[] turned = [shape.Batch, shape.Height, shape.Width, shape.Channels];
        int[] planar = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            planar[order[i]] = turned[i];
        }

        int[] result = [shape.Batch, shape.Output[0], shape.Output[1], shape.Units];
        int outputBytes = Bytes(result);
        int imageBytes = Bytes(turned);
        var builder = new ModelBuilder();
        int output = builder.AddTensor(TensorType.Float32, result, 0);
        int input = builder.AddTensor(TensorType.Float32, planar, isOver ? 0 : outputBytes);
        int between = builder.AddTensor(TensorType.Float32, turned, isOver ? Math.Max(outputBytes, imageBytes) : outputBytes + imageBytes);
        builder.AddInput(input);
        builder.AddOutput(output);
        if (showsTransposed)
        {
            builder.AddOutput(between);
        }

        int[] permutation = new int[OperatorNames.Parameters(Opcode.Transpose).Length];
        order.CopyTo(permutation, TransposeRule.Permutation);
        builder.AddOperator(Opcode.Transpose, [input], [between], permutation);
        int weights = builder.AddConstant(TensorType.Float32, [shape.Units, shape.Kernel[0], shape.Kernel[1], shape.ChannelsPerGroup], MemoryMarshal.AsBytes<float>(DenseModel.Draw(random, shape.Units * shape.WeightsPerUnit)));
        int bias = builder.AddConstant(TensorType.Float32, [shape.Units], MemoryMarshal.AsBytes<float>(DenseModel.Draw(random, shape.Units)));
        int[] parameters = ConvModel.Windows(shape);
        parameters[DenseRule.Activation] = (int)activation;
        parameters[DenseRule.Alpha] = BitConverter.SingleToInt32Bits(0.01f);
        builder.AddOperator(Opcode.Conv, [between, weights, bias], [output], parameters);
        return builder.Build();
    }

    private static int Bytes(int[] shape) => ((shape.Aggregate(sizeof(float), (product, size) => product * size) + 63) / 64) * 64;
}
