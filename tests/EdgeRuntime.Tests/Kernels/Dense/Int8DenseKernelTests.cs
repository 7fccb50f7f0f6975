namespace EdgeInference.Runtime.Tests.Kernels.Dense;

public class Int8DenseKernelTests
{
    private static readonly int[] unitCounts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 64, 65, 100, 130];
    private static readonly int[] depths = [1, 2, 3, 4, 5, 7, 8, 16, 30, 33, 64, 129];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(43)]
    public void Fast_kernels_give_the_bytes_of_the_scalar_twin(int rows)
    {
        foreach (int units in unitCounts)
        {
            foreach (int depth in depths)
            {
                AssertSame(rows, depth, units, Int8Output.Int8, perChannel: true, bias: true);
            }
        }
    }

    /// <summary>Without a weight of −128 Arm64 adds two products in 16 bits; here they are as large as can be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_largest_products_of_weights_above_the_lowest_are_exact(int rows)
    {
        foreach (int units in unitCounts)
        {
            foreach (int depth in depths)
            {
                AssertSame(rows, depth, units, Int8Output.Int8, perChannel: true, bias: true, lowestWeight: -127);
            }
        }
    }

    [Theory]
    [InlineData(Int8Output.Int8)]
    [InlineData(Int8Output.Int16)]
    [InlineData(Int8Output.TableToInt8)]
    [InlineData(Int8Output.TableToInt16)]
    public void Every_form_of_output_is_exact(Int8Output output)
    {
        foreach (int units in unitCounts)
        {
            AssertSame(1, 30, units, output, perChannel: true, bias: false);
            AssertSame(2, 30, units, output, perChannel: false, bias: true);
            AssertSame(5, 30, units, output, perChannel: true, bias: true);
        }
    }

    private static void AssertSame(int rows, int depth, int units, Int8Output output, bool perChannel, bool bias, sbyte lowestWeight = sbyte.MinValue)
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Int8(rows, depth, units, output, perChannel, bias, lowestWeight));
        sbyte[] input = new sbyte[rows * depth];
        var random = new Random(units);
        for (int run = 0; run < 3; run++)
        {
            random.NextBytes((byte[])(Array)input);
            if (run == 0 && lowestWeight > sbyte.MinValue)
            {
                Array.Fill(input, sbyte.MinValue);
            }

            Assert.True(Bytes(model, input, KernelSet.Reference).SequenceEqual(Bytes(model, input, KernelSet.Fast)), $"{rows}×{depth}→{units} {output}");
        }
    }

    private static byte[] Bytes(EdgeModel model, sbyte[] input, KernelSet kernels)
    {
        using Session session = model.CreateSession(kernels);
        input.CopyTo(session.Input<sbyte>());
        session.Run();
        Assert.True(session.Input<sbyte>().SequenceEqual(input), "the kernel wrote beyond its output");
        return session.Bytes(model.File.Outputs[0]).ToArray();
    }
}
