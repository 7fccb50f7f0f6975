using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>CumSum in float32; what each addition rounds away is kept beside the sum.</summary>
    internal sealed class CumSumFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int inner = 1;
        private readonly int size;
        private readonly int outer;
        private readonly bool exclusive;
        private readonly bool reverse;

        internal CumSumFloat32(BindContext context)
        {
            TensorInfo x = context.Input(0);
            int axis = context.Operator.Int(CumSumRule.Axis);
            for (int i = axis + 1; i < x.Rank; i++)
            {
                inner *= x.Dimension(i);
            }

            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            size = x.Dimension(axis);
            outer = x.Elements / inner / size;
            exclusive = context.Operator.Int(CumSumRule.Exclusive) != 0;
            reverse = context.Operator.Int(CumSumRule.Reverse) != 0;
        }

        internal override void Run()
        {
            int first = reverse ? (size - 1) * inner : 0;
            for (int i = 0; i < outer; i++)
            {
                for (int k = 0; k < inner; k++)
                {
                    Sum(first + k);
                }

                first += size * inner;
            }
        }

        // Each addition's error is exact: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
        private void Sum(int at)
        {
            float[] x = input;
            float[] y = output;
            int step = reverse ? -inner : inner;
            bool leavesOut = exclusive;
            bool isLarge = size > FloatSums.Large;
            float sum = 0f;
            float error = 0f;
            for (int i = 0; i < size; i++)
            {
                float value = x[at];
                float after = sum + value;
                float added = after - sum;
                float rest = error + (sum - (after - added)) + (value - added);
                float shown = leavesOut ? sum : after;
                float lost = leavesOut ? error : rest;

                // An infinite sum leaves no error that is a number.
                y[at] = lost - lost == 0f ? shown + lost : shown;
                sum = after;
                error = rest;
                float both = sum + error;
                if (isLarge && both - both == 0f)
                {
                    // What is lost stays so small that adding it up loses nothing.
                    error -= both - sum;
                    sum = both;
                }

                at += step;
            }
        }
    }
}
