namespace EdgeInference.ModelFormat
{
    /// <summary>Why a classifier decided for a class, or for none.</summary>
    public enum DecisionReason
    {
        /// <summary>It decided.</summary>
        Decided = 0,

        /// <summary>The probability lies in the model's abstain band.</summary>
        AbstainBand = 1,

        /// <summary>An input or the deciding output is NaN or infinite, and the model does not define missing values.</summary>
        NotFinite = 2,
    }
}
