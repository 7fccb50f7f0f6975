// Written from DenseInPlace.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense with int16 activations and int8 weights, the weights read from the model file where they lie, or in chunks where it is not in RAM: slower than the
    /// packed form and without its RAM.
    /// </summary>
    internal sealed class DenseInt16InPlace : DenseRows
    {
        private readonly short[] input;
        private readonly WeightChunks weights;
        private readonly long[] bias;
        private readonly long[] sums;
        private readonly RequantizationInt64 requantization;
        private readonly int halves;

        internal DenseInt16InPlace(BindContext context, DenseShape shape, short[] input)
            : base(context, shape)
        {
            this.input = input;
            weights = new WeightChunks(context, shape);
            bias = RequantizationInt64.Bias(context, shape, shape.Units);
            halves = shape.Halves;
            sums = context.Lanes(shape.Units * halves);
            requantization = new RequantizationInt64(context, shape);
        }

        internal override int Begin(int unit)
        {
            if (weights.IsChunked)
            {
                weights.Read(unit);
            }

            return weights.End;
        }

        internal override void Row(int start, int index)
        {
            int first = weights.First;
            int end = weights.End;
            if (halves == 2)
            {
                Array.Clear(sums, 2 * first, 2 * (end - first));
                GemvInt16.Add(weights.Bytes, weights.Start, Depth, Depth, input, start, sums, 2 * first, 2 * end);
                WeightHalves.Join(sums, bias, first, end);
                requantization.Store(sums, first, end, index);
                return;
            }

            Array.Copy(bias, first, sums, first, end - first);
            GemvInt16.Add(weights.Bytes, weights.Start, Depth, Depth, input, start, sums, first, end);
            requantization.Store(sums, first, end, index);
        }

        internal override void Finish()
        {
            weights.Release();
        }
    }
}
