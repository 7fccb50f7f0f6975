using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// int8 weights [units, depth], or [units, 2, depth], of a layer, some units at a time: all of them where the file is in RAM, else as many as a chunk
    /// holds. A unit that is longer than a chunk is put together from pieces.
    /// </summary>
    internal sealed partial class WeightChunks
    {
        private readonly ModelBytes file;
        private readonly int offset;
        private readonly int units;
        private readonly int depth;
        private readonly int chunkBytes;

        internal WeightChunks(BindContext context, DenseShape shape)
        {
            file = context.File;
            offset = shape.WeightsOffset;
            units = shape.Units;
            depth = shape.Depth * shape.Halves;
            chunkBytes = context.ChunkBytes;
            if (!IsChunked)
            {
                Read(0);
            }
        }

        /// <summary>Whether the file is not in RAM.</summary>
        internal bool IsChunked
        {
            get { return chunkBytes != 0; }
        }

        /// <summary>Weights of the units from <see cref="First"/> to before <see cref="End"/>; null where none are there.</summary>
        internal byte[] Bytes;

        /// <summary>Where in <see cref="Bytes"/> those of the first unit begin.</summary>
        internal int Start;

        /// <summary>The first unit that is there.</summary>
        internal int First;

        /// <summary>One past the last unit that is there.</summary>
        internal int End;

        /// <summary>Gets the weights of a unit and of those after it.</summary>
        internal void Read(int first)
        {
            First = first;
            End = units;
            if (IsChunked)
            {
                ReadChunk(first);
                return;
            }

            Bytes = file.Array;
            Start = offset + (first * depth);
        }

        /// <summary>Lets go of what a chunk reader gave.</summary>
        internal void Release()
        {
            if (IsChunked)
            {
                Bytes = null;
            }
        }

        // Nothing in an engine without chunks.
        partial void ReadChunk(int first);
    }
}
