using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
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
        int units = weights.Dimension(0);
        return Bind(in context, new DenseArguments
        {
            Input = (short*)context.InputData(0),
            Weights = (sbyte*)context.InputData(1),
            Output = context.OutputData(),
            OutputBytes = units * TensorTypes.SizeOf(context.Output().Type),
            Units = units,
            Depth = weights.Dimension(1),
            Rows = context.Elements(0) / weights.Dimension(1),
            Requantization = WideRequantization.Bind(in context, units),
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
            byte* y = a.Output + ((long)row * a.OutputBytes);
            for (int unit = 0; unit < a.Units; unit++)
            {
                a.Requantization.Store(WideSums.Dot<TSums>(x, a.Weights + ((long)unit * a.Depth), a.Depth), unit, y);
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
