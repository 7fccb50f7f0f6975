namespace EdgeInference.Nano.Kernels
{
    /// <summary>The walk over two float32 tensors with broadcasting, one row of the output after the other; what a pair gives is the operator's.</summary>
    internal abstract class BroadcastFloat32 : NanoKernel
    {
        private readonly float[] a;
        private readonly float[] b;
        private readonly float[] output;
        private readonly StridedWalk walk;

        protected BroadcastFloat32(BindContext context)
        {
            a = context.InputFloats(0);
            b = context.InputFloats(1);
            output = context.OutputFloats(0);
            walk = new StridedWalk(context.Output(), new int[][] { StridedWalk.Broadcast(context.Input(0), context.Output()), StridedWalk.Broadcast(context.Input(1), context.Output()) });
        }

        internal override void Run()
        {
            int index = 0;
            do
            {
                RunRow(a, b, output, walk.Offsets[0], walk.Offsets[1], walk.RowSteps[0], walk.RowSteps[1], index, index + walk.RowLength);
                index += walk.RowLength;
            }
            while (walk.Next());
        }

        /// <summary>Writes the outputs from <paramref name="index"/> to before <paramref name="end"/>.</summary>
        /// <param name="left">The first tensor.</param>
        /// <param name="right">The second.</param>
        /// <param name="y">The output.</param>
        /// <param name="offsetA">Where the row begins in the first.</param>
        /// <param name="offsetB">Where it begins in the second.</param>
        /// <param name="stepA">Elements from one of the row to the next in the first, 0 where it repeats.</param>
        /// <param name="stepB">The same in the second.</param>
        /// <param name="index">The first output.</param>
        /// <param name="end">One past the last.</param>
        protected abstract void RunRow(float[] left, float[] right, float[] y, int offsetA, int offsetB, int stepA, int stepB, int index, int end);
    }
}
