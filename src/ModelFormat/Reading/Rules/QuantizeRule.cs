namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Quantize: x float32, optionally an offset and a scale for each feature of the last axis (float32 constants),
    /// output int8 or int16: round((x − offset) / scale) + zero point, scales finite and above 0. A missing offset is 0, a missing scale the output's.
    /// </summary>
    internal static class QuantizeRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            TensorType type = check.Operator.Outputs[0].Type;
            check.Require(type == TensorType.Int8 || type == TensorType.Int16, "writes int8 or int16");
            check.Quantized(check.OutputLikeInput(type));
            for (int i = 1; i <= 2; i++)
            {
                if (check.Operator.HasInput(i))
                {
                    check.Constant(i, TensorType.Float32, check.Input(0).LastDimension);
                }
            }

            if (check.Operator.HasInput(2))
            {
                check.PositiveConstant(2);
            }
        }
    }
}
