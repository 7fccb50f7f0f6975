namespace ModelFormat.Rules
{
    /// <summary>
    /// ConvTranspose: x [n, h, w, in], weights [out, kernel h, kernel w, in / groups], bias [out] (optional), output
    /// [n, oh, ow, out]. x (r, c) adds to output (r·stride − pad + k·dilation, ...), where that exists. Parameters as Conv.
    /// </summary>
    internal static class ConvTransposeRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorRecord x = check.Input(0);
            TensorRecord weights = check.Input(1);
            TensorRecord output = check.Operator.Outputs[0];
            check.Require(x.Rank == 4 && weights.Rank == 4 && output.Rank == 4, "needs four dimensions");
            check.Require(weights.Storage == TensorStorage.Constant, "needs constant weights");
            int units = weights.Dimension(0);
            int groups = check.IntWithin(ConvRule.Groups, 1, units);
            check.Require(units % groups == 0 && x.Dimension(3) == (long)weights.Dimension(3) * groups, "has weights for a different number of channels");
            check.Require(output.Dimension(0) == x.Dimension(0) && output.Dimension(3) == units, "has an output with a different batch or number of channels");
            for (int i = 0; i < 2; i++)
            {
                ConvRule.CheckWindow(check, i, ConvRule.Stride, ConvRule.Dilation, ConvRule.Pad, weights.Dimension(1 + i), x.Dimension(1 + i));
            }

            DenseRule.CheckTypes(check, units, weights.Elements / units);
        }
    }
}
