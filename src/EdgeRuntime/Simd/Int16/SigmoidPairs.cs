using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>
/// The table of <see cref="SigmoidLines"/> as both ends of each line, so that a gather reads them at once and vpmaddwd weighs them: moved by −2¹⁵ to be
/// int16, the nearer end lower. Behind the last line are ends of what tanh is there.
/// </summary>
internal static unsafe class SigmoidPairs
{
    /// <summary>Lines of the table, and as many more as the largest int16 has for tanh, and as stand for any distance beyond.</summary>
    internal const int Entries = 385;

    /// <summary>The first that stands for all distances beyond.</summary>
    internal const int Beyond = SigmoidLines.Entries - 1;

    private const int Offset = 1 << 15;

    /// <summary>Fills <see cref="Entries"/> int32 from a table.</summary>
    internal static void Fill(ushort* table, int* pairs)
    {
        for (int i = 0; i < Entries; i++)
        {
            int near = i < Beyond ? table[i] : ushort.MaxValue;
            int far = i < Beyond ? table[i + 1] : ushort.MaxValue;
            pairs[i] = (ushort)(near - Offset) | ((far - Offset) << 16);
        }
    }

    /// <summary>
    /// Whether no sigmoid of an int16 by this table is −2¹⁵: entries of 0 and 65535 would make it so. The last may be 65535, as TensorFlow Lite's is: a line
    /// ends before it.
    /// </summary>
    internal static bool AreShares(ushort* table)
    {
        for (int i = 0; i < SigmoidLines.Entries; i++)
        {
            if (table[i] == 0 || (table[i] == ushort.MaxValue && i < Beyond))
            {
                return false;
            }
        }

        return true;
    }
}
