using System;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// A frame on the line: two bytes that begin it, its kind, the length of what it carries (u16), a number (u32), that many bytes, and the CRC-32 of
    /// all before. Little endian.
    /// </summary>
    internal static class SerialFrame
    {
        internal const int HeaderBytes = 9;
        internal const int CrcBytes = 4;

        /// <summary>Most bytes that a frame carries.</summary>
        internal const int MaxPayload = 512;

        /// <summary>To the device: length and CRC-32 of the file to come, u32 each.</summary>
        internal const byte Offer = 1;

        /// <summary>To the device: bytes of the file; the number is the offset of the first.</summary>
        internal const byte Data = 2;

        /// <summary>To the device: the file was sent as a whole.</summary>
        internal const byte Finish = 3;

        /// <summary>From the device: the number is the offset of the next byte that it needs.</summary>
        internal const byte Position = 0x81;

        /// <summary>From the device: the number is the outcome, what follows the reason in UTF-8.</summary>
        internal const byte Outcome = 0x82;

        private const byte First = 0xED;
        private const byte Second = 0x6E;

        /// <summary>Length of the whole frame that begins at index 0, 0 where more bytes are needed to tell, −1 where none begins there.</summary>
        internal static int Length(byte[] bytes, int count)
        {
            if ((count > 0 && bytes[0] != First) || (count > 1 && bytes[1] != Second))
            {
                return -1;
            }

            if (count < HeaderBytes)
            {
                return 0;
            }

            int payload = BitConverter.ToUInt16(bytes, 3);
            if (payload > MaxPayload)
            {
                return -1;
            }

            int end = HeaderBytes + payload;
            if (count < end + CrcBytes)
            {
                return 0;
            }

            return BitConverter.ToUInt32(bytes, end) == Crc32.Of(bytes, end) ? end + CrcBytes : -1;
        }

        /// <summary>Writes the header and the CRC around a payload that is in its place already.</summary>
        /// <returns>Length of the frame.</returns>
        internal static int Close(byte[] bytes, byte kind, uint number, int payload)
        {
            bytes[0] = First;
            bytes[1] = Second;
            bytes[2] = kind;
            Array.Copy(BitConverter.GetBytes((ushort)payload), 0, bytes, 3, 2);
            Array.Copy(BitConverter.GetBytes(number), 0, bytes, 5, 4);
            int end = HeaderBytes + payload;
            Array.Copy(BitConverter.GetBytes(Crc32.Of(bytes, end)), 0, bytes, end, CrcBytes);
            return end + CrcBytes;
        }
    }
}
