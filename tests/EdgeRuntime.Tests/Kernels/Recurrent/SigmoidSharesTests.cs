using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Tests.Kernels.Recurrent;

/// <summary>Products of gates are done in 32 bits where no sigmoid can be −2¹⁵, as by TensorFlow Lite's table.</summary>
public unsafe class SigmoidSharesTests
{
    [Theory]
    [InlineData(1, 65534, 65534, true)]
    [InlineData(1, 65534, 65535, true)]
    [InlineData(1, 1, 65535, true)]
    [InlineData(1, 65535, 65535, false)]
    [InlineData(1, 65535, 65534, false)]
    [InlineData(0, 65534, 65535, false)]
    [InlineData(1, 1, 0, false)]
    public void A_table_serves_if_no_position_gives_the_lowest(int first, int last, int end, bool expected)
    {
        ushort[] table = [.. Enumerable.Range(0, SigmoidLines.Entries).Select(i => (ushort)((i * 200) + 1))];
        (table[0], table[^2], table[^1]) = ((ushort)first, (ushort)last, (ushort)end);
        fixed (ushort* entries = table)
        {
            Assert.Equal(expected, SigmoidPairs.AreShares(entries));
            bool isNeverLowest = true;

            // Three times as far as any int16 is, so that all lines are met.
            for (int position = -140_000; position <= 140_000; position++)
            {
                isNeverLowest &= SigmoidGates.Sigmoid(position, entries) != short.MinValue;
            }

            Assert.Equal(expected, isNeverLowest);
        }
    }
}
