// Written from DenseInPlace.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense with int16 activations and int8 weights, the weights read from the model file where they lie: slower than the packed form and without its RAM.
    /// </summary>
    internal sealed class DenseInt16InPlace : DenseRows
    {
        private readonly short[] input;
        private readonly byte[] bytes;
        private readonly int weights;
        private readonly int depth;
        private readonly long[] bias;
        private readonly long[] sums;
        private readonly RequantizationInt64 requantization;

        internal DenseInt16InPlace(BindContext context, DenseShape shape, short[] input)
            : base(context, shape)
        {
            this.input = input;
            bytes = context.FileBytes;
            weights = shape.WeightsOffset;
            depth = shape.Depth;
            bias = RequantizationInt64.Bias(context, shape, shape.Units);
            sums = new long[shape.Units];
            requantization = new RequantizationInt64(context, shape);
        }

        internal override void Row(int start, int index)
        {
            Array.Copy(bias, sums, bias.Length);
            GemvInt16.Add(bytes, weights, depth, depth, input, start, sums, 0, bias.Length);
            requantization.Store(sums, index);
        }
    }
}
