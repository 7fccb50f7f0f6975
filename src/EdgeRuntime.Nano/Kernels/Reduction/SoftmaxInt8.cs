using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Softmax from int8 to int8 or int16, bit-exact with TensorFlow Lite's reference (its Softmax for quantized types).</summary>
    /// <remarks>The 256 exponentials of the differences are computed once, when the session is made.</remarks>
    internal sealed class SoftmaxInt8 : NanoKernel
    {
        // The sum of up to 4,095 exponentials is kept in Q12.19.
        private const int AccumulatorIntegerBits = 12;

        private readonly sbyte[] input;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int depth;
        private readonly int rows;
        private readonly int differenceMin;

        // By the distance below the maximum, 0 to 255 or to the farthest that counts.
        private readonly int[] exponentials;

        internal SoftmaxInt8(BindContext context)
        {
            input = context.InputInt8s(0);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            depth = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / depth;
            differenceMin = context.Operator.Int(SoftmaxRule.DifferenceMin);
            int multiplier = context.Operator.Int(SoftmaxRule.Multiplier);
            int leftShift = context.Operator.Int(SoftmaxRule.LeftShift);
            exponentials = new int[differenceMin > -255 ? 1 - differenceMin : 256];
            for (int distance = 0; distance < exponentials.Length; distance++)
            {
                int scaled = FixedPoint.SaturatingRoundingDoublingHighMul(-distance << leftShift, multiplier);
                exponentials[distance] = FixedPointExponential.OfNegative(scaled);
            }
        }

        internal override void Run()
        {
            sbyte[] x = input;
            int[] exponential = exponentials;
            int bits = output8 == null ? 16 : 8;
            int min = output8 == null ? short.MinValue : sbyte.MinValue;
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
                    int distance = max - x[i];
                    if (-distance >= differenceMin)
                    {
                        sum += FixedPoint.RoundingDivideByPowerOfTwo(exponential[distance], AccumulatorIntegerBits);
                    }
                }

                int headroom = LeadingZeros(sum);
                int reciprocal = FixedPointExponential.ReciprocalOfOnePlus((int)(((uint)sum << headroom) - 0x80000000u));

                // A shift ends at 31, so that from 512 nearly alike classes on each gets 1/256 (docs/numerics.md).
                int shift = AccumulatorIntegerBits - headroom + 31 - bits;
                shift = shift > 31 ? 31 : shift;
                for (int i = start; i < end; i++)
                {
                    int distance = max - x[i];
                    int value = min;
                    if (-distance >= differenceMin)
                    {
                        int product = FixedPoint.SaturatingRoundingDoublingHighMul(reciprocal, exponential[distance]);
                        value = FixedPoint.RoundingDivideByPowerOfTwo(product, shift) + min;
                        value = value < min ? min : value > -min - 1 ? -min - 1 : value;
                    }

                    if (output8 != null)
                    {
                        output8[i] = (sbyte)value;
                    }
                    else
                    {
                        output16[i] = (short)value;
                    }
                }
            }
        }

        private static int LeadingZeros(int value)
        {
            int zeros = 0;
            if (value == 0)
            {
                return 32;
            }

            while (value > 0)
            {
                value <<= 1;
                zeros++;
            }

            return zeros;
        }
    }
}
