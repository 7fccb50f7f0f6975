namespace EdgeInference.ModelFormat
{
    /// <summary>One operator of a model as the file describes it. Immutable after the reader made it.</summary>
    public sealed partial class OperatorRecord
    {
        private readonly ModelBytes bytes;
        private readonly int parametersOffset;

        internal OperatorRecord(ModelBytes bytes, Opcode opcode, int offset, TensorInfo[] inputs, TensorInfo[] outputs, int parametersOffset)
        {
            this.bytes = bytes;
            this.parametersOffset = parametersOffset;
            Opcode = opcode;
            Offset = offset;
            Inputs = inputs;
            Outputs = outputs;
        }

        /// <summary>The operator's name, as in docs/operators.md.</summary>
        public string Name
        {
            get { return OperatorNames.Of(Opcode); }
        }

        /// <summary>Number of inputs; trailing absent ones may be left out.</summary>
        public int InputCount
        {
            get { return Inputs.Length; }
        }

        /// <summary>Number of outputs.</summary>
        public int OutputCount
        {
            get { return Outputs.Length; }
        }

        /// <summary>The operator.</summary>
        internal Opcode Opcode { get; }

        // Engines bind kernels by the arrays; outside the assembly nobody can replace an element that was checked.

        /// <summary>Byte offset of the record in the file.</summary>
        internal int Offset { get; }

        /// <summary>Input tensors, an optional one that is absent being null; trailing absent ones may be left out.</summary>
        internal TensorInfo[] Inputs { get; }

        /// <summary>Output tensors.</summary>
        internal TensorInfo[] Outputs { get; }

        /// <summary>Input <paramref name="index"/>, 0 to <see cref="InputCount"/> − 1; null if an optional one is absent.</summary>
        public TensorInfo Input(int index)
        {
            return Inputs[index];
        }

        /// <summary>Output <paramref name="index"/>, 0 to <see cref="OutputCount"/> − 1.</summary>
        public TensorInfo Output(int index)
        {
            return Outputs[index];
        }

        /// <summary>Whether input <paramref name="index"/> is there.</summary>
        internal bool HasInput(int index)
        {
            return index < Inputs.Length && Inputs[index] != null;
        }

        /// <summary>An integer parameter, by its position in the operator's row.</summary>
        internal int Int(int parameter)
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
        internal float Float(int parameter)
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
            int offset = parametersOffset + ((OperatorTable.Parameters(OperatorTable.FormOf((int)Opcode)) + 3) >> 2);
            for (int i = 0; i < parameter; i++)
            {
                offset += ParameterBytes(ParameterCode(bytes, parametersOffset, i));
            }

            return offset;
        }
    }
}
