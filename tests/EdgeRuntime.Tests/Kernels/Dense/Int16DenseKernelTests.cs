using System.Runtime.InteropServices;

namespace EdgeInference.Runtime.Tests.Kernels.Dense;

public class Int16DenseKernelTests
{
    private static readonly int[] unitCounts = [1, 2, 7, 8, 9, 15, 16, 17, 31, 40, 65, 100];
    private static readonly int[] depths = [1, 2, 3, 8, 15, 30, 33, 64, 129, 1100];

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public void Fast_kernels_give_the_bytes_of_the_scalar_twin(int rows, bool halves)
    {
        foreach (int units in unitCounts)
        {
            foreach (int depth in depths)
            {
                AssertSame(DenseModel.Int16(rows, depth, units, halves, Int8Output.Int16), units, $"{rows}×{depth}→{units}");
            }
        }
    }

    [Theory]
    [InlineData(Int8Output.Int8)]
    [InlineData(Int8Output.TableToInt8)]
    [InlineData(Int8Output.TableToInt16)]
    public void Every_form_of_output_is_exact(Int8Output output)
    {
        foreach (int units in unitCounts)
        {
            AssertSame(DenseModel.Int16(3, 30, units, halves: true, output), units, $"{units} {output}");
            AssertSame(DenseModel.Int16(3, 30, units, halves: false, output), units, $"{units} {output}");
        }
    }

    /// <summary>Weights at the ends of what two halves hold, some beyond int16, and depths whose sums leave int32 many times over.</summary>
    [Theory]
    [InlineData(sbyte.MinValue)]
    [InlineData(-127)]
    [InlineData(sbyte.MaxValue)]
    public void The_largest_weights_and_inputs_are_exact(sbyte high)
    {
        foreach (int depth in new[] { 1, 2, 17, 4000 })
        {
            AssertSame(DenseModel.Int16(1, depth, 20, halves: true, Int8Output.Int16, high), 1, $"{depth}");
            AssertSame(DenseModel.Int16(2, depth, 20, halves: false, Int8Output.Int16, high), 1, $"{depth}");
        }
    }

    private static void AssertSame(byte[] file, int seed, string what)
    {
        using EdgeModel model = EdgeModel.Load(file);
        short[] input = new short[model.InputLength];
        var random = new Random(seed);
        for (int run = 0; run < 4; run++)
        {
            switch (run)
            {
                case 0:
                    Array.Fill(input, short.MinValue);
                    break;
                case 1:
                    Array.Fill(input, short.MaxValue);
                    break;
                default:
                    random.NextBytes(MemoryMarshal.AsBytes(input.AsSpan()));
                    break;
            }

            Assert.True(Bytes(model, input, KernelSet.Reference).SequenceEqual(Bytes(model, input, KernelSet.Fast)), what);
        }
    }

    private static byte[] Bytes(EdgeModel model, short[] input, KernelSet kernels)
    {
        using Session session = model.CreateSession(kernels);
        input.CopyTo(session.Input<short>());
        session.Run();
        Assert.True(session.Input<short>().SequenceEqual(input), "the kernel wrote beyond its output");
        return session.Bytes(model.File.Outputs[0]).ToArray();
    }
}
