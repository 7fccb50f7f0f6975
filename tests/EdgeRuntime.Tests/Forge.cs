using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests;

/// <summary>Does what an attacker would: puts checksums right after bytes were changed.</summary>
internal static class Forge
{
    /// <summary>Puts the model's CRC and, where bytes follow, the signature block's CRC right.</summary>
    internal static void Checksums(byte[] file, int modelLength)
    {
        var bytes = new ModelBytes(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(FormatLayout.CrcOffset), bytes.Crc32(0, modelLength, FormatLayout.CrcOffset));
        if (file.Length == modelLength + SignatureBlock.Bytes)
        {
            int crc = modelLength + SignatureBlock.CrcOffset;
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(crc), bytes.Crc32(modelLength, file.Length, crc));
        }
    }
}
