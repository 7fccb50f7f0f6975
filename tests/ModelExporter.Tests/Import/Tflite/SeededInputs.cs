namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>
/// The inputs that the committed reference outputs were drawn with: SplitMix64 (Steele, Lea and Flood, 2014), of each number the
/// highest byte for an element of an integer type's byte, and the highest 25 bits for a float32 from −1 to 1.
/// </summary>
internal sealed class SeededInputs(ulong seed)
{
    private ulong state = seed;

    internal byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(Next() >> 56);
        }

        return bytes;
    }

    internal float[] Floats(int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((Next() >> 39) / (float)(1 << 24)) - 1f;
        }

        return values;
    }

    internal ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
