using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

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

    private const int Last = 255;
    private const double StepsPerUnit = 24;

    private static readonly int[] entries = Entries();

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
    internal static Int16SigmoidTables AtPower(int exponent) => exponent >= -12
        ? new Int16SigmoidTables(3 << Math.Min(exponent + 12, 13), 0)
        : new Int16SigmoidTables(3, Math.Min(-12 - exponent, 31));

    /// <summary>Whether TensorFlow Lite takes a scale for a power of two.</summary>
    internal static bool IsPowerOfTwo(double scale, int exponent) => Math.Abs(Math.Log2(scale) - exponent) < 1e-3;

    /// <summary>1 / (1 + e^−x).</summary>
    internal int Logistic(int x)
    {
        const int Bits = 9;
        int position = Position(x);
        int line = Math.Abs(position) >> Bits >= Last ? short.MaxValue << (Bits + 1) : Line(Math.Abs(position), Bits);
        return ((position >= 0 ? line : (1 << (16 + Bits)) - 1 - line) + (1 << Bits)) >> (Bits + 1);
    }

    /// <summary>tanh x.</summary>
    internal int Tanh(int x)
    {
        const int Bits = 8;
        int position = Position(x);
        int line = Math.Abs(position) >> Bits >= Last ? ushort.MaxValue << Bits : Line(Math.Abs(position), Bits);
        int half = 1 << (15 + Bits);
        return (position >= 0 ? line - half + (1 << (Bits - 1)) : half - line + (1 << (Bits - 1)) - 1) >> Bits;
    }

    private static int Line(int position, int bits)
    {
        int index = position >> bits;
        int part = position & ((1 << bits) - 1);
        return (entries[index] << bits) + (part * (entries[index + 1] - entries[index]));
    }

    // The input in steps of 1/12288.
    private int Position(int x) => ((x * multiplier) + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;

    // An entry gives away half of the distance between curve and line in the middle, so that a line is off by as much at its
    // ends as there; the last is the limit.
    private static int[] Entries()
    {
        var table = new int[Last + 1];
        for (int i = 0; i < Last; i++)
        {
            double middle = ((Sigmoid(i) + Sigmoid(i + 1)) / 2) - Sigmoid(i + 0.5);
            table[i] = (int)Math.Floor(Sigmoid(i) - (middle / 2) + 0.5);
        }

        table[Last] = ushort.MaxValue;
        return table;
    }

    private static double Sigmoid(double step) => 65536 / (1 + PortableMath.Exp(-step / StepsPerUnit));
}
