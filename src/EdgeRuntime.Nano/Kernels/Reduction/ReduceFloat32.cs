using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Reduce in float32. Sums carry their rounding errors along (Knuth's two-sum), so that they come out as in double precision,
    /// rounded once; a square that exceeds float32 is infinite here. Products keep powers of two aside, so that
    /// none of factors between 2^-62 and 2^63 leaves its range on the way.
    /// </summary>
    internal sealed class ReduceFloat32 : NanoKernel
    {
        // 2^64 and what undoes it.
        private const float Large = 18446744073709551616f;
        private const float Small = 1f / Large;

        private readonly float[] input;
        private readonly float[] output;
        private readonly float[] totals;
        private readonly float[] errors;
        private readonly int[] powers;
        private readonly float[] maxima;
        private readonly float count;
        private readonly ReduceKind kind;
        private readonly StridedWalk walk;

        internal ReduceFloat32(BindContext context)
        {
            int elements = context.Output().Elements;
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            kind = (ReduceKind)context.Operator.Int(ReduceRule.Kind);
            count = context.Input(0).Elements / elements;
            totals = new float[elements];
            errors = new float[elements];
            powers = kind == ReduceKind.Prod ? new int[elements] : null;
            maxima = kind == ReduceKind.LogSumExp ? new float[elements] : null;
            walk = ReduceSteps.Walk(context);
        }

        internal override void Run()
        {
            switch (kind)
            {
                case ReduceKind.Max:
                    Extremes(totals, true);
                    break;
                case ReduceKind.Min:
                    Extremes(totals, false);
                    break;
                case ReduceKind.Prod:
                    Products();
                    break;
                case ReduceKind.LogSumExp:
                    Extremes(maxima, true);
                    Sums();
                    break;
                case ReduceKind.Sum:
                case ReduceKind.Mean:
                case ReduceKind.L1:
                case ReduceKind.L2:
                case ReduceKind.SumSquare:
                case ReduceKind.LogSum:
                    Sums();
                    break;
                default: throw new InvalidOperationException();
            }

            for (int i = 0; i < totals.Length; i++)
            {
                output[i] = Result(i);
            }
        }

        private float Result(int i)
        {
            float error = errors[i];
            float total = totals[i];
            float sum = error - error == 0f ? total + error : total;
            switch (kind)
            {
                case ReduceKind.Mean: return sum / count;
                case ReduceKind.L2: return FloatPowers.Sqrt(sum);
                case ReduceKind.LogSum: return FloatPowers.Log(sum);
                case ReduceKind.LogSumExp:
                    float max = maxima[i];
                    return FloatPowers.Largest < max || max < -FloatPowers.Largest ? max : max + FloatPowers.Log(sum);
                default: return sum;
            }
        }

        private void Extremes(float[] best, bool largest)
        {
            float[] x = input;
            float initial = largest ? float.NegativeInfinity : float.PositiveInfinity;
            for (int i = 0; i < best.Length; i++)
            {
                best[i] = initial;
            }

            int step = walk.RowSteps[0];
            int index = 0;
            do
            {
                int to = walk.Offsets[0];
                for (int end = index + walk.RowLength; index < end; index++)
                {
                    float value = x[index];
                    float difference = largest ? value - best[to] : best[to] - value;
                    if ((0f < difference && best[to] == best[to]) || value != value)
                    {
                        best[to] = value;
                    }

                    to += step;
                }
            }
            while (walk.Next());
        }

        private void Products()
        {
            float[] x = input;
            float[] product = totals;
            for (int i = 0; i < product.Length; i++)
            {
                product[i] = 1f;
                powers[i] = 0;
            }

            int step = walk.RowSteps[0];
            int index = 0;
            do
            {
                int to = walk.Offsets[0];
                for (int end = index + walk.RowLength; index < end; index++)
                {
                    float value = product[to] * x[index];
                    float magnitude = value < 0f ? -value : value;
                    if (Large < magnitude)
                    {
                        value *= Small;
                        powers[to]++;
                    }
                    else if (magnitude < Small)
                    {
                        value *= Large;
                        powers[to]--;
                    }

                    product[to] = value;
                    to += step;
                }
            }
            while (walk.Next());
            for (int i = 0; i < product.Length; i++)
            {
                for (; powers[i] > 0; powers[i]--)
                {
                    product[i] *= Large;
                }

                for (; powers[i] < 0; powers[i]++)
                {
                    product[i] *= Small;
                }
            }
        }

        private void Sums()
        {
            float[] x = input;
            float[] s = totals;
            float[] e = errors;
            for (int i = 0; i < s.Length; i++)
            {
                s[i] = 0f;
                e[i] = 0f;
            }

            bool isMagnitude = kind == ReduceKind.L1;
            bool isSquare = kind == ReduceKind.L2 || kind == ReduceKind.SumSquare;
            bool isLarge = FloatSums.Large < count;
            int step = walk.RowSteps[0];
            int index = 0;
            do
            {
                int to = walk.Offsets[0];
                for (int end = index + walk.RowLength; index < end; index++)
                {
                    float value = x[index];
                    if (isSquare)
                    {
                        value *= value;
                    }
                    else if (isMagnitude)
                    {
                        value = value < 0f ? -value : value;
                    }
                    else if (maxima != null)
                    {
                        value = FloatFunctions.Exp(value - maxima[to]);
                    }

                    float before = s[to];
                    float after = before + value;
                    float added = after - before;
                    s[to] = after;
                    e[to] += (before - (after - added)) + (value - added);
                    if (isLarge)
                    {
                        // What is lost stays so small that adding it up loses nothing.
                        float both = after + e[to];
                        if (both - both == 0f)
                        {
                            s[to] = both;
                            e[to] -= both - after;
                        }
                    }

                    to += step;
                }
            }
            while (walk.Next());
        }
    }
}
