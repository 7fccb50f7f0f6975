// Written from DenseChunked.template by KernelTemplateTests.
using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Dense with int16 activations and int8 weights that are not in RAM: they are read in chunks during each inference.</summary>
    internal sealed class DenseInt16Chunked : NanoKernel
    {
        private readonly short[] input;
        private readonly WeightChunks chunks;
        private readonly int rows;
        private readonly int depth;
        private readonly int units;
        private readonly long[] bias;
        private readonly long[][] sums;
        private readonly RequantizationInt64 requantization;

        internal DenseInt16Chunked(BindContext context)
        {
            TensorInfo tensor = context.Input(1);
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            rows = context.Input(0).Elements / depth;
            input = context.InputInt16s(0);
            chunks = new WeightChunks(context);
            bias = RequantizationInt64.Bias(context, DenseShape.Of(context), units);
            sums = new long[rows][];
            for (int row = 0; row < rows; row++)
            {
                sums[row] = new long[units];
            }

            requantization = new RequantizationInt64(context, DenseShape.Of(context));
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
                        GemvInt16.Add(w, 0, columns, columns, input, (row * depth) + column, sums[row], unit, unit + chunks.UnitsFrom(unit));
                    }
                }
            }

            for (int row = 0; row < rows; row++)
            {
                requantization.Store(sums[row], row * units);
            }
        }
    }
}
