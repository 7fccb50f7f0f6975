using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The table of <see cref="SigmoidLines"/> as TensorFlow Lite has it, and the positions of inputs in it.</summary>
internal static class SigmoidTable
{
    private const double StepsPerUnit = 24;

    /// <summary>The scale of a gate, as a power of two.</summary>
    internal const int GatePower = -12;

    /// <summary>Sigmoid at 0, 1/24 … 255/24, 65536 for 1.</summary>
    internal static int[] Entries { get; } = Make();

    /// <summary>The table as an operator takes it: uint16 in int16.</summary>
    internal static short[] Constant() => Array.ConvertAll(Entries, entry => unchecked((short)entry));

    /// <summary>What makes an input whose scale is a power of two a position: a multiplier and a shift to the right.</summary>
    internal static (int Multiplier, int Shift) Position(int power) => power >= GatePower
        ? (SigmoidLines.Step << Math.Min(power - GatePower, 13), 0)
        : (SigmoidLines.Step, Math.Min(GatePower - power, 31));

    // An entry gives away half of the distance between curve and line in the middle, so that a line is off by as much at its
    // ends as there; the last is the limit.
    private static int[] Make()
    {
        var table = new int[SigmoidLines.Entries];
        for (int i = 0; i < table.Length - 1; i++)
        {
            double middle = ((Sigmoid(i) + Sigmoid(i + 1)) / 2) - Sigmoid(i + 0.5);
            table[i] = (int)Math.Floor(Sigmoid(i) - (middle / 2) + 0.5);
        }

        table[^1] = ushort.MaxValue;
        return table;
    }

    private static double Sigmoid(double step) => 65536 / (1 + PortableMath.Exp(-step / StepsPerUnit));
}
