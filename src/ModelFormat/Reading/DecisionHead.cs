namespace ModelFormat
{
    /// <summary>What a classifier does with the deciding output before it decides; the values are the ones in the file.</summary>
    public enum DecisionHead
    {
        /// <summary>Not known; a classifier refuses the model.</summary>
        Unknown = 0,

        /// <summary>Nothing: the output holds probabilities or scores.</summary>
        None = 1,

        /// <summary>A sigmoid of the one value.</summary>
        Sigmoid = 2,

        /// <summary>A softmax over the classes.</summary>
        Softmax = 3,
    }
}
