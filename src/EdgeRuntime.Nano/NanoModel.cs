using System;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.Nano
{
    /// <summary>A model: validated once, immutable. Its constants stay in the bytes that it was loaded from.</summary>
    public sealed class NanoModel
    {
        /// <summary>
        /// Most steps of one inference where a load is not given another number: multiply-accumulates, and elements read and written where
        /// an operator has none. They take a board of 240 MHz some five minutes.
        /// </summary>
        public const long DefaultMaxSteps = 100000000;

        private const int MinChunkBytes = 64;

        private NanoModel(ModelFile file, int chunkBytes)
        {
            File = file;
            ChunkBytes = chunkBytes;
        }

        /// <summary>The validated file: tensors, operators, metadata.</summary>
        public ModelFile File { get; }

        /// <summary>The model's name, empty if the file has none.</summary>
        public string Name
        {
            get { return File.Metadata.Text(MetadataKey.Name); }
        }

        /// <summary>Most bytes of weights that are read at a time, 0 if the whole file is in RAM.</summary>
        public int ChunkBytes { get; }

        /// <summary>Number of values that one inference takes: the elements of all inputs.</summary>
        public int InputLength
        {
            get { return Elements(File.Inputs); }
        }

        /// <summary>Number of values that one inference gives: the elements of all outputs.</summary>
        public int OutputLength
        {
            get { return Elements(File.Outputs); }
        }

        /// <summary>Loads a model in place; the bytes must not change while the model is in use.</summary>
        /// <param name="bytes">The whole file.</param>
        /// <param name="maxSteps">Most steps of one inference; a file that asks for more is refused.</param>
        /// <exception cref="ArgumentNullException"><paramref name="bytes"/> is null.</exception>
        /// <exception cref="ModelFormatException">
        /// The bytes are not a valid model, ask for more steps, or use an operator that this engine does not have; the message names section
        /// and offset.
        /// </exception>
        public static NanoModel Load(byte[] bytes, long maxSteps = DefaultMaxSteps)
        {
            if (bytes == null)
            {
                throw new ArgumentNullException(nameof(bytes));
            }

            return Load(new ModelBytes(bytes), 0, maxSteps);
        }

        /// <summary>
        /// Loads a model that stays where it is: the weights of its Dense and Conv layers are read in chunks during each inference and are never
        /// in RAM as a whole. What else is constant (biases, multipliers, tables) is.
        /// </summary>
        /// <param name="read">Gives parts of the file, which must not change while the model is in use.</param>
        /// <param name="length">Length of the file in bytes.</param>
        /// <param name="chunkBytes">Most bytes of weights to read at a time, 64 or more: more takes RAM, less takes calls.</param>
        /// <param name="maxSteps">Most steps of one inference; a file that asks for more is refused.</param>
        /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
        /// <exception cref="ArgumentException"><paramref name="length"/> is negative or <paramref name="chunkBytes"/> below 64.</exception>
        /// <exception cref="InvalidOperationException">The reader gave fewer bytes than it was asked for.</exception>
        /// <exception cref="ModelFormatException">
        /// The bytes are not a valid model, ask for more steps, or use an operator that this engine does not have or reads in RAM only; the
        /// message names section and offset.
        /// </exception>
        public static NanoModel Load(ChunkReader read, int length, int chunkBytes = 4096, long maxSteps = DefaultMaxSteps)
        {
            if (read == null)
            {
                throw new ArgumentNullException(nameof(read));
            }

            if (length < 0 || chunkBytes < MinChunkBytes)
            {
                throw new ArgumentException("The length must be 0 or more bytes and the chunk size 64 or more.");
            }

            return Load(new ModelBytes(read, length), chunkBytes, maxSteps);
        }

        private static NanoModel Load(ModelBytes bytes, int chunkBytes, long maxSteps)
        {
            ModelFile file = ModelFile.Read(bytes, maxSteps);
            for (int i = 0; i < file.OperatorCount; i++)
            {
                OperatorRecord record = file.Operator(i);
                TensorType type = record.Inputs[0].Type;
                if (!KernelTable.Has(record.Opcode, type))
                {
                    throw new ModelFormatException("operators", record.Offset, "this engine has no " + record.Name + " for element type " + TypeName(type) + "; export the model for this engine or update the runtime");
                }

                if (chunkBytes > 0 && !KernelTable.HasChunked(record.Opcode, type))
                {
                    throw new ModelFormatException("operators", record.Offset, "this engine has no " + record.Name + " for element type " + TypeName(type) + " that reads constants in chunks; load the whole file, or export in int8 or int16");
                }
            }

            return new NanoModel(file, chunkBytes);
        }

        internal static int Elements(TensorInfo[] tensors)
        {
            int sum = 0;
            for (int i = 0; i < tensors.Length; i++)
            {
                sum += tensors[i].Elements;
            }

            return sum;
        }

        // Names of enum members are not kept on a device.
        internal static string TypeName(TensorType type)
        {
            switch (type)
            {
                case TensorType.Float32: return "float32";
                case TensorType.Int8: return "int8";
                case TensorType.Int16: return "int16";
                case TensorType.Int32: return "int32";
                default: return "int64";
            }
        }
    }
}
