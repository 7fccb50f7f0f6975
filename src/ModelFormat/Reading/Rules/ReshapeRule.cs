namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Reshape: x of any type, output of the same type and number of elements.</summary>
    internal static class ReshapeRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Output(0, check.Type, check.Input(0).Elements);
        }
    }
}
