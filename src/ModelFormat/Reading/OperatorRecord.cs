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
            int offset = ParameterOffset(parameter);
            switch (ParameterCode(bytes, parametersOffset, parameter))
            {
                case 0: return 0;
                case 1: return (sbyte)bytes.U8(offset);
                case 2: return (short)bytes.U16(offset);
                default: return bytes.I32(offset);
            }
        }

        /// <summary>A float32 parameter, by its position in the operator's row.</summary>
        public float Float(int parameter)
        {
            return ParameterCode(bytes, parametersOffset, parameter) == 0 ? 0f : bytes.F32(ParameterOffset(parameter));
        }

        /// <summary>How a parameter is written: 0 as nothing, for zero; 1 as i8, 2 as i16, 3 as four bytes.</summary>
        internal static int ParameterCode(ModelBytes bytes, int codesOffset, int parameter)
        {
            return (bytes.U8(codesOffset + (parameter >> 2)) >> ((parameter & 3) * 2)) & 3;
        }

        /// <summary>Bytes of a parameter that is written so.</summary>
        internal static int ParameterBytes(int code)
        {
            return code == 3 ? 4 : code;
        }

        private int ParameterOffset(int parameter)
        {
            int offset = parametersOffset + ((Info.Parameters.Length + 3) >> 2);
            for (int i = 0; i < parameter; i++)
            {
                offset += ParameterBytes(ParameterCode(bytes, parametersOffset, i));
            }

            return offset;
        }
    }
}
