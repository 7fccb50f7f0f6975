namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// PairwiseCoupling: r [..., k(k − 1)/2], the probability of the first of each pair of k classes, pairs in the order
    /// (0, 1), (0, 2), ..., (1, 2), ...; output [..., k]: the classes' probabilities.
    /// </summary>
    internal static class PairwiseCouplingRule
    {
        /// <summary>Most classes.</summary>
        public const int MaxClasses = 256;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            TensorInfo r = check.Input(0);
            int classes = check.Operator.Outputs[0].LastDimension;
            check.Require(classes >= 2 && classes <= MaxClasses && r.LastDimension == classes * (classes - 1) / 2, "has pairs for a different number of classes");
            check.Output(0, TensorType.Float32, (long)(r.Elements / r.LastDimension) * classes);
        }
    }
}
