using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>MaxPool and AveragePool of int8 or int16; a mean is rounded, ties away from zero.</summary>
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

        internal PoolQuantized(BindContext context)
            : base(context)
        {
            input8 = context.InputElements(0) as sbyte[];
            input16 = context.InputElements(0) as short[];
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            totals = new int[Channels];
            zeroPoint = context.Input(0).ZeroPoint;
            min = context.Operator.Int(PoolRule.Min);
            max = context.Operator.Int(PoolRule.Min + 1);
        }

        protected override void Begin(int index)
        {
            int[] t = totals;
            int initial = IsMax ? int.MinValue : 0;
            for (int i = 0; i < t.Length; i++)
            {
                t[i] = initial;
            }
        }

        protected override void Add(int offset, int count, int step, int index)
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

        protected override void End(int index, int within, int counted)
        {
            int[] t = totals;
            int n = t.Length;
            int low = min;
            int high = max;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            bool isMean = !IsMax;
            int half = counted / 2;

            // An element of padding is the zero point, which stands for 0.
            int padding = (counted - within) * zeroPoint;
            for (int i = 0; i < n; i++)
            {
                int value = t[i];
                if (isMean)
                {
                    value += padding;
                    value = counted == 0 ? 0 : (value > 0 ? value + half : value - half) / counted;
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
    }
}
