using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Add, Sub and Mul of two int8 or int16 tensors with broadcasting. What an int8 operand of Add or Sub comes to before the sum is
    /// a table of its 256 values, made when the session is.
    /// </summary>
    internal sealed class BinaryQuantized : NanoKernel
    {
        private const int Entries = 256;

        private readonly sbyte[] a8;
        private readonly sbyte[] b8;
        private readonly short[] a16;
        private readonly short[] b16;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int[] tableA;
        private readonly int[] tableB;
        private readonly int zeroPointA;
        private readonly int zeroPointB;
        private readonly int zeroPoint;
        private readonly int multiplierA;
        private readonly int shiftA;
        private readonly int multiplierB;
        private readonly int shiftB;
        private readonly int multiplier;
        private readonly int shift;
        private readonly int min;
        private readonly int max;
        private readonly bool isMul;
        private readonly bool isSub;
        private readonly int[] sums;
        private readonly StridedWalk walk;

        internal BinaryQuantized(BindContext context)
        {
            OperatorRecord record = context.Operator;
            a8 = context.InputElements(0) as sbyte[];
            b8 = context.InputElements(1) as sbyte[];
            a16 = context.InputElements(0) as short[];
            b16 = context.InputElements(1) as short[];
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            zeroPointA = context.Input(0).ZeroPoint;
            zeroPointB = context.Input(1).ZeroPoint;
            zeroPoint = context.Output().ZeroPoint;
            multiplierA = record.Int(BinaryRule.MultiplierA);
            shiftA = record.Int(BinaryRule.ShiftA);
            multiplierB = record.Int(BinaryRule.MultiplierB);
            shiftB = record.Int(BinaryRule.ShiftB);
            multiplier = record.Int(BinaryRule.Multiplier);
            shift = record.Int(BinaryRule.Shift);
            min = record.Int(BinaryRule.Min);
            max = record.Int(BinaryRule.Max);
            isMul = record.Opcode == Opcode.Mul;
            isSub = record.Opcode == Opcode.Sub;
            if (a8 != null && !isMul)
            {
                tableA = Table(zeroPointA, multiplierA, shiftA, false);
                tableB = Table(zeroPointB, multiplierB, shiftB, isSub);
            }

            walk = new StridedWalk(context.Output(), new int[][] { StridedWalk.Broadcast(context.Input(0), context.Output()), StridedWalk.Broadcast(context.Input(1), context.Output()) });
            sums = new int[walk.RowLength];
        }

        internal override void Run()
        {
            int index = 0;
            do
            {
                int offsetA = walk.Offsets[0];
                int offsetB = walk.Offsets[1];
                if (isMul)
                {
                    Multiply(offsetA, offsetB);
                }
                else if (a8 != null)
                {
                    Add8(offsetA, offsetB);
                }
                else
                {
                    Add16(offsetA, offsetB);
                }

                Store(index);
                index += walk.RowLength;
            }
            while (walk.Next());
        }

        private static int[] Table(int zeroPoint, int multiplier, int shift, bool negates)
        {
            int[] table = new int[Entries];
            int left = BinaryRule.LeftShiftOf(TensorType.Int8);
            for (int i = 0; i < Entries; i++)
            {
                int value = FixedPoint.Requantize((i - 128 - zeroPoint) << left, multiplier, shift);
                table[i] = negates ? -value : value;
            }

            return table;
        }

        private void Multiply(int offsetA, int offsetB)
        {
            int[] s = sums;
            int n = s.Length;
            int stepA = walk.RowSteps[0];
            int stepB = walk.RowSteps[1];
            int zeroA = zeroPointA;
            int zeroB = zeroPointB;
            if (a8 != null)
            {
                sbyte[] left = a8;
                sbyte[] right = b8;
                for (int i = 0; i < n; i++, offsetA += stepA, offsetB += stepB)
                {
                    s[i] = (left[offsetA] - zeroA) * (right[offsetB] - zeroB);
                }

                return;
            }

            short[] left16 = a16;
            short[] right16 = b16;
            for (int i = 0; i < n; i++, offsetA += stepA, offsetB += stepB)
            {
                s[i] = (left16[offsetA] - zeroA) * (right16[offsetB] - zeroB);
            }
        }

        private void Add8(int offsetA, int offsetB)
        {
            int[] s = sums;
            int n = s.Length;
            int stepA = walk.RowSteps[0];
            int stepB = walk.RowSteps[1];
            sbyte[] left = a8;
            sbyte[] right = b8;
            int[] leftTable = tableA;
            int[] rightTable = tableB;
            for (int i = 0; i < n; i++, offsetA += stepA, offsetB += stepB)
            {
                s[i] = leftTable[left[offsetA] + 128] + rightTable[right[offsetB] + 128];
            }
        }

        private void Add16(int offsetA, int offsetB)
        {
            int[] s = sums;
            int n = s.Length;
            int stepA = walk.RowSteps[0];
            int stepB = walk.RowSteps[1];
            short[] left = a16;
            short[] right = b16;
            int shifted = BinaryRule.LeftShiftOf(TensorType.Int16);
            for (int i = 0; i < n; i++, offsetA += stepA, offsetB += stepB)
            {
                int x = FixedPoint.Requantize((left[offsetA] - zeroPointA) << shifted, multiplierA, shiftA);
                int y = FixedPoint.Requantize((right[offsetB] - zeroPointB) << shifted, multiplierB, shiftB);
                s[i] = isSub ? x - y : x + y;
            }
        }

        // The steps of FixedPoint.Requantize written out in one loop; the multiplier is not negative, so nothing saturates.
        private void Store(int index)
        {
            int[] s = sums;
            int n = s.Length;
            long m = multiplier;
            int left = shift > 0 ? shift : 0;
            int right = shift < 0 ? -shift : 0;
            long half = right == 0 ? 0L : 1L << (right - 1);
            int zero = zeroPoint;
            int low = min - zero;
            int high = max - zero;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            for (int i = 0; i < n; i++)
            {
                long product = s[i];
                if (left != 0)
                {
                    product <<= left;
                    product = product > int.MaxValue ? int.MaxValue : product < int.MinValue ? int.MinValue : product;
                }

                product = ((product * m) + 0x40000000L) >> 31;
                if (right != 0)
                {
                    product = (product + half + (product >> 63)) >> right;
                }

                int value = (int)product;
                if (value < low)
                {
                    value = low;
                }
                else if (value > high)
                {
                    value = high;
                }

                value += zero;

                if (y8 != null)
                {
                    y8[index] = (sbyte)value;
                }
                else
                {
                    y16[index] = (short)value;
                }

                index++;
            }
        }
    }
}
