using System;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// What says that the file of a slot is whole and that it was accepted: written last, after the file was read back and checked. A record that
    /// was cut short or damaged is none.
    /// </summary>
    internal sealed class SlotRecord
    {
        internal const int Bytes = 28;

        // "EDSL", little endian.
        private const int Magic = 0x4C534445;

        internal SlotRecord(uint sequence, int length, uint crc, ulong version)
        {
            Sequence = sequence;
            Length = length;
            Crc = crc;
            Version = version;
        }

        /// <summary>The higher of two is the later one.</summary>
        internal uint Sequence { get; }

        internal int Length { get; }

        /// <summary>CRC-32 of the whole file.</summary>
        internal uint Crc { get; }

        internal ulong Version { get; }

        internal byte[] ToBytes()
        {
            byte[] bytes = new byte[Bytes];
            Array.Copy(BitConverter.GetBytes(Magic), 0, bytes, 0, 4);
            Array.Copy(BitConverter.GetBytes(Sequence), 0, bytes, 4, 4);
            Array.Copy(BitConverter.GetBytes(Length), 0, bytes, 8, 4);
            Array.Copy(BitConverter.GetBytes(Crc), 0, bytes, 12, 4);
            Array.Copy(BitConverter.GetBytes(Version), 0, bytes, 16, 8);
            Array.Copy(BitConverter.GetBytes(Crc32.Of(bytes, Bytes - 4)), 0, bytes, Bytes - 4, 4);
            return bytes;
        }

        /// <summary>The record in these bytes, or null.</summary>
        internal static SlotRecord From(byte[] bytes)
        {
            bool good = BitConverter.ToInt32(bytes, 0) == Magic && BitConverter.ToUInt32(bytes, Bytes - 4) == Crc32.Of(bytes, Bytes - 4);
            return good ? new SlotRecord(BitConverter.ToUInt32(bytes, 4), BitConverter.ToInt32(bytes, 8), BitConverter.ToUInt32(bytes, 12), BitConverter.ToUInt64(bytes, 16)) : null;
        }
    }
}
