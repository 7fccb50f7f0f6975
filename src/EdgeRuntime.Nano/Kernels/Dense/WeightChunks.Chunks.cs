using System;

namespace EdgeInference.Nano.Kernels
{
    /// <content>Weights of a file that is not in RAM.</content>
    internal sealed partial class WeightChunks
    {
        // Null where a chunk holds a unit.
        private byte[] longUnit;

        partial void ReadChunk(int first)
        {
            int from = offset + (first * depth);
            if (depth <= chunkBytes)
            {
                int count = chunkBytes / depth;
                End = count < units - first ? first + count : units;
                Start = 0;
                Bytes = file.Chunk(from, (End - first) * depth);
                return;
            }

            if (longUnit == null)
            {
                longUnit = new byte[depth];
            }

            End = first + 1;
            Start = 0;
            Bytes = longUnit;
            for (int at = 0; at < depth; at += chunkBytes)
            {
                int piece = chunkBytes < depth - at ? chunkBytes : depth - at;
                Array.Copy(file.Chunk(from + at, piece), 0, longUnit, at, piece);
            }
        }
    }
}
