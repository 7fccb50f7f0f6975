using System.Buffers.Binary;

namespace EdgeInference.Tool.Stress;

/// <summary>Damages the header of a .safetensors file as JSON, with its length mended, or the bytes of the whole.</summary>
internal static class SafetensorsMutator
{
    private const int LengthBytes = 8;

    internal static byte[] Mutate(byte[] file, Random random)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        if (random.Next(4) == 0)
        {
            return ByteMutator.Mutate(file, random);
        }

        byte[] header = JsonMutator.Mutate(file[LengthBytes..(LengthBytes + length)], random);
        var start = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(start, header.Length);
        return [.. start, .. header, .. file[(LengthBytes + length)..]];
    }
}
