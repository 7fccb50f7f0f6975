namespace EdgeInference.ModelFormat.Rules
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
            ConvRule.Check(check, true);
        }
    }
}
