using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// The splits of all trees. Features and children of one byte, those of small trees, are read where they lie in the file; others are
    /// in arrays of the smallest type that holds both.
    /// </summary>
    internal sealed class TreeWalk
    {
        private const int NotEqual = 5;

        private readonly float[] input;
        private readonly float[] thresholds;
        private readonly byte[] bytes;
        private readonly int featuresAt;
        private readonly int childrenAt;
        private readonly short[] shortFeatures;
        private readonly short[] shortChildren;
        private readonly int[] intFeatures;
        private readonly int[] intChildren;
        private readonly sbyte[] comparisons;
        private readonly int comparison;

        // Whether all splits ask for ≤ and a missing value is never true.
        private readonly bool isPlain;

        internal TreeWalk(BindContext context)
        {
            input = context.InputFloats(0);
            thresholds = Thresholds(context);
            comparisons = context.Operator.HasInput(TreeEnsembleRule.Comparisons) ? context.InputInt8s(TreeEnsembleRule.Comparisons) : null;
            comparison = context.Operator.Int(TreeEnsembleRule.Comparison);
            isPlain = comparisons == null && comparison == 0;
            TensorInfo features = context.Input(TreeEnsembleRule.Features);
            TensorInfo children = context.Input(TreeEnsembleRule.Children);
            if (features.Type == TensorType.Int32 || children.Type == TensorType.Int32)
            {
                intFeatures = context.Unsigned(TreeEnsembleRule.Features);
                intChildren = context.Signed(TreeEnsembleRule.Children);
            }
            else if (features.Type == TensorType.Int16 || children.Type == TensorType.Int16)
            {
                shortFeatures = Shorts(context.File, features, false);
                shortChildren = Shorts(context.File, children, true);
            }
            else if (context.FileBytes != null)
            {
                bytes = context.FileBytes;
                featuresAt = features.Offset;
                childrenAt = children.Offset;
            }
            else
            {
                bytes = new byte[features.Elements + children.Elements];
                childrenAt = features.Elements;
                Copy(context.File, features, bytes, featuresAt);
                Copy(context.File, children, bytes, childrenAt);
            }
        }

        /// <summary>The leaf at which the walk from a split ends, for the features from an element of the input on.</summary>
        internal int Leaf(int row, int split)
        {
            if (bytes == null)
            {
                return intChildren == null ? ShortLeaf(row, split) : IntLeaf(row, split);
            }

            float[] x = input;
            float[] limits = thresholds;
            byte[] file = bytes;
            int features = featuresAt;
            int children = childrenAt;
            bool plain = isPlain;
            while (true)
            {
                float value = x[row + file[features + split]];
                int at = children + split + split;
                if (plain ? !(value <= limits[split]) : !Goes(split, value))
                {
                    at++;
                }

                int child = (sbyte)file[at];
                if (child < 0)
                {
                    return -1 - child;
                }

                split += child + 1;
            }
        }

        private int ShortLeaf(int row, int split)
        {
            float[] x = input;
            float[] limits = thresholds;
            short[] features = shortFeatures;
            short[] children = shortChildren;
            bool plain = isPlain;
            while (true)
            {
                float value = x[row + (features[split] & 0xFFFF)];
                int at = split + split;
                if (plain ? !(value <= limits[split]) : !Goes(split, value))
                {
                    at++;
                }

                int child = children[at];
                if (child < 0)
                {
                    return -1 - child;
                }

                split += child + 1;
            }
        }

        private int IntLeaf(int row, int split)
        {
            while (true)
            {
                int at = split + split;
                if (!Goes(split, input[row + intFeatures[split]]))
                {
                    at++;
                }

                int child = intChildren[at];
                if (child < 0)
                {
                    return -1 - child;
                }

                split += child + 1;
            }
        }

        private bool Goes(int split, float value)
        {
            float limit = thresholds[split];
            int mode = comparisons == null ? comparison : comparisons[split];
            if (value != value)
            {
                return (mode & TreeEnsembleRule.MissingIsTrue) != 0 || mode == NotEqual;
            }

            switch (mode & ~TreeEnsembleRule.MissingIsTrue)
            {
                case 0: return value <= limit;
                case 1: return value < limit;
                case 2: return limit <= value;
                case 3: return limit < value;
                case 4: return value == limit;
                default: return value != limit;
            }
        }

        private static float[] Thresholds(BindContext context)
        {
            TensorInfo codes = context.Input(TreeEnsembleRule.Thresholds);
            if (codes.Type == TensorType.Float32)
            {
                return context.InputFloats(TreeEnsembleRule.Thresholds);
            }

            TensorInfo features = context.Input(TreeEnsembleRule.Features);
            TensorInfo exponents = context.Input(TreeEnsembleRule.Exponents);
            float[] values = new float[codes.Elements];
            for (int i = 0; i < values.Length; i++)
            {
                // Multiplied by 2 or a half at a time, which is exact.
                float value = IntegerConstant.Signed(context.File, codes, i);
                int exponent = IntegerConstant.Signed(context.File, exponents, IntegerConstant.Unsigned(context.File, features, i));
                float factor = exponent < 0 ? 0.5f : 2f;
                for (int left = exponent < 0 ? -exponent : exponent; left > 0; left--)
                {
                    value *= factor;
                }

                values[i] = value;
            }

            return values;
        }

        private static short[] Shorts(ModelBytes file, TensorInfo tensor, bool signed)
        {
            short[] values = new short[tensor.Elements];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (short)(signed ? IntegerConstant.Signed(file, tensor, i) : IntegerConstant.Unsigned(file, tensor, i));
            }

            return values;
        }

        private static void Copy(ModelBytes file, TensorInfo tensor, byte[] into, int start)
        {
            for (int i = 0; i < tensor.Elements; i++)
            {
                into[start + i] = (byte)file.U8(tensor.Offset + i);
            }
        }
    }
}
