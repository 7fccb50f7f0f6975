using EdgeInference.Runtime.Kernels.Int8;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>From products of two int16 to what they count for.</summary>
internal unsafe struct ProductScaling
{
    private const int MostOfProduct = 1 << 30;

    private Requantization how;
    private delegate*<int*, Requantization*, byte*, nint, void> function;

    /// <summary>By the multiplier at a position among the parameters and the shift after it.</summary>
    internal static ProductScaling Of(in BindContext context, int hidden, int position, int zeroPoint, bool outputIsInt16)
    {
        int shift = context.Operator.Int(position + 1);
        return new ProductScaling
        {
            how = Requantizer.BindUniform(in context, hidden, context.Operator.Int(position), shift, zeroPoint, outputIsInt16),
            function = Requantizer.Function(context.Fast, hidden, shift > 0 && (long)MostOfProduct << shift > int.MaxValue),
        };
    }

    /// <summary>Overwrites the products, up to a whole vector.</summary>
    internal void Run(int* products, byte* output, int count)
    {
        fixed (Requantization* requantization = &how)
        {
            function(products, requantization, output, count);
        }
    }
}
