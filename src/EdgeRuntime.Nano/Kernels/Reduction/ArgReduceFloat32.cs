using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>ArgMax and ArgMin in float32; a NaN wins.</summary>
    internal sealed class ArgReduceFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int inner = 1;
        private readonly int size;
        private readonly int outer;
        private readonly bool smallest;
        private readonly bool last;

        internal ArgReduceFloat32(BindContext context)
        {
            TensorInfo x = context.Input(0);
            int axis = context.Operator.Int(ArgReduceRule.Axis);
            for (int i = axis + 1; i < x.Rank; i++)
            {
                inner *= x.Dimension(i);
            }

            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            size = x.Dimension(axis);
            outer = x.Elements / inner / size;
            smallest = context.Operator.Int(ArgReduceRule.Smallest) != 0;
            last = context.Operator.Int(ArgReduceRule.Last) != 0;
        }

        internal override void Run()
        {
            int index = 0;
            for (int i = 0; i < outer; i++)
            {
                for (int k = 0; k < inner; k++)
                {
                    output[index] = Find((i * size * inner) + k);
                    index++;
                }
            }
        }

        private int Find(int from)
        {
            float[] x = input;
            int step = inner;
            int n = size;
            bool takesSmaller = smallest;
            bool takesEqual = last;
            float best = x[from];
            int index = 0;
            for (int i = 1; i < n; i++)
            {
                from += step;
                float value = x[from];
                float difference = takesSmaller ? best - value : value - best;
                if (best == best && (value != value || (0f < difference && difference == difference) || (takesEqual && value == best)))
                {
                    best = value;
                    index = i;
                }
            }

            return index;
        }
    }
}
