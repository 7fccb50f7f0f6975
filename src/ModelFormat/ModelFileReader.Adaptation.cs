using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelFormat
{
    /// <content>The record of the learning heads is checked with the file; nanoFramework's engine has no room for it, and checks it when a head is made.</content>
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
}
