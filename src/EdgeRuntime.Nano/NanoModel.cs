using System;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.Nano
{
    /// <summary>A model: validated once, immutable. Its constants stay in the bytes that it was loaded from.</summary>
    public sealed partial class NanoModel
    {
        /// <summary>
        /// Most steps of one inference where a load is not given another number: multiply-accumulates, and elements read and written where
        /// an operator has none. They take a board of 240 MHz some five minutes.
        /// </summary>
        public const long DefaultMaxSteps = 100000000;

        /// <summary>
        /// Most bytes of the tensors of a session where a load is not given another number, 64 MiB: twice what the largest boards have.
        /// Tensors of one type at one offset share an array; others do not share bytes here, so that a file can ask for more than its arena.
        /// </summary>
        public const long DefaultMaxBytes = 67108864;

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
        /// <param name="maxBytes">Most bytes of the tensors of a session, without constants; a file that asks for more is refused.</param>
        /// <exception cref="ArgumentNullException"><paramref name="bytes"/> is null.</exception>
        /// <exception cref="ModelFormatException">
        /// The bytes are not a valid model, ask for more steps or bytes, or use an operator that this engine does not have; the message names
        /// section and offset.
        /// </exception>
        public static NanoModel Load(byte[] bytes, long maxSteps = DefaultMaxSteps, long maxBytes = DefaultMaxBytes)
        {
            if (bytes == null)
            {
                throw new ArgumentNullException(nameof(bytes));
            }

            return Make(new ModelBytes(bytes), 0, maxSteps, maxBytes);
        }

        internal static NanoModel Make(ModelBytes bytes, int chunkBytes, long maxSteps, long maxBytes)
        {
            ModelFile file = ModelFile.Read(bytes, maxSteps);
            long needed = new SharedPlaces(file).Bytes;
            if (needed > maxBytes)
            {
                throw new ModelFormatException("tensors", 0, "a session's tensors take " + needed.ToString() + " bytes, more than " + maxBytes.ToString() + "; load it with a larger maxBytes if the device has that memory");
            }

            CheckChunked(file, chunkBytes);
            for (int i = 0; i < file.TensorCount; i++)
            {
                TensorInfo tensor = file.Tensor(i);
                CheckType(SessionMemory.Holds(tensor.Type), "tensors", tensor);
            }

            for (int i = 0; i < file.Inputs.Length; i++)
            {
                CheckType(TensorPort.Takes(file.Inputs[i].Type), "inputs", file.Inputs[i]);
            }

            for (int i = 0; i < file.Outputs.Length; i++)
            {
                CheckType(TensorPort.Takes(file.Outputs[i].Type), "outputs", file.Outputs[i]);
            }

            return new NanoModel(file, chunkBytes);
        }

        private static void CheckType(bool isThere, string what, TensorInfo tensor)
        {
            if (!isThere)
            {
                throw new ModelFormatException("tensors", 0, "this engine has no " + what + " of element type " + TypeName(tensor.Type));
            }
        }

        // Nothing in an engine without chunks.
        static partial void CheckChunked(ModelFile file, int chunkBytes);

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
            return type == TensorType.Float32 ? "float32"
                : type == TensorType.Int8 ? "int8"
                : type == TensorType.Int16 ? "int16"
                : type == TensorType.Int32 ? "int32" : "int64";
        }
    }
}
