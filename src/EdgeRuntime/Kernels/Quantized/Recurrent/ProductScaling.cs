using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>From products of two int16 to what they count for.</summary>
internal unsafe struct ProductScaling
{
    private const int MostOfProduct = 1 << 30;

    private Requantization how;
    private delegate*<int*, Requantization*, byte*, nint, void> function;
    private ProductScale scale;
    private bool isFast;

    // Whether nothing leaves int32 in the vectors of products.
    private bool isShort;

    /// <summary>By the multiplier at a position among the parameters and the shift after it, for products of which one factor is a sigmoid, or 2¹⁵.</summary>
    internal static ProductScaling Of(in BindContext context, int hidden, int position, int zeroPoint, bool outputIsInt16)
    {
        int multiplier = context.Operator.Int(position);
        int shift = context.Operator.Int(position + 1);
        var scaling = new ProductScaling
        {
            how = Requantizer.BindUniform(in context, hidden, multiplier, shift, zeroPoint, outputIsInt16),
            function = Requantizer.Function(context.Fast, hidden, shift > 0 && (long)MostOfProduct << shift > int.MaxValue),
            isFast = context.Fast,
        };
        long half = shift < 0 ? (1L << (-shift - 1)) + ((long)zeroPoint << -shift) : long.MaxValue / 2;
        long most = (((long)MostOfProduct * multiplier) >> 31) + 2;
        scaling.isShort = context.Fast && ScaledProducts.IsSupported && shift < 0 && most + Math.Abs(half) <= int.MaxValue
            && SigmoidPairs.AreShares((ushort*)context.InputData(QuantizedLSTMRule.Table));
        scaling.scale = scaling.isShort ? new ProductScale { Multiplier = multiplier, Right = -shift, Half = (int)half } : default;
        return scaling;
    }

    /// <summary>output = left · right, or left · 2¹⁵ where there is no right. <paramref name="products"/> is room for as many, up to a whole vector.</summary>
    internal void Run(short* left, short* right, int* products, byte* output, int count)
    {
        int done = !isShort ? 0
            : how.OutputIsInt16 ? ScaledProducts.ToInt16(left, right, in scale, (short*)output, count)
            : ScaledProducts.ToInt8(left, right, in scale, (sbyte*)output, count);
        if (done < count)
        {
            Rest(left + done, right == null ? null : right + done, products, output + (how.OutputIsInt16 ? done * sizeof(short) : done), count - done);
        }
    }

    // All multipliers are the same, so that those of the first serve any.
    private void Rest(short* left, short* right, int* products, byte* output, int count)
    {
        if (isFast && right != null)
        {
            Int16Vectors.Multiply(left, right, products, count);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                products[i] = right == null ? left[i] << Int16Vectors.UnitBits : left[i] * right[i];
            }
        }

        fixed (Requantization* requantization = &how)
        {
            function(products, requantization, output, count);
        }
    }
}
