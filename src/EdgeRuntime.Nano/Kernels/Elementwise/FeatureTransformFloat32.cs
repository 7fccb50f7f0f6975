using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>FeatureTransform; every operation of float32 is rounded, so that the bits are those of the other engines.</summary>
    internal sealed class FeatureTransformFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly float[] values;
        private readonly int[] sources;
        private readonly int[] kinds;

        // The count of each output, 0 where it has none, and the first of its values.
        private readonly int[] counts;
        private readonly int[] firsts;
        private readonly int features;
        private readonly int elements;

        internal FeatureTransformFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            features = context.Input(0).LastDimension;
            elements = context.Input(0).Elements;
            sources = context.Unsigned(FeatureTransformRule.Sources);
            kinds = context.Unsigned(FeatureTransformRule.Kinds);
            values = context.InputFloats(FeatureTransformRule.Values);
            counts = new int[kinds.Length];
            firsts = new int[kinds.Length];
            int[] given = context.Operator.HasInput(FeatureTransformRule.Counts) ? context.Unsigned(FeatureTransformRule.Counts) : null;
            int counted = 0;
            int first = 0;
            for (int i = 0; i < kinds.Length; i++)
            {
                if (FeatureTransformRule.HasCount(kinds[i]))
                {
                    counts[i] = given[counted];
                    counted++;
                }

                firsts[i] = first;
                first += FeatureTransformRule.ValueCount(kinds[i], counts[i]);
            }
        }

        internal override void Run()
        {
            int index = 0;
            for (int row = 0; row < elements; row += features)
            {
                for (int i = 0; i < kinds.Length; i++)
                {
                    output[index] = Value(input[row + sources[i]], kinds[i], firsts[i], counts[i]);
                    index++;
                }
            }
        }

        // The interpreter takes NaN for greater than any number, so NaN goes first.
        private float Value(float v, int kind, int first, int count)
        {
            if (v != v)
            {
                return kind == (int)FeatureKind.PiecewiseLinear ? values[first] : kind == (int)FeatureKind.Missing ? 1f : 0f;
            }

            switch ((FeatureKind)kind)
            {
                case FeatureKind.PiecewiseLinear: return Line(v, first + 1, count);
                case FeatureKind.Equal: return v == values[first] ? 1f : 0f;
                case FeatureKind.Missing: return 0f;
                case FeatureKind.Unknown: return 0f <= v && v < count && v == (int)v ? 0f : 1f;
                default: return AtOrBelow(v, first, count);
            }
        }

        private float Line(float v, int first, int knots)
        {
            int segment = 0;
            if (knots > 1)
            {
                float low = values[first];
                float high = values[first + knots - 1];
                v = v < low ? low : high < v ? high : v;
                segment = knots == 2 ? 0 : AtOrBelow(v, first + 1, knots - 2);
            }

            int height = first + knots + (2 * segment);
            float distance = v - values[first + segment];
            float rise = distance * values[height + 1];
            return values[height] + rise;
        }

        // How many of the values, which ascend, are at or below v.
        private int AtOrBelow(float v, int first, int count)
        {
            int low = first;
            int high = first + count;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (values[middle] <= v)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low - first;
        }
    }
}
