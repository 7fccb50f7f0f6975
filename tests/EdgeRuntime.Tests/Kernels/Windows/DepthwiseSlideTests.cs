using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>Depthwise windows of 3×3 that reach at most one pixel beyond the image, and neighbours of them that reach further.</summary>
public class DepthwiseSlideTests
{
    private static readonly ActivationKind[] activations = [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.ReLU6, ActivationKind.LeakyReLU, ActivationKind.Tanh];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void Every_border_of_small_images_agrees(int strideHeight, int strideWidth)
    {
        var random = new Random(31);
        int drawn = 0;
        foreach (int channels in new[] { 4, 8, 16, 20, 24 })
        {
            for (int size = 1; size <= 7; size++)
            {
                for (int pads = 0; pads < 16; pads++)
                {
                    // Pads before and behind on both axes.
                    int width = random.Next(1, 8);
                    int[] pad = [pads & 1, (pads >> 1) & 1];
                    int rows = Outputs(size, pad[0] + ((pads >> 2) & 1), strideHeight);
                    int columns = Outputs(width, pad[1] + ((pads >> 3) & 1), strideWidth);
                    if (rows > 0 && columns > 0)
                    {
                        Near(random, new ConvShape(1 + (drawn % 2), size, width, channels, 1, 1, [3, 3], [strideHeight, strideWidth], [1, 1], pad, [rows, columns]), activations[drawn % activations.Length]);
                        drawn++;
                    }
                }
            }
        }

        Assert.True(drawn > 100);
    }

    [Fact]
    public void Windows_of_any_pad_and_dilation_agree()
    {
        var random = new Random(32);
        for (int i = 0; i < 200; i++)
        {
            ConvShape shape = ConvShape.Draw(random) with { Groups = 8 * random.Next(1, 5), ChannelsPerGroup = 1, UnitsPerGroup = 1, Kernel = [3, 3], Stride = [random.Next(1, 4), random.Next(1, 4)] };
            Near(random, shape, activations[i % activations.Length]);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_finite_reaches_the_windows_that_hold_it_and_no_others(float number)
    {
        var random = new Random(33);
        foreach (int stride in new[] { 1, 2 })
        {
            var shape = new ConvShape(1, 6, 6, 8, 1, 1, [3, 3], [stride, stride], [1, 1], [1, 1], [6 / stride, 6 / stride]);
            for (int pixel = 0; pixel < 36; pixel++)
            {
                // Not through an activation: vectors and numbers may differ in the sign of a NaN, which no test sees.
                using EdgeModel model = EdgeModel.Load(ConvModel.Float32(random, shape, ActivationKind.Linear, bias: true));
                float[] input = DenseModel.Draw(random, model.InputLength);
                input[(pixel * 8) + 3] = number;
                FloatWindows.AssertNear(model, input, $"stride {stride}, pixel {pixel}");
            }
        }
    }

    private static int Outputs(int size, int pads, int stride) => size + pads < 3 ? 0 : ((size + pads - 3) / stride) + 1;

    private static void Near(Random random, ConvShape shape, ActivationKind activation)
    {
        using EdgeModel model = EdgeModel.Load(ConvModel.Float32(random, shape, activation, bias: random.Next(2) == 0));
        FloatWindows.AssertNear(model, DenseModel.Draw(random, model.InputLength), $"{shape} {activation}");
    }
}
