using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Int8.Reduction;

/// <summary>Softmax from int8 to int8 or int16, bit-exact with TensorFlow Lite's reference (its Softmax for quantized types).</summary>
internal static unsafe class SoftmaxKernel
{
    // The sum of up to 4,095 exponentials is kept in Q12.19.
    private const int AccumulatorIntegerBits = 12;

    // From the maximum down to the farthest below it.
    private const int Differences = 256;

    internal static BoundKernel Bind(in BindContext context)
    {
        int depth = context.Input(0).LastDimension;
        var arguments = new Arguments
        {
            Input = (sbyte*)context.InputData(0),
            Output = context.OutputData(),
            OutputIsInt16 = context.Output().Type == TensorType.Int16,
            Depth = depth,
            Rows = context.Elements(0) / depth,
            DifferenceMin = context.Operator.Int(SoftmaxRule.DifferenceMin),
        };
        var exponent = new Exponent
        {
            Multiplier = context.Operator.Int(SoftmaxRule.Multiplier),
            LeftShift = context.Operator.Int(SoftmaxRule.LeftShift),
            DifferenceMin = arguments.DifferenceMin,
        };
        arguments.Exponentials = (int*)context.Shared(Differences * sizeof(int), exponent, FillExponentials);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        int bits = a.OutputIsInt16 ? 16 : 8;
        int min = a.OutputIsInt16 ? short.MinValue : sbyte.MinValue;
        for (int row = 0; row < a.Rows; row++)
        {
            long start = (long)row * a.Depth;
            sbyte* x = a.Input + start;
            int max = x[0];
            for (int i = 1; i < a.Depth; i++)
            {
                max = x[i] > max ? x[i] : max;
            }

            int sum = 0;
            for (int i = 0; i < a.Depth; i++)
            {
                if (x[i] - max >= a.DifferenceMin)
                {
                    sum += FixedPoint.RoundingDivideByPowerOfTwo(a.Exponentials[max - x[i]], AccumulatorIntegerBits);
                }
            }

            int headroom = BitOperations.LeadingZeroCount((uint)sum);
            int reciprocal = FixedPointExponential.ReciprocalOfOnePlus((int)(((uint)sum << headroom) - (1u << 31)));
            // A shift ends at 31, so that from 512 nearly alike classes on each gets 1/256 (docs/numerics.md).
            int shift = Math.Min(31, AccumulatorIntegerBits - headroom + 31 - bits);
            for (int i = 0; i < a.Depth; i++)
            {
                int value = min;
                if (x[i] - max >= a.DifferenceMin)
                {
                    int product = FixedPoint.SaturatingRoundingDoublingHighMul(reciprocal, a.Exponentials[max - x[i]]);
                    value = Math.Clamp(FixedPoint.RoundingDivideByPowerOfTwo(product, shift) + min, min, -min - 1);
                }

                if (a.OutputIsInt16)
                {
                    ((short*)a.Output)[start + i] = (short)value;
                }
                else
                {
                    ((sbyte*)a.Output)[start + i] = (sbyte)value;
                }
            }
        }
    }

    private static void FillExponentials(byte* destination, Exponent a)
    {
        for (int i = 0; i < Differences && -i >= a.DifferenceMin; i++)
        {
            ((int*)destination)[i] = Exponential(in a, -i);
        }
    }

    private static int Exponential(in Exponent a, int difference) =>
        FixedPointExponential.OfNegative(FixedPoint.SaturatingRoundingDoublingHighMul(difference << a.LeftShift, a.Multiplier));

    // What goes into the table of exponentials.
    private struct Exponent
    {
        internal int Multiplier;
        internal int LeftShift;
        internal int DifferenceMin;
    }

    private struct Arguments
    {
        internal sbyte* Input;
        internal byte* Output;

        /// <summary>e to the power of each difference from the maximum, 0 to −255 steps of the input, in Q0.31.</summary>
        internal int* Exponentials;
        internal int Rows;
        internal int Depth;
        internal int DifferenceMin;
        internal bool OutputIsInt16;
    }
}
