#nullable enable

namespace EdgeInference.ModelFormat;

/// <content>
/// What the contract says about signals, which a tool checks with the file; on nanoFramework the assembly that has pipelines does, before
/// it makes one.
/// </content>
internal sealed partial class ModelFileReader
{
    partial void ReadSignals(ModelMetadata metadata, int inputLength) => SignalsRecord.Read(bytes, metadata)?.CheckInputs(inputLength);
}
