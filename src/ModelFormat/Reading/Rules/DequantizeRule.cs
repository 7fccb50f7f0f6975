namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Dequantize: x int8 or int16, output float32 of the same shape: scale · (x − zero point).</summary>
    internal static class DequantizeRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes int8 or int16");
            check.Quantized(check.Input(0));
            check.OutputLikeInput(TensorType.Float32);
        }
    }
}
