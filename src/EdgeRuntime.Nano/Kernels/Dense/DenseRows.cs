namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Rows of an array, each multiplied by the weights of a layer: Dense runs over the rows of its input, a convolution hands over
    /// one window after the other. Weights that are not in RAM are there for some units at a time.
    /// </summary>
    internal abstract class DenseRows : NanoKernel
    {
        private readonly int rows;
        private readonly int depth;
        private readonly int units;

        /// <param name="context">The operator.</param>
        /// <param name="shape">Its units.</param>
        protected DenseRows(BindContext context, DenseShape shape)
        {
            depth = shape.Depth;
            units = shape.Units;
            rows = context.Input(0).Elements / depth;
        }

        /// <summary>Gets ready the units from <paramref name="unit"/> on that <see cref="Row"/> computes; returns one past the last of them.</summary>
        internal virtual int Begin(int unit)
        {
            return units;
        }

        /// <summary>One row: from <paramref name="start"/> in the input to <paramref name="index"/> in the output.</summary>
        internal abstract void Row(int start, int index);

        /// <summary>What is left to do with the whole output after the last row.</summary>
        internal virtual void Finish()
        {
        }

        internal override void Run()
        {
            for (int unit = 0; unit < units;)
            {
                unit = Begin(unit);
                int start = 0;
                int index = 0;
                for (int row = 0; row < rows; row++)
                {
                    Row(start, index);
                    start += depth;
                    index += units;
                }
            }

            Finish();
        }
    }
}
