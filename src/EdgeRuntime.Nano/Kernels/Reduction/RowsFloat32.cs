namespace EdgeInference.Nano.Kernels
{
    /// <summary>The walk over the rows of a float32 tensor along its last axis, each of which gives a row of the same length.</summary>
    internal abstract class RowsFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int depth;
        private readonly int rows;

        protected RowsFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = (float[])context.OutputElements();
            depth = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / depth;
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                RunRow(input, output, row * depth, (row + 1) * depth);
            }
        }

        /// <summary>Writes the elements of <paramref name="y"/> from <paramref name="start"/> to before <paramref name="end"/>, of those of <paramref name="x"/>.</summary>
        protected abstract void RunRow(float[] x, float[] y, int start, int end);
    }
}
