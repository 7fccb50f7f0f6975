using System;
using EdgeInference.Nano;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// Little-endian access to a model file's bytes, all of them in a <c>byte[]</c> or read in chunks; the form is that of the
    /// desktop's ModelBytes.
    /// </summary>
    /// <remarks>The caller checks ranges first.</remarks>
    public sealed class ModelBytes
    {
        private const int Replacement = 0xFFFD;
        private const int WindowBytes = 512;

        private readonly ChunkReader read;
        private readonly int length;

        // The bytes from windowStart to before windowEnd; all of them where nothing is read in chunks.
        private byte[] window;
        private int windowStart;
        private int windowEnd;

        /// <summary>Wraps the bytes without a copy.</summary>
        public ModelBytes(byte[] bytes)
        {
            window = bytes;
            length = bytes.Length;
            windowEnd = length;
        }

        /// <summary>Reads the bytes when they are needed, a few hundred at a time.</summary>
        /// <param name="read">Gives the bytes.</param>
        /// <param name="length">Number of bytes, 0 or more.</param>
        public ModelBytes(ChunkReader read, int length)
        {
            this.read = read;
            this.length = length;
        }

        /// <summary>Number of bytes.</summary>
        public int Length
        {
            get { return length; }
        }

        /// <summary>The bytes themselves, or null if they are read in chunks.</summary>
        public byte[] Array
        {
            get { return read == null ? window : null; }
        }

        /// <summary>The byte at <paramref name="offset"/>.</summary>
        public int U8(int offset)
        {
            return window[read == null ? offset : Locate(offset, 1)];
        }

        /// <summary>The unsigned 16-bit integer at <paramref name="offset"/>.</summary>
        public int U16(int offset)
        {
            int at = read == null ? offset : Locate(offset, 2);
            return BitConverter.ToUInt16(window, at);
        }

        /// <summary>The signed 32-bit integer at <paramref name="offset"/>.</summary>
        public int I32(int offset)
        {
            int at = read == null ? offset : Locate(offset, 4);
            return BitConverter.ToInt32(window, at);
        }

        /// <summary>The signed 64-bit integer at <paramref name="offset"/>.</summary>
        public long I64(int offset)
        {
            int at = read == null ? offset : Locate(offset, 8);
            return BitConverter.ToInt64(window, at);
        }

        /// <summary>The float32 at <paramref name="offset"/>.</summary>
        public float F32(int offset)
        {
            int at = read == null ? offset : Locate(offset, 4);
            return BitConverter.ToSingle(window, at);
        }

        /// <summary>Bytes read by the chunk reader, from index 0 of an array that may be longer and that the next call may give again.</summary>
        /// <param name="offset">The first byte.</param>
        /// <param name="count">How many.</param>
        /// <exception cref="InvalidOperationException">The reader gave fewer.</exception>
        public byte[] Chunk(int offset, int count)
        {
            byte[] chunk = read(offset, count);
            if (chunk == null || chunk.Length < count)
            {
                throw new InvalidOperationException("The chunk reader returned " + (chunk == null ? 0 : chunk.Length).ToString() + " of " + count.ToString() + " bytes at offset " + offset.ToString() + " of the model; check that the file is complete.");
            }

            return chunk;
        }

        /// <summary>The UTF-8 text of <paramref name="length"/> bytes at <paramref name="offset"/>; a byte that is not UTF-8 becomes U+FFFD.</summary>
        public string Utf8(int offset, int length)
        {
            // Encoding is a separate package on nanoFramework, and names and labels are all that needs it.
            char[] text = new char[length];
            int count = 0;
            int end = offset + length;
            while (offset < end)
            {
                int size = SequenceBytes(offset, end);
                int code = size == 0 ? Replacement : CodePoint(offset, size);
                offset += size == 0 ? 1 : size;
                if (code > 0xFFFF)
                {
                    text[count++] = (char)(0xD800 + ((code - 0x10000) >> 10));
                    code = 0xDC00 + ((code - 0x10000) & 0x3FF);
                }

                text[count++] = (char)code;
            }

            return new string(text, 0, count);
        }

        /// <summary>CRC-32 (IEEE 802.3) of the bytes from <paramref name="start"/> to before <paramref name="end"/>, leaving out the four at <paramref name="skip"/>.</summary>
        public uint Crc32(int start, int end, int skip)
        {
            uint crc = Update(Crc32Table.Initial, start, skip);
            return ~Update(crc, skip + 4, end);
        }

        private uint Update(uint crc, int start, int end)
        {
            uint[] table = Crc32Table.Entries;
            while (start < end)
            {
                int from = read == null ? start : Locate(start, 1);
                int to = end < windowEnd ? end - windowStart : windowEnd - windowStart;
                byte[] data = window;
                for (int i = from; i < to; i++)
                {
                    crc = table[(byte)(crc ^ data[i])] ^ (crc >> 8);
                }

                start += to - from;
            }

            return crc;
        }

        // The index in the window of a byte, which is there with those after it when this returns; where all bytes are there, it is the
        // offset, and a call less.
        private int Locate(int offset, int count)
        {
            if (offset < windowStart || offset + count > windowEnd)
            {
                int size = length - offset < WindowBytes ? length - offset : WindowBytes;
                byte[] chunk = Chunk(offset, size);
                if (window == null)
                {
                    window = new byte[WindowBytes];
                }

                // A copy, because the reader may fill the same array again.
                System.Array.Copy(chunk, window, size);
                windowStart = offset;
                windowEnd = offset + size;
            }

            return offset - windowStart;
        }

        // Length of the well-formed sequence at offset (Unicode 15, table 3-7), or 0.
        private int SequenceBytes(int offset, int end)
        {
            int lead = U8(offset);
            if (lead < 0x80)
            {
                return 1;
            }

            int size = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
            if (size == 0 || size > end - offset)
            {
                return 0;
            }

            for (int i = 1; i < size; i++)
            {
                if ((U8(offset + i) & 0xC0) != 0x80)
                {
                    return 0;
                }
            }

            int second = U8(offset + 1);
            bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
            bool outside = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
            return overlong || outside ? 0 : size;
        }

        private int CodePoint(int offset, int size)
        {
            int code = size == 1 ? U8(offset) : U8(offset) & (0x7F >> size);
            for (int i = 1; i < size; i++)
            {
                code = (code << 6) | (U8(offset + i) & 0x3F);
            }

            return code;
        }
    }
}
