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
        private readonly int[] counts;
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
            counts = context.Operator.HasInput(FeatureTransformRule.Counts) ? context.Unsigned(FeatureTransformRule.Counts) : null;
            values = context.InputFloats(FeatureTransformRule.Values);
        }

        internal override void Run()
        {
            int index = 0;
            for (int row = 0; row < elements; row += features)
            {
                int counted = 0;
                int first = 0;
                for (int i = 0; i < kinds.Length; i++)
                {
                    int kind = kinds[i];
                    int count = FeatureTransformRule.HasCount(kind) ? counts[counted++] : 0;
                    output[index] = Value(input[row + sources[i]], kind, first, count);
                    index++;
                    first += FeatureTransformRule.ValueCount(kind, count);
                }
            }
        }

        // The interpreter takes NaN for greater than any number, so NaN goes first.
        private float Value(float v, int kind, int first, int count)
        {
            bool isMissing = v != v;
            switch ((FeatureKind)kind)
            {
                case FeatureKind.PiecewiseLinear: return isMissing ? values[first] : Line(v, first + 1, count);
                case FeatureKind.Equal: return !isMissing && v == values[first] ? 1f : 0f;
                case FeatureKind.Missing: return isMissing ? 1f : 0f;
                case FeatureKind.Unknown: return isMissing || (0f <= v && v < count && v == (int)v) ? 0f : 1f;
                default: return isMissing ? 0f : AtOrBelow(v, first, count);
            }
        }

        private float Line(float v, int first, int knots)
        {
            int segments = FeatureTransformRule.Segments(knots);
            if (knots > 1)
            {
                float low = values[first];
                float high = values[first + segments];
                v = v < low ? low : high < v ? high : v;
            }

            int segment = AtOrBelow(v, first + 1, segments - 1);
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
