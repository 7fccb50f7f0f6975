using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>
/// int16 LOGISTIC and TANH by TensorFlow Lite's rule: one table of sigmoid at 0, 1/24 … 255/24 as uint16 and straight lines
/// between its entries; negative inputs by symmetry, and tanh x = 2 · sigmoid(2x) − 1. Outputs have the scale 1/32768. At
/// scales that are not power of two the rule's stairs take hundreds of segments; a table that would not fit a small device
/// holds the correctly rounded function instead, which the rule is at most 2 (tanh: 3) steps from.
/// </summary>
internal sealed class Int16SigmoidTables
{
    /// <summary>Bytes up to which a table follows the rule.</summary>
    internal const int MostBytes = 8192;

    private readonly int multiplier;
    private readonly int shift;

    private Int16SigmoidTables(float inputScale)
    {
        double factor = (double)inputScale * 4096 * 3;
        while (factor <= short.MaxValue / 2.0 && shift <= 30)
        {
            shift++;
            factor *= 2;
        }

        // Cut, not rounded. Beyond int16 every input but 0 is saturated, and the product still fits.
        multiplier = (int)Math.Min(factor, short.MaxValue);
    }

    private Int16SigmoidTables(int multiplier, int shift)
    {
        this.multiplier = multiplier;
        this.shift = shift;
    }

    /// <summary>The table of a sigmoid or a tanh.</summary>
    internal static Int16Table Table(ActivationKind kind, float inputScale, float outputScale)
    {
        Int16SigmoidTables rule = At(kind, inputScale);
        Int16Table table = Int16TableBuilder.Exactly(kind == ActivationKind.Tanh ? rule.Tanh : rule.Logistic);
        return table.Bytes <= MostBytes ? table : Int16TableBuilder.Build(UnaryFunction.Of(kind), inputScale, outputScale);
    }

    /// <summary>The rule at an input scale; sigmoid takes 1/4096, and tanh 1/2048 too, without rounding.</summary>
    internal static Int16SigmoidTables At(ActivationKind kind, float inputScale) =>
        IsPowerOfTwo(inputScale, -12) ? AtPower(-12)
        : kind == ActivationKind.Tanh && IsPowerOfTwo(inputScale, -11) ? AtPower(-11)
        : new Int16SigmoidTables(inputScale);

    /// <summary>The rule at an input scale of a power of two, as a recurrent layer applies it.</summary>
    internal static Int16SigmoidTables AtPower(int exponent)
    {
        (int multiplier, int shift) = SigmoidTable.Position(exponent);
        return new Int16SigmoidTables(multiplier, shift);
    }

    /// <summary>Whether TensorFlow Lite takes a scale for a power of two.</summary>
    internal static bool IsPowerOfTwo(double scale, int exponent) => Math.Abs(Math.Log2(scale) - exponent) < 1e-3;

    /// <summary>1 / (1 + e^−x).</summary>
    internal int Logistic(int x) => SigmoidLines.Sigmoid(SigmoidLines.Position(x, multiplier, shift), SigmoidTable.Entries);

    /// <summary>tanh x.</summary>
    internal int Tanh(int x) => SigmoidLines.Tanh(SigmoidLines.Position(x, multiplier, shift), SigmoidTable.Entries);
}
