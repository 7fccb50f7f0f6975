namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Rows of an array, each multiplied by the weights of a layer: Dense runs over the rows of its input, a convolution hands over
    /// one window after the other. Weights that are not in RAM are there for some units at a time.
    /// </summary>
    internal abstract class DenseRows : NanoKernel
    {
        private readonly int rows;

        /// <summary>Products that a unit sums.</summary>
        protected readonly int Depth;

        /// <summary>Number of units.</summary>
        protected readonly int Units;

        /// <param name="context">The operator.</param>
        /// <param name="shape">Its units.</param>
        protected DenseRows(BindContext context, DenseShape shape)
        {
            Depth = shape.Depth;
            Units = shape.Units;
            rows = context.Input(0).Elements / Depth;
        }

        /// <summary>Gets ready the units from <paramref name="unit"/> on that <see cref="Row"/> computes; returns one past the last of them.</summary>
        internal virtual int Begin(int unit)
        {
            return Units;
        }

        /// <summary>One row: from <paramref name="start"/> in the input to <paramref name="index"/> in the output.</summary>
        internal abstract void Row(int start, int index);

        /// <summary>What is left to do with the whole output after the last row.</summary>
        internal virtual void Finish()
        {
        }

        internal override void Run()
        {
            for (int unit = 0; unit < Units;)
            {
                unit = Begin(unit);
                int start = 0;
                int index = 0;
                for (int row = 0; row < rows; row++)
                {
                    Row(start, index);
                    start += Depth;
                    index += Units;
                }
            }

            Finish();
        }
    }
}
