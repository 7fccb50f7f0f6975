using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Int16;

/// <summary>
/// How the sums of int16 activations and int8 weights become an operator's outputs: an int64 bias, requantized by channel as in
/// TensorFlow Lite's 16×8 scheme, clamped, and looked up where there is a table.
/// </summary>
internal unsafe struct WideRequantization
{
    // Positions among the inputs of Dense and the convolutions.
    private const int BiasInput = 2;
    private const int MultiplierInput = 3;
    private const int TableInput = 5;

    private long* bias;
    private int* multipliers;
    private sbyte* shifts;
    private byte* table;
    private int perChannel;
    private int zeroPoint;

    // The clamp before the zero point is added, so that the sum cannot leave int32.
    private int low;
    private int high;
    private bool outputIsInt16;

    /// <summary>Reads what <see cref="DenseRule"/> says of the outputs.</summary>
    internal static WideRequantization Bind(in BindContext context)
    {
        OperatorRecord record = context.Operator;
        int zeroPoint = record.Int(DenseRule.ZeroPoint);
        return new WideRequantization
        {
            bias = (long*)context.InputData(BiasInput),
            multipliers = (int*)context.InputData(MultiplierInput),
            shifts = (sbyte*)context.InputData(MultiplierInput + 1),
            table = context.InputData(TableInput),
            perChannel = context.Input(MultiplierInput).Elements == 1 ? 0 : 1,
            zeroPoint = zeroPoint,
            low = record.Int(DenseRule.Min) - zeroPoint,
            high = record.Int(DenseRule.Max) - zeroPoint,
            outputIsInt16 = context.Output().Type == TensorType.Int16,
        };
    }

    /// <summary>Writes the output of a channel to its place in a row of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store(long sum, int channel, byte* row)
    {
        int index = channel * perChannel;
        long biased = bias == null ? sum : sum + bias[channel];
        int value = FixedPoint.Requantize(biased, multipliers[index], shifts[index]);
        value = (value < low ? low : value > high ? high : value) + zeroPoint;
        if (outputIsInt16)
        {
            ((short*)row)[channel] = table == null ? (short)value : ((short*)table)[value + 128];
        }
        else
        {
            ((sbyte*)row)[channel] = table == null ? (sbyte)value : ((sbyte*)table)[value + 128];
        }
    }
}
