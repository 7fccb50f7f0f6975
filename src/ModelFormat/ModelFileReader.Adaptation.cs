#nullable enable

using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelFormat;

/// <content>The record of the learning heads is checked with the file; nanoFramework's engine has no room for that, and it is checked there when a head is made.</content>
internal sealed partial class ModelFileReader
{
    static partial void CheckAdaptation(ModelFile file)
    {
        if (AdaptationRecord.IsIn(file))
        {
            AdaptationRecord.Read(file);
        }
    }
}
