namespace EdgeInference.ModelFormat
{
    /// <content>What the contract says about signals, which only a model with a pipeline has.</content>
    internal sealed partial class ModelFileReader
    {
        partial void ReadSignals(ModelMetadata metadata, int inputLength)
        {
            SignalsRecord signals = SignalsRecord.Read(bytes, metadata);
            if (signals != null)
            {
                signals.CheckInputs(inputLength);
            }
        }
    }
}
