using System;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.Nano
{
    /// <content>A model that is read in chunks.</content>
    public sealed partial class NanoModel
    {
        private const int MinChunkBytes = 64;

        /// <summary>
        /// Loads a model that stays where it is: the weights of its Dense and Conv layers are read in chunks during each inference and are never
        /// in RAM as a whole. What else is constant (biases, multipliers, tables) is.
        /// </summary>
        /// <param name="read">Gives parts of the file, which must not change while the model is in use.</param>
        /// <param name="length">Length of the file in bytes.</param>
        /// <param name="chunkBytes">Most bytes of weights to read at a time, 64 or more: more takes RAM, less takes calls.</param>
        /// <param name="maxSteps">Most steps of one inference; a file that asks for more is refused.</param>
        /// <param name="maxBytes">Most bytes of the tensors of a session, without constants; a file that asks for more is refused.</param>
        /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
        /// <exception cref="ArgumentException"><paramref name="length"/> is negative or <paramref name="chunkBytes"/> below 64.</exception>
        /// <exception cref="InvalidOperationException">The reader gave fewer bytes than it was asked for.</exception>
        /// <exception cref="ModelFormatException">
        /// The bytes are not a valid model, ask for more steps or bytes, or use an operator that this engine does not have or reads in RAM only; the
        /// message names section and offset.
        /// </exception>
        public static NanoModel Load(ChunkReader read, int length, int chunkBytes = 4096, long maxSteps = DefaultMaxSteps, long maxBytes = DefaultMaxBytes)
        {
            if (read == null)
            {
                throw new ArgumentNullException(nameof(read));
            }

            if (length < 0 || chunkBytes < MinChunkBytes)
            {
                throw new ArgumentException("The length must be 0 or more bytes and the chunk size 64 or more.");
            }

            return Make(new ModelBytes(read, length), chunkBytes, maxSteps, maxBytes);
        }

        static partial void CheckChunked(ModelFile file, int chunkBytes)
        {
            for (int i = 0; chunkBytes > 0 && i < file.OperatorCount; i++)
            {
                OperatorRecord record = file.Operator(i);
                TensorType type = record.Inputs[0].Type;
                if (!KernelTable.HasChunked(record.Opcode, type))
                {
                    throw new ModelFormatException("operators", record.Offset, "this engine has no " + record.Name + " for element type " + TypeName(type) + " that reads constants in chunks; load the whole file, or export in int8 or int16");
                }
            }
        }
    }
}
