namespace EdgeInference.ModelFormat
{
    /// <summary>One tensor of a model as the file describes it. Immutable after the reader made it.</summary>
    public sealed partial class TensorInfo
    {
        private readonly int[] shape;

        /// <summary>Reads a record that was checked, or whose caller checks what it gives.</summary>
        /// <param name="bytes">The file.</param>
        /// <param name="index">Index in the file's tensor table.</param>
        /// <param name="record">Byte offset of the record in the file.</param>
        /// <param name="offset">Where the elements are: in the file for constants, else in the arena.</param>
        internal TensorInfo(ModelBytes bytes, int index, int record, int offset)
        {
            int kind = bytes.U8(record + FormatLayout.TensorKindOffset);
            Index = index;
            Type = (TensorType)(kind & FormatLayout.TensorTypeMask);
            Storage = (TensorStorage)((kind >> FormatLayout.TensorStorageShift) & 3);
            Offset = offset;
            shape = new int[bytes.U8(record + FormatLayout.TensorRankOffset)];
            Elements = 1;
            int position = record + FormatLayout.TensorHeaderBytes;
            bool wide = (kind & FormatLayout.TensorWideFlag) != 0;
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] = wide ? bytes.I32(position) : bytes.U16(position);
                Elements *= shape[i];
                position += wide ? 4 : 2;
            }

            ZeroPoint = (short)bytes.U16(record + FormatLayout.TensorZeroPointOffset);
            if ((kind & FormatLayout.TensorQuantizedFlag) != 0)
            {
                IsQuantized = true;
                Scale = bytes.F32(position);
            }
        }

        /// <summary>Index in the file's tensor table.</summary>
        public int Index { get; }

        /// <summary>Element type.</summary>
        public TensorType Type { get; }

        /// <summary>Arena, constant or state.</summary>
        public TensorStorage Storage { get; }

        /// <summary>Number of dimensions, 0 (a scalar) to 6.</summary>
        public int Rank
        {
            get { return shape.Length; }
        }

        /// <summary>Product of the dimensions, 1 or more.</summary>
        public int Elements { get; }

        /// <summary>Size in bytes.</summary>
        public int Bytes
        {
            get { return Elements * TensorTypes.SizeOf(Type); }
        }

        /// <summary>Byte offset: from the arena's start for arena and state, from the file's start for constants.</summary>
        internal int Offset { get; }

        /// <summary>Whether <see cref="Scale"/> and <see cref="ZeroPoint"/> mean something.</summary>
        public bool IsQuantized { get; }

        /// <summary>real = scale · (quantized − zero point); finite and above 0.</summary>
        public float Scale { get; }

        /// <summary>The quantized value that stands for real 0, within the type; 0 for int32, int64 and where the tensor is not quantized.</summary>
        public int ZeroPoint { get; }

        /// <summary>The size of dimension <paramref name="axis"/>, 0 to <see cref="Rank"/> − 1, or counted from the end when negative.</summary>
        public int Dimension(int axis)
        {
            return shape[axis < 0 ? shape.Length + axis : axis];
        }

        /// <summary>The size of the last dimension, 1 for a scalar.</summary>
        internal int LastDimension
        {
            get { return shape.Length == 0 ? 1 : shape[shape.Length - 1]; }
        }

        /// <summary>The shape as text, for example <c>[1, 30]</c>.</summary>
        public string ShapeText()
        {
            string text = "[";
            for (int i = 0; i < shape.Length; i++)
            {
                text += (i == 0 ? "" : ", ") + shape[i].ToString();
            }

            return text + "]";
        }

        /// <summary>Whether both tensors have the same rank and dimensions.</summary>
        internal bool SameShape(TensorInfo other)
        {
            if (other.shape.Length != shape.Length)
            {
                return false;
            }

            for (int i = 0; i < shape.Length; i++)
            {
                if (other.shape[i] != shape[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
