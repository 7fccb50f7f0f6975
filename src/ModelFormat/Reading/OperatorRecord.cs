namespace ModelFormat
{
    /// <summary>One operator of a model as the file describes it. Immutable after the reader made it.</summary>
    public sealed class OperatorRecord
    {
        private readonly ModelBytes bytes;
        private readonly int parametersOffset;

        internal OperatorRecord(ModelBytes bytes, OperatorInfo info, int offset, TensorRecord[] inputs, TensorRecord[] outputs, int parametersOffset)
        {
            this.bytes = bytes;
            this.parametersOffset = parametersOffset;
            Info = info;
            Offset = offset;
            Inputs = inputs;
            Outputs = outputs;
        }

        /// <summary>The row of the operator table.</summary>
        public OperatorInfo Info { get; private set; }

        /// <summary>Byte offset of the record in the file.</summary>
        public int Offset { get; private set; }

        /// <summary>Input tensors, an optional one that is absent being null; trailing absent ones may be left out.</summary>
        public TensorRecord[] Inputs { get; private set; }

        /// <summary>Output tensors.</summary>
        public TensorRecord[] Outputs { get; private set; }

        /// <summary>Whether input <paramref name="index"/> is there.</summary>
        public bool HasInput(int index)
        {
            return index < Inputs.Length && Inputs[index] != null;
        }

        /// <summary>An integer parameter, by its position in the operator's row.</summary>
        public int Int(int parameter)
        {
            return bytes.I32(parametersOffset + (parameter * 4));
        }

        /// <summary>A float32 parameter, by its position in the operator's row.</summary>
        public float Float(int parameter)
        {
            return bytes.F32(parametersOffset + (parameter * 4));
        }
    }
}
