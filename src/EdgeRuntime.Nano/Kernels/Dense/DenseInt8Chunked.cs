// Written from DenseChunked.template by KernelTemplateTests.
using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Dense in int8 with weights that are not in RAM: they are read in chunks during each inference.</summary>
    internal sealed class DenseInt8Chunked : NanoKernel
    {
        private readonly sbyte[] input;
        private readonly WeightChunks chunks;
        private readonly int rows;
        private readonly int depth;
        private readonly int units;
        private readonly int[] bias;
        private readonly int[][] sums;
        private readonly Requantization requantization;

        internal DenseInt8Chunked(BindContext context)
        {
            TensorInfo tensor = context.Input(1);
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            rows = context.Input(0).Elements / depth;
            input = context.InputInt8s(0);
            chunks = new WeightChunks(context);
            bias = Bias(context);
            sums = new int[rows][];
            for (int row = 0; row < rows; row++)
            {
                sums[row] = new int[units];
            }

            requantization = new Requantization(context, DenseShape.Of(context));
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                Array.Copy(bias, sums[row], units);
            }

            for (int unit = 0; unit < units; unit += chunks.Units)
            {
                for (int column = 0; column < depth; column += chunks.Columns)
                {
                    byte[] w = chunks.Read(unit, column);
                    int columns = chunks.ColumnsFrom(column);
                    for (int row = 0; row < rows; row++)
                    {
                        GemvInt8.Add(w, 0, columns, columns, input, (row * depth) + column, sums[row], unit, unit + chunks.UnitsFrom(unit));
                    }
                }
            }

            for (int row = 0; row < rows; row++)
            {
                requantization.Store(sums[row], row * units);
            }
        }

        // As FoldedBias, with the weights read in chunks.
        private int[] Bias(BindContext context)
        {
            int[] folded = new int[units];
            int zeroPoint = context.Input(0).ZeroPoint;
            for (int unit = 0; unit < units; unit += chunks.Units)
            {
                for (int column = 0; column < depth; column += chunks.Columns)
                {
                    byte[] w = chunks.Read(unit, column);
                    int count = chunks.UnitsFrom(unit);
                    int columns = chunks.ColumnsFrom(column);
                    for (int i = 0; i < count * columns; i++)
                    {
                        folded[unit + (i / columns)] -= zeroPoint * (sbyte)w[i];
                    }
                }
            }

            if (context.Operator.HasInput(2))
            {
                int[] stored = (int[])context.InputElements(2);
                for (int unit = 0; unit < units; unit++)
                {
                    folded[unit] += stored[unit];
                }
            }

            return folded;
        }
    }
}
