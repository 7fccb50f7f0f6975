namespace EdgeInference.ModelFormat
{
    /// <summary>Elements of a constant that may be int8, int16 or int32, whichever its numbers need.</summary>
    internal static class IntegerConstant
    {
        /// <summary>Element <paramref name="element"/>, −2³¹ to 2³¹ − 1.</summary>
        public static int Signed(ModelBytes bytes, TensorInfo constant, int element)
        {
            switch (constant.Type)
            {
                case TensorType.Int8: return (sbyte)bytes.U8(constant.Offset + element);
                case TensorType.Int16: return (short)bytes.U16(constant.Offset + (element * 2));
                default: return bytes.I32(constant.Offset + (element * 4));
            }
        }

        /// <summary>The same where int8 and int16 hold unsigned numbers: 0 to 255 and 0 to 65,535.</summary>
        public static int Unsigned(ModelBytes bytes, TensorInfo constant, int element)
        {
            switch (constant.Type)
            {
                case TensorType.Int8: return bytes.U8(constant.Offset + element);
                case TensorType.Int16: return bytes.U16(constant.Offset + (element * 2));
                default: return bytes.I32(constant.Offset + (element * 4));
            }
        }
    }
}
