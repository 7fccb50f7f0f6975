using System;
using EdgeRuntime.Nano.Kernels;
using ModelFormat;

namespace EdgeRuntime.Nano
{
    /// <summary>A model: validated once, immutable. Its constants stay in the bytes that it was loaded from.</summary>
    public sealed class NanoModel
    {
        private NanoModel(ModelFile file)
        {
            File = file;
        }

        /// <summary>The validated file: tensors, operators, metadata.</summary>
        public ModelFile File { get; private set; }

        /// <summary>The model's name, empty where the file has none.</summary>
        public string Name
        {
            get { return File.Metadata.Text(MetadataKey.Name); }
        }

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
        /// <exception cref="ArgumentNullException"><paramref name="bytes"/> is null.</exception>
        /// <exception cref="ModelFormatException">
        /// The bytes are not a valid model, or use an operator that this engine lacks; the message names section and offset.
        /// </exception>
        public static NanoModel Load(byte[] bytes)
        {
            if (bytes == null)
            {
                throw new ArgumentNullException(nameof(bytes));
            }

            ModelFile file = ModelFile.Read(new ModelBytes(bytes));
            for (int i = 0; i < file.Operators.Length; i++)
            {
                OperatorRecord record = file.Operators[i];
                if (!KernelTable.Has(record.Info.Opcode, record.Inputs[0].Type))
                {
                    throw new ModelFormatException("operators", record.Offset, "this engine has no " + record.Info.Name + " for element type " + TypeName(record.Inputs[0].Type) + "; export the model for this engine or update the runtime");
                }
            }

            return new NanoModel(file);
        }

        internal static int Elements(TensorRecord[] tensors)
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
