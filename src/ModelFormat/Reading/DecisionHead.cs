namespace EdgeInference.ModelFormat
{
    /// <summary>The function at the end of the output that decides; the values are the ones in the file.</summary>
    public enum DecisionHead
    {
        /// <summary>Neither of the others: trees, scores, a probability that the model computes otherwise.</summary>
        None = 0,

        /// <summary>A sigmoid: each column is a separate probability.</summary>
        Sigmoid = 1,

        /// <summary>A softmax: the columns are shares of 1.</summary>
        Softmax = 2,
    }
}
