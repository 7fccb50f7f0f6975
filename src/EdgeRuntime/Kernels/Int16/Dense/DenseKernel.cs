using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>
/// Dense with int16 activations and int8 weights: an int64 accumulator and bias, requantized as in TensorFlow Lite's
/// 16×8 scheme, clamped, and looked up in a table where the operator has one.
/// </summary>
internal static unsafe class DenseKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo weights = context.Input(1);
        OperatorRecord record = context.Operator;
        var arguments = new Arguments
        {
            Input = (short*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Bias = (long*)context.InputData(2),
            Multipliers = (int*)context.InputData(3),
            Shifts = (sbyte*)context.InputData(4),
            PerChannel = context.Input(3).Elements == 1 ? 0 : 1,
            Table = context.InputData(5),
            Output = context.OutputData(),
            OutputIsInt16 = context.Output().Type == TensorType.Int16,
            Units = weights.Dimension(0),
            Depth = weights.Dimension(1),
            Rows = context.Elements(0) / weights.Dimension(1),
            ZeroPoint = record.Int(DenseRule.ZeroPoint),
            Low = record.Int(DenseRule.Min) - record.Int(DenseRule.ZeroPoint),
            High = record.Int(DenseRule.Max) - record.Int(DenseRule.ZeroPoint),
        };
        var choice = new Choice { Depth = arguments.Depth, Function = &RunReference };
        if (context.Fast)
        {
            Int8Ladder.Sums<ChooseStep, Choice>(ref choice);
        }

        return new BoundKernel(choice.Function, context.Keep(arguments));
    }

    private static void Run<TSums>(void* pointer)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            for (int unit = 0; unit < a.Units; unit++)
            {
                Store(in a, row, unit, Dot<TSums>(x, a.Weights + ((long)unit * a.Depth), a.Depth));
            }
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            for (int unit = 0; unit < a.Units; unit++)
            {
                sbyte* w = a.Weights + ((long)unit * a.Depth);
                long sum = 0;
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                Store(in a, row, unit, sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Arguments a, int row, int unit, long sum)
    {
        int channel = unit * a.PerChannel;
        long biased = a.Bias == null ? sum : sum + a.Bias[unit];
        int value = FixedPoint.Requantize(biased, a.Multipliers[channel], a.Shifts[channel]);
        value = (value < a.Low ? a.Low : value > a.High ? a.High : value) + a.ZeroPoint;
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

    // Products are at most 2²² in magnitude, so that int32 holds 511 of them; four sums are added before they are emptied into int64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Dot<TSums>(short* x, sbyte* w, int length)
        where TSums : struct, IInt32Sums<TSums>
    {
        const int StepsPerBlock = 127;
        long sum = 0;
        int i = 0;
        while (i <= length - TSums.Count)
        {
            TSums block = 0;
            for (int steps = 0; steps < StepsPerBlock && i <= length - TSums.Count; steps++, i += TSums.Count)
            {
                block = TSums.MultiplyAdd(block, x + i, w + i);
            }

            sum += TSums.Total(block);
        }

        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    private readonly struct ChooseStep : ISumStep<Choice>
    {
        public static bool Run<TSums>(ref Choice choice)
            where TSums : struct, IInt32Sums<TSums>
        {
            choice.Function = &DenseKernel.Run<TSums>;
            return choice.Depth >= TSums.Count;
        }
    }

    private struct Choice
    {
        internal int Depth;
        internal delegate*<void*, void> Function;
    }

    private struct Arguments
    {
        internal short* Input;
        internal sbyte* Weights;
        internal long* Bias;
        internal int* Multipliers;
        internal sbyte* Shifts;
        internal byte* Table;
        internal byte* Output;
        internal int Rows;
        internal int Depth;
        internal int Units;
        internal int PerChannel;
        internal int ZeroPoint;

        /// <summary>The clamp before the zero point is added, so that the sum cannot leave int32.</summary>
        internal int Low;
        internal int High;
        internal bool OutputIsInt16;
    }
}
