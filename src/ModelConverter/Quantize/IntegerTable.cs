namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A function of the integers of an int8 tensor as the runtime looks it up: 256 entries, entry 0 for −128.</summary>
internal static class IntegerTable
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
}
