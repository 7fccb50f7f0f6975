namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// FeatureTransform: x [..., features] float32, output [..., m]: each of the m takes one feature. Constants: sources [m], the feature;
    /// kinds int8 [m], a <see cref="FeatureKind"/>; counts, one for each PiecewiseLinear (knots), Unknown (k) and Bin (boundaries);
    /// values float32, for each output in turn: PiecewiseLinear the number for a missing value, the knots, then a height and a slope for
    /// each segment; Equal its number; Bin its boundaries. Sources and counts are int8, int16 or int32, of which the first two hold
    /// unsigned numbers. Counts or values that nothing needs are absent.
    /// </summary>
    /// <remarks>
    /// One knot has one segment, a line without ends; k knots have k − 1, and v beyond the first or last is taken for that knot. A
    /// segment gives height + (v − knot) · slope, three operations of float32, each rounded.
    /// </remarks>
    internal static class FeatureTransformRule
    {
        /// <summary>Position among the inputs of the feature that each output takes.</summary>
        public const int Sources = 1;

        /// <summary>Position among the inputs of the kinds.</summary>
        public const int Kinds = 2;

        /// <summary>Position among the inputs of the counts.</summary>
        public const int Counts = 3;

        /// <summary>Position among the inputs of the values.</summary>
        public const int Values = 4;

        /// <summary>Up to here a float32 holds every integer.</summary>
        public const int MaxCount = 1 << 24;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            TensorInfo x = check.Input(0);
            TensorInfo kinds = check.Constant(Kinds, TensorType.Int8);
            check.Output(0, TensorType.Float32, (long)(x.Elements / x.LastDimension) * kinds.Elements);
            check.Require(check.Operator.Outputs[0].LastDimension == kinds.Elements, "needs a kind for each output");
            TensorInfo sources = check.ConstantIntegers(Sources);
            check.Require(sources.Elements == kinds.Elements, "needs a source for each output");
            int count = check.Operator.HasInput(Counts) ? check.ConstantIntegers(Counts).Elements : 0;
            int values = check.Operator.HasInput(Values) ? check.Constant(Values, TensorType.Float32).Elements : 0;
            if (values > 0)
            {
                check.FiniteConstant(Values);
            }

            int counted = 0;
            int first = 0;
            for (int i = 0; i < kinds.Elements; i++)
            {
                int source = check.ConstantUnsigned(sources, i);
                check.Require(source >= 0 && source < x.LastDimension, "takes an unknown feature");
                int kind = check.ConstantByte(kinds, i);
                check.Require(kind >= 0 && kind <= (int)FeatureKind.Bin, "has an unknown kind");
                int n = 0;
                if (HasCount(kind))
                {
                    check.Require(counted < count, "needs more counts");
                    n = check.ConstantUnsigned(check.Input(Counts), counted);
                    check.Require(n > 0 && n <= MaxCount, "has a count outside 1 to 16777216");
                    counted++;
                }

                int length = ValueCount(kind, n);
                check.Require(length <= values - first, "needs more values");
                switch ((FeatureKind)kind)
                {
                    case FeatureKind.PiecewiseLinear: CheckAscending(check, first + 1, n); break;
                    case FeatureKind.Bin: CheckAscending(check, first, n); break;
                }

                first += length;
            }

            check.Require(counted == count && first == values, "has counts or values that nothing reads");
        }

        /// <summary>Whether a kind has a count.</summary>
        public static bool HasCount(int kind)
        {
            switch ((FeatureKind)kind)
            {
                case FeatureKind.Equal:
                case FeatureKind.Missing: return false;
                default: return true;
            }
        }

        /// <summary>Segments of a line of so many knots.</summary>
        public static int Segments(int knots)
        {
            return knots > 1 ? knots - 1 : 1;
        }

        /// <summary>How many values an output of a kind and a count has.</summary>
        public static int ValueCount(int kind, int count)
        {
            switch ((FeatureKind)kind)
            {
                case FeatureKind.PiecewiseLinear: return 1 + count + (2 * Segments(count));
                case FeatureKind.Equal: return 1;
                case FeatureKind.Bin: return count;
                default: return 0;
            }
        }

        private static void CheckAscending(OperatorCheck check, int first, int count)
        {
            TensorInfo values = check.Input(Values);
            for (int i = first + 1; i < first + count; i++)
            {
                check.Require(check.ConstantFloat(values, i - 1) <= check.ConstantFloat(values, i), "has knots or boundaries that do not ascend");
            }
        }
    }
}
