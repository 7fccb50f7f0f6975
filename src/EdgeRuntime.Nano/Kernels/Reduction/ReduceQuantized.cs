using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Sum, Mean, Max and Min of int8 or int16 over some axes; sums are int32, which ReduceRule proves to hold them, and requantized once.</summary>
    internal sealed class ReduceQuantized : NanoKernel
    {
        private readonly sbyte[] input8;
        private readonly short[] input16;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int[] totals;
        private readonly ReduceKind kind;
        private readonly int zeroPoints;
        private readonly int zeroPoint;
        private readonly int multiplier;
        private readonly int shift;
        private readonly StridedWalk walk;

        internal ReduceQuantized(BindContext context)
        {
            TensorInfo x = context.Input(0);
            TensorInfo output = context.Output();
            input8 = context.InputElements(0) as sbyte[];
            input16 = context.InputElements(0) as short[];
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            totals = new int[output.Elements];
            kind = (ReduceKind)context.Operator.Int(ReduceRule.Kind);
            zeroPoints = x.ZeroPoint * (x.Elements / output.Elements);
            zeroPoint = output.ZeroPoint;
            multiplier = context.Operator.Int(ReduceRule.Multiplier);
            shift = context.Operator.Int(ReduceRule.Shift);
            walk = ReduceSteps.Walk(context);
        }

        internal override void Run()
        {
            bool isSum = kind == ReduceKind.Sum || kind == ReduceKind.Mean;
            int initial = isSum ? 0 : kind == ReduceKind.Max ? int.MinValue : int.MaxValue;
            for (int i = 0; i < totals.Length; i++)
            {
                totals[i] = initial;
            }

            Collect();
            int limit = output8 != null ? 127 : 32767;
            for (int i = 0; i < totals.Length; i++)
            {
                // Clamped before the zero point is added, so that the sum cannot leave int32.
                int zero = isSum ? zeroPoint : 0;
                int value = isSum ? FixedPoint.Requantize(totals[i] - zeroPoints, multiplier, shift) : totals[i];
                value = (value > limit - zero ? limit - zero : value < -limit - 1 - zero ? -limit - 1 - zero : value) + zero;
                if (output8 != null)
                {
                    output8[i] = (sbyte)value;
                }
                else
                {
                    output16[i] = (short)value;
                }
            }
        }

        private void Collect()
        {
            sbyte[] x8 = input8;
            short[] x16 = input16;
            int[] t = totals;
            bool isMax = kind == ReduceKind.Max;
            bool isMin = kind == ReduceKind.Min;
            int step = walk.RowSteps[0];
            int index = 0;
            do
            {
                int to = walk.Offsets[0];
                for (int end = index + walk.RowLength; index < end; index++)
                {
                    int value = x8 != null ? x8[index] : x16[index];
                    if (isMax)
                    {
                        t[to] = value > t[to] ? value : t[to];
                    }
                    else if (isMin)
                    {
                        t[to] = value < t[to] ? value : t[to];
                    }
                    else
                    {
                        t[to] += value;
                    }

                    to += step;
                }
            }
            while (walk.Next());
        }
    }
}
