namespace EdgeInference.ModelFormat
{
    /// <content>What the contract says about decisions, which only a classifier and tools ask for.</content>
    internal sealed partial class ModelFileReader
    {
        partial void ReadDecision(ModelTables tables, ModelMetadata metadata, byte[] roles, int inputLength, int outputLength)
        {
            tables.Keep(new DecisionMetadata(bytes, metadata, roles, inputLength, outputLength));
        }
    }
}
