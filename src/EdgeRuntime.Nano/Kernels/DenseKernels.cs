namespace EdgeInference.Nano.Kernels
{
    /// <summary>Chooses the kernel of rows by int8 weights, by whether weights may take RAM.</summary>
    internal static class DenseKernels
    {
        /// <summary>Rows of int8.</summary>
        internal static DenseRows Int8(BindContext context, DenseShape shape, sbyte[] input)
        {
            return context.PackWeights ? (DenseRows)new DenseInt8Packed(context, shape, input) : new DenseInt8InPlace(context, shape, input);
        }

        /// <summary>Rows of int16.</summary>
        internal static DenseRows Int16(BindContext context, DenseShape shape, short[] input)
        {
            return context.PackWeights ? (DenseRows)new DenseInt16Packed(context, shape, input) : new DenseInt16InPlace(context, shape, input);
        }
    }
}
