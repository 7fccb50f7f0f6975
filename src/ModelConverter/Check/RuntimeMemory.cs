using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Check;

/// <summary>Bytes that EdgeInference.Runtime takes for a model on this machine.</summary>
/// <param name="SessionBytes">What one more session costs: its arena, scratch, and what its kernels keep.</param>
/// <param name="ScratchBytes">The block that the kernels of a session work in, one after another.</param>
/// <param name="PackedBytes">What the model keeps for all sessions besides the file: weights packed for this processor, and tables.</param>
internal sealed record RuntimeMemory(int SessionBytes, int ScratchBytes, long PackedBytes)
{
    /// <summary>Makes a session and looks.</summary>
    /// <exception cref="ModelFormat.ModelFormatException">The kernels need more than the model was loaded with.</exception>
    internal static RuntimeMemory Of(EdgeModel model)
    {
        using Session session = model.CreateSession();
        KernelBytes kernels = session.Room.Bytes;
        return new RuntimeMemory(checked(model.File.ArenaBytes + kernels.Kept + kernels.Scratch), kernels.Scratch, model.Memory.SharedBytes);
    }
}
