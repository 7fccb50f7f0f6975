namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>LogSoftmax over the last axis of a float32 tensor; output like it.</summary>
    internal static class LogSoftmaxRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Input(0).Rank >= 1, "needs an input of one dimension or more");
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.OutputLikeInput(TensorType.Float32);
        }
    }
}
