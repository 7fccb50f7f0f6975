using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>MaxPool and AveragePool of int8 or int16; a mean is rounded, ties away from zero. A window whose sum int32 does not hold is added in parts.</summary>
    internal sealed partial class PoolQuantized : Pool
    {
        private readonly sbyte[] input8;
        private readonly short[] input16;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int[] totals;
        private readonly int zeroPoint;
        private readonly int min;
        private readonly int max;

        // For windows of more than so many elements.
        private readonly int most;
        private readonly long[] wideTotals;
        private int room;

        internal PoolQuantized(BindContext context)
            : base(context)
        {
            input8 = context.InputElements(0) as sbyte[];
            input16 = context.InputElements(0) as short[];
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            totals = context.Sums(Channels);
            zeroPoint = context.Input(0).ZeroPoint;
            min = context.Operator.Int(PoolRule.Min);
            max = context.Operator.Int(PoolRule.Min + 1);
            most = IsMax ? int.MaxValue : FixedPoint.MostOfMean(input8 != null ? sbyte.MinValue : short.MinValue);
            if ((long)context.Operator.Int(PoolRule.Kernel) * context.Operator.Int(PoolRule.Kernel + 1) > most)
            {
                wideTotals = new long[Channels];
            }
        }

        protected override void Begin(int index)
        {
            int[] t = totals;
            int initial = IsMax ? int.MinValue : 0;
            for (int i = 0; i < Channels; i++)
            {
                t[i] = initial;
            }

            if (wideTotals != null)
            {
                room = most;
                for (int i = 0; i < Channels; i++)
                {
                    wideTotals[i] = 0;
                }
            }
        }

        protected override void Add(int offset, int count, int step, int index)
        {
            if (wideTotals == null)
            {
                Add(offset, count, step);
                return;
            }

            while (count > 0)
            {
                if (room == 0)
                {
                    Empty();
                }

                int part = count < room ? count : room;
                Add(offset, part, step);
                offset += part * step;
                count -= part;
                room -= part;
            }
        }

        private void Add(int offset, int count, int step)
        {
            if (input8 != null)
            {
                Add8(input8, offset, count, step);
            }
            else
            {
                Add16(input16, offset, count, step);
            }
        }

        // What int32 holds of the sums goes on to int64.
        private void Empty()
        {
            int[] t = totals;
            for (int i = 0; i < Channels; i++)
            {
                wideTotals[i] += t[i];
                t[i] = 0;
            }

            room = most;
        }

        protected override void End(int index, int within, int counted)
        {
            if (counted > most)
            {
                Empty();
                Means(within, counted);
                counted = 1;
                within = 1;
            }

            int[] t = totals;
            int n = Channels;
            int low = min;
            int high = max;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            bool isMean = !IsMax;
            int half = counted / 2;

            // An element of padding is the zero point, which stands for 0, and so is the mean of nothing.
            int padding = (counted - within) * zeroPoint;
            for (int i = 0; i < n; i++)
            {
                int value = t[i];
                if (isMean)
                {
                    value += padding;
                    value = counted == 0 ? zeroPoint : (value > 0 ? value + half : value - half) / counted;
                }

                if (value < low)
                {
                    value = low;
                }
                else if (value > high)
                {
                    value = high;
                }

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

        // Means of wide windows, as totals of one element.
        private void Means(int within, int counted)
        {
            long padding = (counted - within) * (long)zeroPoint;
            int half = counted / 2;
            for (int i = 0; i < Channels; i++)
            {
                long total = wideTotals[i] + padding;
                totals[i] = (int)((total > 0 ? total + half : total - half) / counted);
            }
        }
    }
}
