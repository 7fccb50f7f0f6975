namespace EdgeInference.ModelFormat
{
    /// <summary>Element type of a tensor; the values are the ones in the file.</summary>
    public enum TensorType
    {
        /// <summary>IEEE 754 binary32.</summary>
        Float32 = 1,

        /// <summary>Signed 8-bit integer, usually quantized.</summary>
        Int8 = 2,

        /// <summary>Signed 16-bit integer, usually quantized with zero point 0.</summary>
        Int16 = 3,

        /// <summary>Signed 32-bit integer: biases, multipliers, shifts, indices.</summary>
        Int32 = 4,

        /// <summary>Signed 64-bit integer: biases of int16 layers.</summary>
        Int64 = 5,
    }

    /// <summary>Where the elements of a tensor live; the values are the ones in the file.</summary>
    public enum TensorStorage
    {
        /// <summary>In the session's arena, at the tensor's offset.</summary>
        Arena = 0,

        /// <summary>In the file's constants section, at the tensor's offset; read only.</summary>
        Constant = 1,

        /// <summary>In the arena too, but kept between inferences and zeroed by a reset.</summary>
        State = 2,
    }

    /// <summary>Sizes of element types.</summary>
    internal static class TensorTypes
    {
        /// <summary>Bytes of one element, or 0 if <paramref name="type"/> is none that the format knows.</summary>
        public static int SizeOf(TensorType type)
        {
            switch (type)
            {
                case TensorType.Int8: return 1;
                case TensorType.Int16: return 2;
                case TensorType.Float32:
                case TensorType.Int32: return 4;
                case TensorType.Int64: return 8;
                default: return 0;
            }
        }
    }
}
