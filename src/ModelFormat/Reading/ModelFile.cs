namespace ModelFormat
{
    /// <summary>
    /// A model file, read and validated: after <see cref="Read"/> returns, every offset lies within the file or the
    /// arena and every operator satisfies its rule, so that engines need no further check. Immutable.
    /// </summary>
    public sealed class ModelFile
    {
        private readonly ModelMetadata metadata;
        private readonly DecisionMetadata decision;

        internal ModelFile(ModelBytes bytes, int length, int arenaBytes, TensorRecord[] tensors, OperatorRecord[] operators, TensorRecord[] inputs, TensorRecord[] outputs, ModelMetadata metadata, DecisionMetadata decision)
        {
            Bytes = bytes;
            Length = length;
            ArenaBytes = arenaBytes;
            Tensors = tensors;
            Operators = operators;
            Inputs = inputs;
            Outputs = outputs;
            this.metadata = metadata;
            this.decision = decision;
        }

        /// <summary>The bytes that were read; constants are used in place.</summary>
        public ModelBytes Bytes { get; private set; }

        /// <summary>Length of the model in bytes; a signature block may follow.</summary>
        public int Length { get; private set; }

        /// <summary>Size of the arena that a session needs, in bytes.</summary>
        public int ArenaBytes { get; private set; }

        /// <summary>All tensors.</summary>
        public TensorRecord[] Tensors { get; private set; }

        /// <summary>All operators, in the order of execution.</summary>
        public OperatorRecord[] Operators { get; private set; }

        /// <summary>Tensors that a caller fills, one or more.</summary>
        public TensorRecord[] Inputs { get; private set; }

        /// <summary>Tensors that a caller reads, one or more.</summary>
        public TensorRecord[] Outputs { get; private set; }

        /// <summary>Name, labels, threshold and the rest.</summary>
        public ModelMetadata Metadata
        {
            get { return metadata; }
        }

        /// <summary>Threshold, calibration, abstain band and input statistics.</summary>
        public DecisionMetadata Decision
        {
            get { return decision; }
        }

        /// <summary>Reads and validates a model without copying its constants.</summary>
        /// <param name="bytes">The whole file.</param>
        /// <exception cref="ModelFormatException">The file breaks the format; the message names section and offset.</exception>
        public static ModelFile Read(ModelBytes bytes)
        {
            return new ModelFileReader(bytes).Read();
        }
    }
}
