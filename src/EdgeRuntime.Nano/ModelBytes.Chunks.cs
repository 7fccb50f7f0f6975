using System;
using EdgeInference.Nano;

namespace EdgeInference.ModelFormat
{
    /// <content>Bytes that are read in chunks.</content>
    public sealed partial class ModelBytes
    {
        private const int WindowBytes = 512;

        private readonly ChunkReader read;

        /// <summary>Reads the bytes when they are needed, a few hundred at a time.</summary>
        /// <param name="read">Gives the bytes.</param>
        /// <param name="length">Number of bytes, 0 or more.</param>
        public ModelBytes(ChunkReader read, int length)
        {
            this.read = read;
            this.length = length;
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

        partial void Fetch(int offset, int count)
        {
            if (offset >= windowStart && offset + count <= windowEnd)
            {
                return;
            }

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
    }
}
