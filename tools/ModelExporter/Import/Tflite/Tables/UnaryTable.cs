using ModelExporter.Graphs;

namespace ModelExporter.Import.Tflite.Tables;

/// <summary>A function of an int8 tensor as the 256 entries that the runtime looks up; entry 0 is for −128.</summary>
internal static class UnaryTable
{
    /// <summary>Entries for an int8 output; results outside its range saturate.</summary>
    internal static sbyte[] ToInt8(Func<int, int> function)
    {
        var entries = new sbyte[256];
        for (int x = -128; x <= 127; x++)
        {
            entries[x + 128] = (sbyte)Math.Clamp(function(x), sbyte.MinValue, sbyte.MaxValue);
        }

        return entries;
    }

    /// <summary>Entries for an int16 output; results outside its range saturate.</summary>
    internal static short[] ToInt16(Func<int, int> function)
    {
        var entries = new short[256];
        for (int x = -128; x <= 127; x++)
        {
            entries[x + 128] = (short)Math.Clamp(function(x), short.MinValue, short.MaxValue);
        }

        return entries;
    }

    /// <summary>A constant with the entries, of the type that the output has.</summary>
    internal static Value Constant(string name, Value output, Func<int, int> function) => output.Type == ModelFormat.TensorType.Int8
        ? Value.Constant(name + ".table", ToInt8(function), 256)
        : Value.Constant(name + ".table", ToInt16(function), 256);
}
