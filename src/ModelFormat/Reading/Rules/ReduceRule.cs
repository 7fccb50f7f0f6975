namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Reduce: x float32; the output has the elements of the axes that are left, with or without ones in the place of the
    /// others. Sum, Mean, Max and Min take int8 and int16 too: a sum less its zero points is requantized, by a multiplier that
    /// for Mean holds 1 / count; Max and Min keep the scale.
    /// </summary>
    internal static class ReduceRule
    {
        /// <summary>Position of the <see cref="ReduceKind"/>.</summary>
        public const int Kind = 0;

        /// <summary>Position of a set of axes: bit i for axis i.</summary>
        public const int Axes = 1;

        /// <summary>Position of the multiplier of a quantized sum, 0 to 2³¹ − 1.</summary>
        public const int Multiplier = 2;

        /// <summary>Position of its shift, −31 to 30.</summary>
        public const int Shift = 3;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            int kind = check.IntWithin(Kind, 0, ReduceKinds.Count - 1);
            TensorInfo x = check.Input(0);
            int axes = check.IntWithin(Axes, 0, (1 << x.Rank) - 1);
            int left = 1;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                left *= (axes & (1 << axis)) == 0 ? x.Dimension(axis) : 1;
            }

            TensorInfo output = check.Output(0, check.Type, left);
            if (check.Type == TensorType.Float32)
            {
                return;
            }

            check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes float32, int8 or int16");
            check.Require(kind < ReduceKinds.QuantizedCount, "takes float32");
            if (kind == (int)ReduceKind.Max || kind == (int)ReduceKind.Min)
            {
                check.SameQuantization(x, output);
                return;
            }

            check.Quantized(x);
            check.Quantized(output);
            check.IntWithin(Multiplier, 0, int.MaxValue);
            check.IntWithin(Shift, -31, 30);
            long count = x.Elements / left;
            long lowest = (check.Type == TensorType.Int8 ? sbyte.MinValue : short.MinValue) - x.ZeroPoint;
            long highest = (check.Type == TensorType.Int8 ? sbyte.MaxValue : short.MaxValue) - x.ZeroPoint;
            check.Require(count * lowest >= int.MinValue && count * highest <= int.MaxValue, "adds more elements than its accumulator can hold");
        }
    }
}
