using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Softmax from int16 to int16, bit-exact with TensorFlow Lite's reference; the steps are those of Int16Softmax.</summary>
    internal sealed class SoftmaxInt16 : NanoKernel
    {
        private readonly short[] input;
        private readonly short[] exponentials;
        private readonly short[] reciprocals;
        private readonly short[] output;
        private readonly int depth;
        private readonly int rows;
        private readonly int multiplier;
        private readonly int shift;

        internal SoftmaxInt16(BindContext context)
        {
            input = context.InputInt16s(0);
            exponentials = context.InputInt16s(1);
            reciprocals = context.InputInt16s(2);
            output = context.OutputInt16s();
            depth = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / depth;
            multiplier = context.Operator.Int(SoftmaxRule.Multiplier);
            shift = context.Operator.Int(SoftmaxRule.LeftShift);
        }

        internal override void Run()
        {
            short[] x = input;
            short[] y = output;
            for (int row = 0; row < rows; row++)
            {
                int start = row * depth;
                int end = start + depth;
                int max = x[start];
                for (int i = start + 1; i < end; i++)
                {
                    max = x[i] > max ? x[i] : max;
                }

                int sum = 0;
                for (int i = start; i < end; i++)
                {
                    int exponential = Lookup(Int16Softmax.ExponentialInput(x[i] - max, multiplier, shift), exponentials);
                    y[i] = (short)exponential;
                    sum += exponential;
                }

                int headroom = Int16Softmax.Headroom(sum);
                int reciprocal = Lookup(Int16Softmax.ReciprocalInput(sum, headroom), reciprocals);
                for (int i = start; i < end; i++)
                {
                    y[i] = (short)Int16Softmax.Output(y[i], reciprocal, headroom);
                }
            }
        }

        private static int Lookup(int x, short[] table)
        {
            int index = Int16Softmax.TableIndex(x);
            return Int16Softmax.Interpolate(x, table[index], table[index + 1]);
        }
    }
}
