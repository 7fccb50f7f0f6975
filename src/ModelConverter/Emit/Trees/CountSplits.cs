using System.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// Splits of float32 features as tests of counts: a count stands for the float32 nearest to (count + offset) · scale, which rises or
/// falls with the count, so that each threshold is passed at one count.
/// </summary>
internal sealed class CountSplits
{
    private const int Equal = 4;
    private const int NotEqual = 5;
    private const int MantissaBits = 24;
    private const int LowestExponent = -149;

    private readonly ForestRecord forest;
    private readonly CountScaling scaling;

    internal CountSplits(ForestRecord forest, CountScaling scaling)
    {
        this.forest = forest;
        this.scaling = scaling;
    }

    /// <summary>Adds a split to a graph; its node.</summary>
    internal int Add(TreeGraph graph, int split, int whenTrue, int whenFalse)
    {
        int feature = forest.Features[split];
        float threshold = forest.Thresholds[split];
        int comparison = forest.Comparisons[split] & ~TreeEnsembleRule.MissingIsTrue;
        if (float.IsNaN(threshold))
        {
            return comparison == NotEqual ? whenTrue : whenFalse;
        }

        return comparison switch
        {
            0 => AtMost(graph, feature, threshold, whenTrue, whenFalse),
            1 => Below(graph, feature, threshold, whenTrue, whenFalse),
            2 => Below(graph, feature, threshold, whenFalse, whenTrue),
            3 => AtMost(graph, feature, threshold, whenFalse, whenTrue),
            Equal => Same(graph, feature, threshold, whenTrue, whenFalse),
            _ => Same(graph, feature, threshold, whenFalse, whenTrue),
        };
    }

    /// <summary>The float32 nearest to (count + offset) · scale, of two the even one; infinite beyond the largest.</summary>
    internal static float Real(int count, double scale, double offset)
    {
        (BigInteger s, BigInteger sd) = CountCode.Fraction(scale);
        (BigInteger o, BigInteger od) = CountCode.Fraction(offset);
        return Nearest(((count * od) + o) * s, od * sd);
    }

    private int AtMost(TreeGraph graph, int feature, float threshold, int whenTrue, int whenFalse)
    {
        bool rises = scaling.Scale(feature) > 0;
        long last = Last(count => (Real(count, scaling.Scale(feature), scaling.Offset(feature)) <= threshold) == rises);
        (int below, int above) = rises ? (whenTrue, whenFalse) : (whenFalse, whenTrue);
        return Test(graph, feature, last, below, above);
    }

    private int Below(TreeGraph graph, int feature, float threshold, int whenTrue, int whenFalse) =>
        float.IsNegativeInfinity(threshold) ? whenFalse : AtMost(graph, feature, MathF.BitDecrement(threshold), whenTrue, whenFalse);

    private int Same(TreeGraph graph, int feature, float threshold, int whenTrue, int whenFalse)
    {
        double scale = scaling.Scale(feature);
        double offset = scaling.Offset(feature);
        bool rises = scale > 0;
        long before = Last(count => rises ? Real(count, scale, offset) < threshold : Real(count, scale, offset) > threshold);
        long last = Last(count => rises ? Real(count, scale, offset) <= threshold : Real(count, scale, offset) >= threshold);
        return before == last ? whenFalse
            : before + 1 == last ? graph.Split(feature, TreeTest.Equal, last, whenTrue, whenFalse)
            : Test(graph, feature, before, whenFalse, Test(graph, feature, last, whenTrue, whenFalse));
    }

    private static int Test(TreeGraph graph, int feature, long last, int below, int above) =>
        last < int.MinValue ? above : last >= int.MaxValue ? below : graph.Split(feature, TreeTest.AtMost, last, below, above);

    // The last count of those from the lowest on for which it holds; one less than the lowest where it holds for none.
    private static long Last(Func<int, bool> holds)
    {
        long low = int.MinValue - 1L;
        long high = int.MaxValue;
        while (low < high)
        {
            long middle = high - ((high - low) / 2);
            (low, high) = holds((int)middle) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private static float Nearest(BigInteger numerator, BigInteger denominator)
    {
        BigInteger size = BigInteger.Abs(numerator);
        if (size.IsZero)
        {
            return 0f;
        }

        // One bit more or less of a quotient does not matter: it is rounded to the last bit of the float32 that it is.
        int exponent = Math.Max(LowestExponent, (int)(size.GetBitLength() - denominator.GetBitLength()) - MantissaBits);
        BigInteger mantissa = Rounded(size, denominator, exponent);
        if (mantissa.GetBitLength() > MantissaBits)
        {
            mantissa = Rounded(size, denominator, ++exponent);
        }

        float value = (float)Math.ScaleB((double)mantissa, exponent);
        return numerator.Sign < 0 ? -value : value;
    }

    private static BigInteger Rounded(BigInteger size, BigInteger denominator, int exponent)
    {
        BigInteger scaled = exponent < 0 ? size << -exponent : size;
        BigInteger by = exponent > 0 ? denominator << exponent : denominator;
        BigInteger quotient = BigInteger.DivRem(scaled, by, out BigInteger rest);
        int half = (2 * rest).CompareTo(by);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
