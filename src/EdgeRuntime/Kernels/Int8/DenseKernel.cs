using System.Numerics;
using System.Runtime.CompilerServices;
using ModelFormat;
using ModelFormat.Numerics;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>
/// Dense with int8 activations and weights: an int32 accumulator, requantized as in the TensorFlow Lite quantization
/// specification, clamped, and looked up in a table where the operator has one.
/// </summary>
internal static unsafe class DenseKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord weights = context.Input(1);
        OperatorRecord record = context.Operator;
        var arguments = new Arguments
        {
            Input = (sbyte*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Multipliers = (int*)context.InputData(3),
            Shifts = (int*)context.InputData(4),
            PerChannel = context.Input(3).Elements == 1 ? 0 : 1,
            Table = context.InputData(5),
            Output = context.OutputData(),
            OutputIsInt16 = context.Output().Type == TensorType.Int16,
            Units = weights.Dimension(0),
            Depth = weights.Dimension(1),
            Rows = context.Input(0).Elements / weights.Dimension(1),
            ZeroPoint = record.Int(DenseRule.ZeroPoint),
            Min = record.Int(DenseRule.Min),
            Max = record.Int(DenseRule.Max),
        };
        var packing = new Packing
        {
            Weights = arguments.Weights,
            Bias = (int*)context.InputData(2),
            Units = arguments.Units,
            Depth = arguments.Depth,
            InputZeroPoint = context.Input(0).ZeroPoint,
        };
        arguments.Bias = (int*)context.Shared("bias", arguments.Units * sizeof(int), packing, FoldZeroPoint);
        return new BoundKernel(context.Fast ? &Run : &RunReference, context.Keep(arguments));
    }

    // Σ w(x − z) = Σ wx − z Σ w: the last term does not depend on x and joins the bias. int32 wraps, so the sum is exact
    // modulo 2³² in any order.
    private static void FoldZeroPoint(byte* destination, Packing packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            int sum = 0;
            for (int i = 0; i < packing.Depth; i++)
            {
                sum += packing.Weights[((long)unit * packing.Depth) + i];
            }

            int bias = packing.Bias == null ? 0 : packing.Bias[unit];
            ((int*)destination)[unit] = bias - (packing.InputZeroPoint * sum);
        }
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            sbyte* x = a.Input + ((long)row * a.Depth);
            for (int unit = 0; unit < a.Units; unit++)
            {
                int sum = a.Bias[unit] + Dot(x, a.Weights + ((long)unit * a.Depth), a.Depth);
                Store(in a, row, unit, sum);
            }
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            sbyte* x = a.Input + ((long)row * a.Depth);
            for (int unit = 0; unit < a.Units; unit++)
            {
                sbyte* w = a.Weights + ((long)unit * a.Depth);
                int sum = a.Bias[unit];
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                Store(in a, row, unit, sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Arguments a, int row, int unit, int sum)
    {
        int channel = unit * a.PerChannel;
        int value = FixedPoint.Requantize(sum, a.Multipliers[channel], a.Shifts[channel]) + a.ZeroPoint;
        value = value < a.Min ? a.Min : value > a.Max ? a.Max : value;
        long index = ((long)row * a.Units) + unit;
        if (a.OutputIsInt16)
        {
            ((short*)a.Output)[index] = a.Table == null ? (short)value : ((short*)a.Table)[value + 128];
        }
        else
        {
            ((sbyte*)a.Output)[index] = a.Table == null ? (sbyte)value : ((sbyte*)a.Table)[value + 128];
        }
    }

    private static int Dot(sbyte* x, sbyte* w, int length)
    {
        Vector<int> sums = Vector<int>.Zero;
        int i = 0;
        for (; i <= length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(Vector.Load(x + i), out Vector<short> xLow, out Vector<short> xHigh);
            Vector.Widen(Vector.Load(w + i), out Vector<short> wLow, out Vector<short> wHigh);

            // A product of two int8 fits int16 (at most 16,384 in magnitude), a sum of two does not.
            Vector.Widen(xLow * wLow, out Vector<int> a, out Vector<int> b);
            Vector.Widen(xHigh * wHigh, out Vector<int> c, out Vector<int> d);
            sums += a + b + c + d;
        }

        int sum = Vector.Sum(sums);
        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    private struct Packing
    {
        internal sbyte* Weights;
        internal int* Bias;
        internal int Units;
        internal int Depth;
        internal int InputZeroPoint;
    }

    private struct Arguments
    {
        internal sbyte* Input;
        internal sbyte* Weights;
        internal int* Bias;
        internal int* Multipliers;
        internal int* Shifts;
        internal byte* Table;
        internal byte* Output;
        internal int Rows;
        internal int Depth;
        internal int Units;
        internal int PerChannel;
        internal int ZeroPoint;
        internal int Min;
        internal int Max;
        internal bool OutputIsInt16;
    }
}
