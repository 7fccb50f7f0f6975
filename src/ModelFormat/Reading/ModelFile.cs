namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// A model file, read and validated: after <see cref="Read(ModelBytes)"/> returns, every offset lies within the file or the
    /// arena and every operator satisfies its rule, so that engines need no further check. Immutable.
    /// </summary>
    public sealed partial class ModelFile
    {
        private readonly ModelMetadata metadata;
        private readonly ModelTables tables;
        private readonly int[] sectionStart;
        private readonly int[] sectionLength;

        internal ModelFile(ModelBytes bytes, int length, int arenaBytes, ModelTables tables, TensorInfo[] inputs, TensorInfo[] outputs, ModelMetadata metadata, int[] sectionStart, int[] sectionLength)
        {
            Bytes = bytes;
            Length = length;
            ArenaBytes = arenaBytes;
            this.tables = tables;
            Inputs = inputs;
            Outputs = outputs;
            this.metadata = metadata;
            this.sectionStart = sectionStart;
            this.sectionLength = sectionLength;
        }

        /// <summary>The bytes that were read; constants are used in place.</summary>
        internal ModelBytes Bytes { get; }

        /// <summary>Length of the model in bytes; a signature block may follow.</summary>
        public int Length { get; }

        /// <summary>Size of the arena that a session needs, in bytes.</summary>
        public int ArenaBytes { get; }

        /// <summary>Number of tensors.</summary>
        public int TensorCount
        {
            get { return tables.TensorCount; }
        }

        /// <summary>Number of operators.</summary>
        public int OperatorCount
        {
            get { return tables.OperatorCount; }
        }

        /// <summary>Number of tensors that a caller fills, 1 or more.</summary>
        public int InputCount
        {
            get { return Inputs.Length; }
        }

        /// <summary>Number of tensors that a caller reads, 1 or more.</summary>
        public int OutputCount
        {
            get { return Outputs.Length; }
        }

        // Engines bind kernels by the arrays; outside the assembly nobody can replace an element that was checked.

        /// <summary>Tensors that a caller fills, one or more.</summary>
        internal TensorInfo[] Inputs { get; }

        /// <summary>Tensors that a caller reads, one or more.</summary>
        internal TensorInfo[] Outputs { get; }

        /// <summary>The contract: inputs, outputs, classes, threshold and where the model comes from.</summary>
        public ModelMetadata Metadata
        {
            get { return metadata; }
        }

        /// <summary>What the contract says about decisions, read.</summary>
        public DecisionMetadata Decision
        {
            get { return tables.Decision(metadata, Inputs, Outputs); }
        }

        /// <summary>The tensor at <paramref name="index"/>, 0 to <see cref="TensorCount"/> − 1, in the order of the file.</summary>
        public TensorInfo Tensor(int index)
        {
            return tables.Tensor(index);
        }

        /// <summary>The operator at <paramref name="index"/>, 0 to <see cref="OperatorCount"/> − 1, in the order of execution.</summary>
        public OperatorRecord Operator(int index)
        {
            return tables.Operator(index);
        }

        /// <summary>Input <paramref name="index"/>, 0 to <see cref="InputCount"/> − 1.</summary>
        public TensorInfo Input(int index)
        {
            return Inputs[index];
        }

        /// <summary>Output <paramref name="index"/>, 0 to <see cref="OutputCount"/> − 1.</summary>
        public TensorInfo Output(int index)
        {
            return Outputs[index];
        }

        /// <summary>Byte offset of a section in the file, 0 if it is absent.</summary>
        /// <param name="section">One of <see cref="FormatLayout"/>'s identifiers.</param>
        internal int SectionOffset(int section)
        {
            return sectionStart[section];
        }

        /// <summary>Length of a section in bytes, 0 if it is absent.</summary>
        /// <param name="section">One of <see cref="FormatLayout"/>'s identifiers.</param>
        internal int SectionLength(int section)
        {
            return sectionLength[section];
        }

        /// <summary>A name for each tensor, for tools; none if the file has none.</summary>
        public string[] TensorNames()
        {
            int start = SectionOffset(FormatLayout.TensorNamesSection);
            return TextList.All(Bytes, start, start + SectionLength(FormatLayout.TensorNamesSection));
        }

        /// <summary>The name of an input, empty if it has none.</summary>
        public string InputName(int input)
        {
            return EntryName(MetadataKey.Inputs, input, 2);
        }

        /// <summary>The name of an output, empty if it has none.</summary>
        public string OutputName(int output)
        {
            return EntryName(MetadataKey.Outputs, output, 3);
        }

        private string EntryName(MetadataKey key, int entry, int entryBytes)
        {
            int position = metadata.PayloadOffset(key) + entryBytes;
            for (int i = 0; i < entry; i++)
            {
                position = TextList.Next(Bytes, position, Length) + entryBytes;
            }

            return TextList.At(Bytes, position);
        }

        /// <summary>Reads and validates a model without copying its constants.</summary>
        /// <param name="bytes">The whole file.</param>
        /// <exception cref="ModelFormatException">The file breaks the format, or an inference would take more than 2³⁴ steps; the message names section and offset.</exception>
        public static ModelFile Read(ModelBytes bytes)
        {
            return Read(bytes, FormatLayout.MaxSteps);
        }

        /// <summary>The same with another limit on the steps of one inference, 1 or more.</summary>
        internal static ModelFile Read(ModelBytes bytes, long maxSteps)
        {
            return new ModelFileReader(bytes, maxSteps).Read();
        }
    }
}
