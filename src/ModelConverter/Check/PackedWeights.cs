using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Check;

/// <summary>What the kernels of EdgeInference.Runtime keep of a model's constants besides the file, for this processor.</summary>
internal static class PackedWeights
{
    /// <summary>Bytes that all sessions share; null where a session needs more memory than the model was loaded with.</summary>
    internal static long? Bytes(EdgeModel model)
    {
        try
        {
            using Session session = model.CreateSession();
            return model.Memory.SharedBytes;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }
}
