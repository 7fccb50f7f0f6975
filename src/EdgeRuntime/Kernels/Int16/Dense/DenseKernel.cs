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
        return Bind(in context, new DenseArguments
        {
            Input = (short*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Bias = (long*)context.InputData(2),
            Multipliers = (int*)context.InputData(3),
            Shifts = (int*)context.InputData(4),
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
        }, out _);
    }

    /// <summary>Binds the product of rows and weights. What is kept may be given another input and output later, and fewer rows.</summary>
    internal static BoundKernel Bind(in BindContext context, DenseArguments arguments, out DenseArguments* kept)
    {
        var choice = new Choice { Depth = arguments.Depth, Function = &RunReference };
        if (context.Fast)
        {
            Int8Ladder.Sums<ChooseStep, Choice>(ref choice);
        }

        kept = (DenseArguments*)context.Keep(arguments);
        return new BoundKernel(choice.Function, kept);
    }

    private static void Run<TSums>(void* pointer)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
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
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
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
    private static void Store(in DenseArguments a, int row, int unit, long sum)
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
}
