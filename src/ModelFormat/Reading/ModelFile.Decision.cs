namespace EdgeInference.ModelFormat
{
    /// <content>What the contract says about decisions.</content>
    public sealed partial class ModelFile
    {
        /// <summary>What the contract says about decisions, read.</summary>
        public DecisionMetadata Decision
        {
            get { return tables.Decision(metadata, Inputs, Outputs); }
        }
    }
}
