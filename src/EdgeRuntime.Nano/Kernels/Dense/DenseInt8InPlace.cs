// Written from DenseInPlace.template by KernelTemplateTests.
using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Dense in int8, the weights read from the model file where they lie, or in chunks where it is not in RAM: slower than the
    /// packed form and without its RAM.
    /// </summary>
    internal sealed class DenseInt8InPlace : DenseRows
    {
        private readonly sbyte[] input;
        private readonly WeightChunks weights;
        private readonly int[] bias;
        private readonly int[] sums;
        private readonly Requantization requantization;
        private readonly ChannelFactors factors;

        // Null where nobody else uses the factors.
        private readonly int[] layer;

        internal DenseInt8InPlace(BindContext context, DenseShape shape, sbyte[] input)
            : base(context, shape)
        {
            this.input = input;
            weights = new WeightChunks(context, shape);
            bias = FoldedBias.Make(context, shape);
            sums = context.Sums(shape.Units);
            layer = ChannelFactors.Layer(context, shape, 0);
            factors = context.Factors(layer, shape.HasManyPlaces);
            requantization = new Requantization(context, shape, factors);
            layer = shape.HasManyPlaces ? layer : null;
        }

        internal override int Begin(int unit)
        {
            if (layer != null)
            {
                factors.Load(layer);
            }
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
            Array.Copy(bias, first, sums, first, end - first);
            GemvInt8.Add(weights.Bytes, weights.Start, Depth, Depth, input, start, sums, first, end);
            requantization.Store(sums, first, end, index);
        }

        internal override void Finish()
        {
            weights.Release();
        }
    }
}
