using System.Runtime.InteropServices;

namespace EdgeInference.Runtime;

/// <summary>A session's native memory: the arena, the kernels' arguments and their scratch. Freed when disposed or finalized.</summary>
internal sealed unsafe class SessionMemory : SafeHandle
{
    // Kernels read whole vectors: up to this many bytes beyond the last tensor.
    private const int Slack = 64;

    private readonly List<nint> blocks = [];

    private long scratchLeft;

    internal SessionMemory(int arenaBytes, long maxScratchBytes)
        : base(0, ownsHandle: true)
    {
        scratchLeft = maxScratchBytes;
        ArenaBytes = arenaBytes;
        Arena = Allocate(arenaBytes + Slack);
        SetHandle((nint)Arena);
    }

    public override bool IsInvalid => handle == 0;

    internal byte* Arena { get; }

    internal int ArenaBytes { get; }

    /// <summary>Zeroed memory that lives as long as the session.</summary>
    internal byte* Allocate(int bytes)
    {
        nint block = NativeBlocks.Allocate(bytes);
        blocks.Add(block);
        return (byte*)block;
    }

    /// <summary>The same for a kernel's scratch, or null where that would pass the session's limit.</summary>
    internal byte* AllocateScratch(long bytes)
    {
        if (bytes > scratchLeft)
        {
            return null;
        }

        scratchLeft -= bytes;
        return Allocate((int)bytes);
    }

    protected override bool ReleaseHandle()
    {
        foreach (nint block in blocks)
        {
            NativeBlocks.Free(block);
        }

        return true;
    }
}
