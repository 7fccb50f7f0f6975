using EdgeInference.Runtime;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.ModelConverter.Check;

/// <summary>Bytes that EdgeInference.Runtime takes for a model on this machine.</summary>
/// <param name="SessionBytes">What one more session costs: its arena, scratch, and what its kernels keep.</param>
/// <param name="ScratchBytes">The block that the kernels of a session work in, one after another.</param>
/// <param name="PackedBytes">What the model keeps for all sessions besides the file: weights packed for this processor, and tables.</param>
internal sealed record RuntimeMemory(int SessionBytes, int ScratchBytes, long PackedBytes)
{
    /// <summary>Binds the kernels of a session, without packing the weights.</summary>
    /// <exception cref="ModelFormat.ModelFormatException">The kernels need more than the model was loaded with.</exception>
    internal static unsafe RuntimeMemory Of(EdgeModel model)
    {
        using var memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
        try
        {
            KernelBytes kernels = KernelProgram.Measure(model, memory.Arena, KernelSet.Fast, model.Limits.MaxScratchBytes, 1, out long packed);
            return new RuntimeMemory(checked(model.File.ArenaBytes + kernels.Kept + kernels.Scratch), kernels.Scratch, packed);
        }
        finally
        {
            memory.Leave();
        }
    }
}
