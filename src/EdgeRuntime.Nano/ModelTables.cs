using EdgeInference.Nano;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// Tensors, operators and decision of a validated file, read again whenever they are asked for: a tensor as an object takes a device
    /// 150 bytes, here eight. The form is that of the desktop's ModelTables.
    /// </summary>
    internal sealed class ModelTables
    {
        private readonly ModelBytes bytes;

        // Byte offsets of the records in the file, and where the elements of each tensor are.
        private readonly int[] tensors;
        private readonly int[] elements;
        private readonly int[] operators;
        private readonly byte[] roles;

        internal ModelTables(ModelBytes bytes, int[] records, TensorInfo[] tensors, OperatorRecord[] operators, DecisionMetadata decision)
        {
            this.bytes = bytes;
            this.tensors = records;
            elements = new int[tensors.Length];
            for (int i = 0; i < tensors.Length; i++)
            {
                elements[i] = tensors[i].Offset;
            }

            this.operators = new int[operators.Length];
            for (int i = 0; i < operators.Length; i++)
            {
                this.operators[i] = operators[i].Offset;
            }

            roles = decision.Roles;
        }

        /// <summary>Number of tensors.</summary>
        public int TensorCount
        {
            get { return tensors.Length; }
        }

        /// <summary>Number of operators.</summary>
        public int OperatorCount
        {
            get { return operators.Length; }
        }

        /// <summary>A tensor; an object of its own at each call.</summary>
        public TensorInfo Tensor(int index)
        {
            return new TensorInfo(bytes, index, tensors[index], elements[index]);
        }

        /// <summary>An operator; an object of its own at each call.</summary>
        public OperatorRecord Operator(int index)
        {
            int offset = operators[index];
            Opcode opcode = (Opcode)bytes.U8(offset + FormatLayout.OperatorOpcodeOffset);
            int position = offset + FormatLayout.OperatorHeaderBytes;
            TensorInfo[] inputs = Tensors(position, bytes.U8(offset + FormatLayout.OperatorInputsOffset));
            position += 2 * inputs.Length;
            TensorInfo[] outputs = Tensors(position, bytes.U8(offset + FormatLayout.OperatorOutputsOffset));
            return new OperatorRecord(bytes, opcode, offset, inputs, outputs, position + (2 * outputs.Length));
        }

        /// <summary>What the contract says about decisions; an object of its own at each call.</summary>
        public DecisionMetadata Decision(ModelMetadata metadata, TensorInfo[] inputs, TensorInfo[] outputs)
        {
            return new DecisionMetadata(bytes, metadata, roles, NanoModel.Elements(inputs), NanoModel.Elements(outputs));
        }

        private TensorInfo[] Tensors(int position, int count)
        {
            TensorInfo[] list = new TensorInfo[count];
            for (int i = 0; i < count; i++)
            {
                int index = bytes.U16(position + (2 * i));
                list[i] = index == FormatLayout.AbsentTensor ? null : Tensor(index);
            }

            return list;
        }
    }
}
