using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>
/// Thresholds as int16 codes with an exponent for each feature, as <see cref="TreeEnsembleRule"/> says, such that no known value of a
/// feature changes side at any split.
/// </summary>
internal sealed class ThresholdCodes
{
    // A code has 15 bits and a sign.
    private const int LargestPower = 14;

    /// <param name="forest">The trees.</param>
    /// <param name="columns">The known values of each feature in ascending order, without NaN, whose side no threshold decides.</param>
    internal ThresholdCodes(Forest forest, float[][] columns)
    {
        Codes = new short[forest.Thresholds.Length];
        Exponents = new sbyte[columns.Length];
        foreach (IGrouping<int, int> splits in Enumerable.Range(0, Codes.Length).GroupBy(split => forest.Features[split]))
        {
            int exponent = Math.Clamp(Math.ILogB(splits.Max(split => Math.Abs((double)forest.Thresholds[split]))) - LargestPower, -126, 112);
            Exponents[splits.Key] = (sbyte)exponent;
            foreach (int split in splits)
            {
                if (Code(forest.Thresholds[split], exponent, forest.Comparison(split), columns[splits.Key]) is { } code)
                {
                    Codes[split] = code;
                }
                else
                {
                    Missing++;
                }
            }
        }
    }

    /// <summary>The code of each split; 0 where there is none.</summary>
    internal short[] Codes { get; }

    /// <summary>The exponent of each feature.</summary>
    internal sbyte[] Exponents { get; }

    /// <summary>Splits that no code keeps all known values on their side of.</summary>
    internal int Missing { get; private set; }

    // The nearest code if that will do, else the one on the other side of the threshold.
    private static short? Code(float threshold, int exponent, int comparison, float[] column)
    {
        double scaled = Math.ScaleB(threshold, -exponent);
        double nearest = Math.Round(scaled);
        foreach (double code in (double[])[nearest, nearest > scaled ? nearest - 1 : nearest + 1])
        {
            if (code is >= short.MinValue and <= short.MaxValue && IsSame(threshold, (float)Math.ScaleB(code, exponent), comparison, column))
            {
                return (short)code;
            }
        }

        return null;
    }

    // Equality holds for values that no row has as well.
    private static bool IsSame(float threshold, float rounded, int comparison, float[] column) => (comparison & ~TreeEnsembleRule.MissingIsTrue) switch
    {
        0 or 3 => Below(column, threshold, true) == Below(column, rounded, true),
        1 or 2 => Below(column, threshold, false) == Below(column, rounded, false),
        _ => threshold == rounded,
    };

    // How many values lie below, or at, a threshold.
    private static int Below(float[] column, float threshold, bool orAt)
    {
        int low = 0;
        int high = column.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = column[middle] < threshold || (orAt && column[middle] == threshold) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
