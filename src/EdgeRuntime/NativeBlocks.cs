using System.Runtime.InteropServices;

namespace EdgeInference.Runtime;

/// <summary>
/// Zeroed native memory, 64-byte aligned. A checked run puts its own allocator here, which surrounds each block with pages
/// that must not be touched; it has to do so before the first model is loaded.
/// </summary>
internal static unsafe class NativeBlocks
{
    internal const int Alignment = 64;

    internal static Func<int, nint>? CheckedAllocate { get; set; }

    internal static Action<nint>? CheckedFree { get; set; }

    /// <summary>Whether blocks come from a checked run's allocator.</summary>
    internal static bool IsChecked => CheckedAllocate is not null;

    internal static nint Allocate(int bytes)
    {
        if (CheckedAllocate is { } allocate)
        {
            return allocate(bytes);
        }

        void* block = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(block, (nuint)bytes);
        return (nint)block;
    }

    internal static void Free(nint block)
    {
        if (CheckedFree is { } free)
        {
            free(block);
        }
        else
        {
            NativeMemory.AlignedFree((void*)block);
        }
    }
}
