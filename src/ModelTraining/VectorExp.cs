using System.Numerics;

namespace EdgeInference.ModelTraining;

/// <summary>
/// e^x of several numbers at once from additions and multiplications alone, each rounded: the same bits for each number whatever the
/// width of the processor's vectors. Within 2 ULP between −700 and 700; beyond, as at the end.
/// </summary>
internal static class VectorExp
{
    private const double Ln2Low = 1.9082149292705877e-10;

    // 1.5 · 2^52: a whole number that is added to it stands in its low bits.
    private const double Shifter = 6755399441055744.0;

    private static readonly double ln2High = BitConverter.Int64BitsToDouble(0x3FE62E42FEE00000);

    // 1/n! for n = 13 to 2.
    private static readonly double[] coefficients = [.. Enumerable.Range(2, 12).Reverse().Select(n => 1 / Enumerable.Range(1, n).Aggregate(1.0, (product, factor) => product * factor))];

    /// <summary>e^x of each element.</summary>
    internal static Vector<double> Of(Vector<double> x)
    {
        x = Vector.Max(Vector.Min(x, new Vector<double>(700)), new Vector<double>(-700));
        Vector<double> k = Vector.Floor((x * 1.4426950408889634) + new Vector<double>(0.5));
        Vector<double> r = (x - (k * ln2High)) - (k * Ln2Low);
        var series = new Vector<double>(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
        {
            series = (series * r) + new Vector<double>(coefficients[i]);
        }

        var shifter = new Vector<double>(Shifter);
        Vector<long> exponent = Vector.AsVectorInt64(k + shifter) - Vector.AsVectorInt64(shifter) + new Vector<long>(1023);
        return (Vector<double>.One + (r + (r * r * series))) * Vector.AsVectorDouble(Vector.ShiftLeft(exponent, 52));
    }
}
