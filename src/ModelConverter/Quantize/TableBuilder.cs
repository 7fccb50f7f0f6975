namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Tables of unary functions for the fixed-point engines. Entry i stands for the quantized input q = i − 128 and holds
/// round(f(inputScale · (q − inputZeroPoint)) / outputScale) + outputZeroPoint, ties away from zero, clamped to the type:
/// correctly rounded. Where f is NaN the entry is the output's zero point, as in Quantize.
/// </summary>
internal static class TableBuilder
{
    private const int Int8Entries = 256;

    /// <summary>The table of a function from int8 to int8.</summary>
    internal static sbyte[] Int8(UnaryFunction function, float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint)
    {
        var rounding = new TableRounding(function, inputScale, inputZeroPoint, outputScale, outputZeroPoint, sbyte.MinValue, sbyte.MaxValue);
        sbyte[] table = new sbyte[Int8Entries];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (sbyte)rounding.Entry(i + sbyte.MinValue);
        }

        return table;
    }

    /// <summary>The table of any function from int8 to int8, its double precision taken at its word.</summary>
    internal static sbyte[] Int8(Func<double, double> function, float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint) =>
        Int8(new UnaryFunction(function), inputScale, inputZeroPoint, outputScale, outputZeroPoint);

    /// <summary>The table of a function from int8 to int16.</summary>
    internal static short[] Int8ToInt16(UnaryFunction function, float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint)
    {
        var rounding = new TableRounding(function, inputScale, inputZeroPoint, outputScale, outputZeroPoint, short.MinValue, short.MaxValue);
        short[] table = new short[Int8Entries];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (short)rounding.Entry(i + sbyte.MinValue);
        }

        return table;
    }

    /// <summary>The table of any function from int8 to int16, its double precision taken at its word.</summary>
    internal static short[] Int8ToInt16(Func<double, double> function, float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint) =>
        Int8ToInt16(new UnaryFunction(function), inputScale, inputZeroPoint, outputScale, outputZeroPoint);
}
