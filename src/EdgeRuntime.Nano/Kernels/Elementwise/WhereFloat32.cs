using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Where in float32, with broadcasting.</summary>
    internal sealed class WhereFloat32 : NanoKernel
    {
        private readonly float[] condition;
        private readonly float[] a;
        private readonly float[] b;
        private readonly float[] output;
        private readonly StridedWalk walk;

        internal WhereFloat32(BindContext context)
        {
            condition = context.InputFloats(0);
            a = context.InputFloats(1);
            b = context.InputFloats(2);
            output = context.OutputFloats(0);
            int[][] steps = new int[3][];
            for (int i = 0; i < steps.Length; i++)
            {
                steps[i] = StridedWalk.Broadcast(context.Input(i), context.Output());
            }

            walk = new StridedWalk(context.Output(), steps);
        }

        internal override void Run()
        {
            float[] chooser = condition;
            float[] left = a;
            float[] right = b;
            float[] y = output;
            int[] offsets = walk.Offsets;
            int[] steps = walk.RowSteps;
            int index = 0;
            do
            {
                int from = offsets[0];
                int fromA = offsets[1];
                int fromB = offsets[2];
                int step = steps[0];
                int stepA = steps[1];
                int stepB = steps[2];
                for (int end = index + walk.RowLength; index < end; index++)
                {
                    y[index] = chooser[from] != 0f ? left[fromA] : right[fromB];
                    from += step;
                    fromA += stepA;
                    fromB += stepB;
                }
            }
            while (walk.Next());
        }
    }
}
