using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>The windows of a pooling along one axis, known before any inference.</summary>
    internal sealed class PoolAxis
    {
        internal PoolAxis(OperatorRecord record, int axis, int size, int outputs)
        {
            int kernel = record.Int(PoolRule.Kernel + axis);
            int stride = record.Int(PoolRule.Stride + axis);
            int pad = record.Int(PoolRule.Pad + axis);
            int padEnd = record.Int(PoolRule.PadEnd + axis);
            Step = record.Int(PoolRule.Dilation + axis);
            Size = size;
            First = new int[outputs];
            Within = new int[outputs];
            WithinPads = new int[outputs];
            for (int i = 0; i < outputs; i++)
            {
                int start = (i * stride) - pad;
                int skipped = start < 0 ? (Step - 1 - start) / Step : 0;
                First[i] = start + (skipped * Step);
                Within[i] = Count(start, size, kernel) - (skipped < kernel ? skipped : kernel);
                Within[i] = Within[i] < 0 ? 0 : Within[i];
                WithinPads[i] = Count(start, size + padEnd, kernel);
            }
        }

        /// <summary>Elements of the input.</summary>
        internal readonly int Size;

        /// <summary>From one element of a window to the next.</summary>
        internal readonly int Step;

        /// <summary>For each output: its window's first element that is not before the input.</summary>
        internal readonly int[] First;

        /// <summary>For each output: elements of its window within the input, from <see cref="First"/> on.</summary>
        internal readonly int[] Within;

        /// <summary>For each output: elements of its window within the input and its pads.</summary>
        internal readonly int[] WithinPads;

        // Elements of a window before the end of the input.
        private int Count(int start, int end, int kernel)
        {
            int count = start >= end ? 0 : ((end - 1 - start) / Step) + 1;
            return count < kernel ? count : kernel;
        }
    }
}
