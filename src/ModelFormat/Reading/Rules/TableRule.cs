namespace ModelFormat.Rules
{
    /// <summary>
    /// Table: x int8, a constant of 256 entries of the output's type (entry 0 is for −128), output int8 or int16 of the same
    /// shape. A constant of 256 entries for each channel of the last axis, one channel after the other, is a table for each.
    /// </summary>
    public static class TableRule
    {
        /// <summary>Names of the parameters: none.</summary>
        public static readonly string[] Parameters = new string[0];

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Int8, "takes int8");
            TensorType type = check.Operator.Outputs[0].Type;
            check.Require(type == TensorType.Int8 || type == TensorType.Int16, "writes int8 or int16");
            check.Quantized(check.OutputLikeInput(type));
            int entries = check.Constant(1, type).Elements;
            check.Require(entries == 256 || entries == 256L * check.Input(0).LastDimension, "has a table of another size than 256 entries, or 256 for each channel");
        }
    }
}
