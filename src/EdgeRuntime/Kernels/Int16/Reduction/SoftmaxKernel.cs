using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Int16.Reduction;

/// <summary>Softmax from int16 to int16, bit-exact with TensorFlow Lite's reference; see <see cref="Int16Softmax"/>.</summary>
internal static unsafe class SoftmaxKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        int depth = context.Input(0).LastDimension;
        var arguments = new Arguments
        {
            Input = (short*)context.InputData(0),
            Exponentials = (short*)context.InputData(1),
            Reciprocals = (short*)context.InputData(2),
            Output = (short*)context.OutputData(),
            Depth = depth,
            Rows = context.Elements(0) / depth,
            Multiplier = context.Operator.Int(SoftmaxRule.Multiplier),
            Shift = context.Operator.Int(SoftmaxRule.LeftShift),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            short* x = a.Input + ((long)row * a.Depth);
            short* y = a.Output + ((long)row * a.Depth);
            int max = x[0];
            for (int i = 1; i < a.Depth; i++)
            {
                max = x[i] > max ? x[i] : max;
            }

            int sum = 0;
            for (int i = 0; i < a.Depth; i++)
            {
                int exponential = Lookup(Int16Softmax.ExponentialInput(x[i] - max, a.Multiplier, a.Shift), a.Exponentials);
                y[i] = (short)exponential;
                sum += exponential;
            }

            int headroom = Int16Softmax.Headroom(sum);
            int reciprocal = Lookup(Int16Softmax.ReciprocalInput(sum, headroom), a.Reciprocals);
            for (int i = 0; i < a.Depth; i++)
            {
                y[i] = (short)Int16Softmax.Output(y[i], reciprocal, headroom);
            }
        }
    }

    private static int Lookup(int x, short* table)
    {
        int index = Int16Softmax.TableIndex(x);
        return Int16Softmax.Interpolate(x, table[index], table[index + 1]);
    }

    private struct Arguments
    {
        internal short* Input;
        internal short* Exponentials;
        internal short* Reciprocals;
        internal short* Output;
        internal int Rows;
        internal int Depth;
        internal int Multiplier;
        internal int Shift;
    }
}
