using System;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>ConvTranspose in int8: int32 sums of a whole image, which are requantized as Conv's are.</summary>
    internal sealed class ConvTransposeInt8 : ConvTranspose
    {
        private readonly sbyte[] input;
        private readonly int[] bias;
        private readonly int[] sums;
        private readonly int[] place;
        private readonly int[] dots;
        private readonly byte[] bytes;

        // Where the weights of each element of the window and each group begin, and the bytes from a unit's to the next one's.
        private readonly int[] weights;
        private readonly int unitStride;
        private readonly int depth;
        private readonly int[][] starts;
        private readonly int groups;
        private readonly Requantization requantization;

        internal ConvTransposeInt8(BindContext context, WindowGeometry geometry)
            : base(geometry)
        {
            input = context.InputInt8s(0);
            bias = context.Operator.HasInput(2) ? (int[])context.InputElements(2) : new int[geometry.Units];
            sums = new int[ImageElements];
            place = new int[geometry.Units];
            groups = geometry.Groups;
            dots = new int[geometry.UnitsPerGroup];
            DenseShape shape = DenseShape.Of(context);
            ChannelFactors factors = context.Factors(ChannelFactors.Layer(context, shape, 0), false);
            requantization = new Requantization(context, shape, factors);
            bytes = context.FileBytes;
            depth = geometry.ChannelsPerGroup;
            int window = geometry.KernelHeight * geometry.KernelWidth;
            unitStride = window * depth;
            weights = new int[window * groups];
            starts = new int[weights.Length][];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = context.Input(1).Offset + MatrixOffset(geometry, i / groups, i % groups);
                starts[i] = Starts(weights[i], context.Input(0).ZeroPoint);
            }
        }

        protected override void Begin(int index)
        {
            for (int i = 0; i < sums.Length; i += bias.Length)
            {
                Array.Copy(bias, 0, sums, i, bias.Length);
            }
        }

        protected override void Add(int element, int group, int from, int to)
        {
            int[] d = dots;
            int[] s = sums;
            int n = d.Length;
            int slot = (element * groups) + group;
            Array.Copy(starts[slot], d, n);
            GemvInt8.Add(bytes, weights[slot], unitStride, depth, input, from, d, 0, n);
            for (int i = 0; i < n; i++)
            {
                s[to] += d[i];
                to++;
            }
        }

        protected override void End(int index)
        {
            for (int i = 0; i < sums.Length; i += place.Length)
            {
                Array.Copy(sums, i, place, 0, place.Length);
                requantization.Store(place, 0, place.Length, index + i);
            }
        }

        // Σ w(x − z) = Σ wx − z Σ w.
        private int[] Starts(int offset, int zeroPoint)
        {
            int[] folded = new int[dots.Length];
            for (int unit = 0; unit < folded.Length; unit++)
            {
                int k = offset + (unit * unitStride);
                for (int end = k + depth; k < end; k++)
                {
                    folded[unit] -= zeroPoint * (sbyte)bytes[k];
                }
            }

            return folded;
        }
    }
}
