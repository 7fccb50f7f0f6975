namespace EdgeInference.ModelFormat
{
    /// <content>What the contract says about decisions, which only a classifier and tools ask for.</content>
    internal sealed partial class ModelFileReader
    {
        partial void ReadDecision(ModelFile file, OutputRole[] roles, int inputLength, int outputLength)
        {
            file.Decision = new DecisionMetadata(bytes, file.Metadata, roles, inputLength, outputLength);
        }
    }
}
