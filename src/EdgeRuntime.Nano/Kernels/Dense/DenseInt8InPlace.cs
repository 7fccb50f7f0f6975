// Written from DenseInPlace.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense in int8, the weights read from the model file where they lie: slower than the packed form and without its RAM.
    /// </summary>
    internal sealed class DenseInt8InPlace : DenseRows
    {
        private readonly sbyte[] input;
        private readonly byte[] bytes;
        private readonly int weights;
        private readonly int depth;
        private readonly int[] bias;
        private readonly int[] sums;
        private readonly Requantization requantization;

        internal DenseInt8InPlace(BindContext context, DenseShape shape, sbyte[] input)
            : base(context, shape)
        {
            this.input = input;
            bytes = context.FileBytes;
            weights = shape.WeightsOffset;
            depth = shape.Depth;
            bias = FoldedBias.Make(context, shape, shape.Units);
            sums = new int[shape.Units];
            requantization = new Requantization(context, shape);
        }

        internal override void Row(int start, int index)
        {
            Array.Copy(bias, sums, bias.Length);
            GemvInt8.Add(bytes, weights, depth, depth, input, start, sums, 0, bias.Length);
            requantization.Store(sums, index);
        }
    }
}
