using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>
/// Dense with int16 activations and int8 weights: an int64 accumulator and bias, requantized as in TensorFlow Lite's
/// 16×8 scheme, clamped, and looked up in a table where the operator has one. Weights of 16 bits are two int8 halves with a
/// sum each, so that both are as fast as int8 weights and exact.
/// </summary>
internal static unsafe class DenseKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo weights = context.Input(1);
        int units = weights.Dimension(0);

        // Products of int16 and two halves, or of int16 and int8.
        long most = (long)weights.LastDimension << (weights.Rank == 3 ? 31 : 22);
        return Bind(in context, new DenseArguments
        {
            Input = (short*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Output = context.OutputData(),
            OutputBytes = units * TensorTypes.SizeOf(context.Output().Type),
            Units = units,
            Depth = weights.LastDimension,
            HasHalves = weights.Rank == 3,
            Rows = context.Elements(0) / weights.LastDimension,
            Requantization = WideRequantization.Bind(in context, units, most),
        }, out _);
    }

    /// <summary>Binds the product of rows and weights. What is kept may be given another input and output later, and fewer rows.</summary>
    internal static BoundKernel Bind(in BindContext context, DenseArguments arguments, out DenseArguments* kept)
    {
        var choice = new Choice { Depth = arguments.Depth, HasHalves = arguments.HasHalves, Function = arguments.HasHalves ? &RunHalvesReference : &RunReference };
        if (context.Fast && DenseWide.TryBind(in context, ref arguments, out delegate*<void*, void> wide))
        {
            choice.Function = wide;
        }
        else if (context.Fast)
        {
            Int8Ladder.Sums<ChooseStep, Choice>(ref choice);
        }

        kept = (DenseArguments*)context.Keep(arguments);
        return new BoundKernel(choice.Function, kept);
    }

    private static void RunHalves<TSums>(void* pointer)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            byte* y = a.Output + ((long)row * a.OutputBytes);
            sbyte* w = a.Weights;
            for (int unit = 0; unit < a.Units; unit++, w += 2L * a.Depth)
            {
                a.Requantization.Store((WideSums.Dot<TSums>(x, w, a.Depth) << 8) + WideSums.Dot<TSums>(x, w + a.Depth, a.Depth), unit, y);
            }
        }
    }

    private static void Run<TSums>(void* pointer)
        where TSums : struct, IInt32Sums<TSums>
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            byte* y = a.Output + ((long)row * a.OutputBytes);
            for (int unit = 0; unit < a.Units; unit++)
            {
                a.Requantization.Store(WideSums.Dot<TSums>(x, a.Weights + ((long)unit * a.Depth), a.Depth), unit, y);
            }
        }
    }

    private static void RunHalvesReference(void* pointer)
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            byte* y = a.Output + ((long)row * a.OutputBytes);
            for (int unit = 0; unit < a.Units; unit++)
            {
                sbyte* high = a.Weights + (2L * unit * a.Depth);
                sbyte* low = high + a.Depth;
                long sum = 0;
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += (long)x[i] * ((256 * high[i]) + low[i]);
                }

                a.Requantization.Store(sum, unit, y);
            }
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            byte* y = a.Output + ((long)row * a.OutputBytes);
            for (int unit = 0; unit < a.Units; unit++)
            {
                sbyte* w = a.Weights + ((long)unit * a.Depth);
                long sum = 0;
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                a.Requantization.Store(sum, unit, y);
            }
        }
    }

    private readonly struct ChooseStep : ISumStep<Choice>
    {
        public static bool Run<TSums>(ref Choice choice)
            where TSums : struct, IInt32Sums<TSums>
        {
            choice.Function = choice.HasHalves ? &RunHalves<TSums> : &DenseKernel.Run<TSums>;
            return choice.Depth >= TSums.Count;
        }
    }

    private struct Choice
    {
        internal int Depth;
        internal bool HasHalves;
        internal delegate*<void*, void> Function;
    }
}
