using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>The bytes of one model file, in RAM or to be read in parts.</summary>
    internal sealed class ModelSource
    {
        private const int PartBytes = 512;

        private readonly byte[] whole;
        private readonly ChunkReader read;

        internal ModelSource(byte[] whole)
        {
            this.whole = whole;
            Length = whole.Length;
        }

        internal ModelSource(ChunkReader read, int length)
        {
            this.read = read;
            Length = length;
        }

        internal int Length { get; }

        /// <summary>The bytes without a copy of all of them.</summary>
        internal ModelBytes View()
        {
            return whole != null ? new ModelBytes(whole) : new ModelBytes(read, Length);
        }

        /// <summary>CRC-32 of all bytes.</summary>
        internal uint Crc()
        {
            if (whole != null)
            {
                return Crc32.Of(whole, Length);
            }

            Crc32 crc = new Crc32();
            for (int position = 0; position < Length; position += PartBytes)
            {
                int count = Length - position < PartBytes ? Length - position : PartBytes;
                crc.Add(read(position, count), 0, count);
            }

            return crc.Value;
        }

        /// <summary>The model, validated as a whole.</summary>
        internal NanoModel Load(UpdatePolicy policy)
        {
            if (policy.ChunkBytes > 0)
            {
                return NanoModel.Load(read ?? Part, Length, policy.ChunkBytes, policy.MaxSteps, policy.MaxTensorBytes);
            }

            byte[] bytes = whole;
            if (bytes == null)
            {
                // One read at a time, so that no second array of the file's length is there.
                bytes = new byte[Length];
                for (int position = 0; position < Length; position += PartBytes)
                {
                    int count = Length - position < PartBytes ? Length - position : PartBytes;
                    Array.Copy(read(position, count), 0, bytes, position, count);
                }
            }

            return NanoModel.Load(bytes, policy.MaxSteps, policy.MaxTensorBytes);
        }

        private byte[] Part(int offset, int count)
        {
            byte[] part = new byte[count];
            Array.Copy(whole, offset, part, 0, count);
            return part;
        }
    }
}
