using System;
using ModelFormat.Rules;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>ConvTranspose in int8: int32 sums of a whole image, which are requantized as Conv's are.</summary>
    internal sealed class ConvTransposeInt8 : ConvTranspose
    {
        private readonly sbyte[] input;
        private readonly int[] bias;
        private readonly int[] sums;
        private readonly int[] place;
        private readonly int[] dots;
        private readonly Int8Matrix[] matrices;
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
            requantization = new Requantization(context, 0, geometry.Units, 3, 5, DenseRule.Min);
            int window = geometry.KernelHeight * geometry.KernelWidth;
            matrices = new Int8Matrix[window * groups];
            starts = new int[matrices.Length][];
            for (int i = 0; i < matrices.Length; i++)
            {
                matrices[i] = new Int8Matrix(
                    context.FileBytes,
                    context.Input(1).Offset + MatrixOffset(geometry, i / groups, i % groups),
                    window * geometry.ChannelsPerGroup,
                    geometry.UnitsPerGroup,
                    geometry.ChannelsPerGroup);

                // Σ w(x − z) = Σ wx − z Σ w.
                starts[i] = new int[geometry.UnitsPerGroup];
                for (int unit = 0; unit < starts[i].Length; unit++)
                {
                    starts[i][unit] = -(context.Input(0).ZeroPoint * matrices[i].Sum(unit));
                }
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
            matrices[slot].Accumulate(input, from, d);
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
                requantization.Store(place, index + i);
            }
        }
    }
}
