using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>For each element of a tensor, in order, the element of its reduction that it belongs to.</summary>
    internal static class ReduceSteps
    {
        /// <summary>The walk over the input of a Reduce; its array is the output.</summary>
        internal static StridedWalk Walk(BindContext context)
        {
            TensorInfo x = context.Input(0);
            int axes = context.Operator.Int(ReduceRule.Axes);
            int[] steps = new int[x.Rank];
            int step = 1;
            for (int axis = x.Rank - 1; axis >= 0; axis--)
            {
                if ((axes & (1 << axis)) == 0)
                {
                    steps[axis] = step;
                    step *= x.Dimension(axis);
                }
            }

            return new StridedWalk(x, new int[][] { steps });
        }
    }
}
