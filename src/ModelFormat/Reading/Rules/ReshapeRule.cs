namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Reshape: x of any type, output of the same type and number of elements.</summary>
    internal static class ReshapeRule
    {
        /// <summary>Names of the parameters: none.</summary>
        public static readonly string[] Parameters = new string[0];

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Output(0, check.Type, check.Input(0).Elements);
        }
    }
}
