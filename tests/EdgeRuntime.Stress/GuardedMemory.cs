using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Blocks between pages that nobody may touch: the kernel ends the process at the first access outside. A block ends exactly
/// at the guard, or begins there, by <see cref="AtStart"/>, so that both directions are tested to the byte.
/// </summary>
internal static unsafe partial class GuardedMemory
{
    private const int Page = 4096;

    // Far enough that a stride over a few rows does not jump the guard.
    private const int Guard = 1 << 20;
    private const int NoAccess = 0;
    private const int ReadAccess = 1;
    private const int ReadWriteAccess = 3;
    private const int PrivateAnonymous = 0x22;

    private static readonly ConcurrentDictionary<nint, (nint Mapping, nuint Bytes)> Mappings = new();

    /// <summary>Whether a block begins at a guard instead of ending there.</summary>
    internal static bool AtStart { get; set; }

    /// <summary>The blocks allocated since the last call, with their sizes.</summary>
    internal static List<(nint Block, int Bytes)> Recent { get; } = [];

    /// <summary>Makes the engine take all its memory from here.</summary>
    internal static void Install()
    {
        NativeBlocks.CheckedAllocate = Allocate;
        NativeBlocks.CheckedFree = Free;
    }

    internal static nint Allocate(int bytes)
    {
        nint block = Map(bytes);
        Recent.Add((block, bytes));
        return block;
    }

    internal static void Free(nint block)
    {
        Mappings.TryRemove(block, out (nint Mapping, nuint Bytes) mapping);
        _ = Unmap(mapping.Mapping, mapping.Bytes);
    }

    /// <summary>A copy of bytes that ends at a guard and can only be read.</summary>
    internal static GuardedBytes Copy(ReadOnlySpan<byte> bytes)
    {
        nint block = Map(bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)block, bytes.Length));
        nint first = block & ~(Page - 1);
        if (Protect(first, (nuint)(((block + bytes.Length + Page - 1) & ~(Page - 1)) - first), ReadAccess) != 0)
        {
            throw new InvalidOperationException("mprotect failed.");
        }

        return new GuardedBytes(block, bytes.Length);
    }

    private static nint Map(int bytes)
    {
        int inner = (bytes + Page - 1) / Page * Page;
        nuint total = (nuint)(inner + (2 * Guard));
        nint mapping = MemoryMap(0, total, NoAccess, PrivateAnonymous, -1, 0);
        if (mapping == -1 || Protect(mapping + Guard, (nuint)inner, ReadWriteAccess) != 0)
        {
            throw new InvalidOperationException("mmap failed.");
        }

        // Vector loads of argument blocks may want the alignment; the arena of a file of odd size tests without it.
        nint block = mapping + Guard + (AtStart ? 0 : inner - bytes);
        Mappings[block] = (mapping, total);
        return block;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);
}

/// <summary>Read-only bytes that end at a guard.</summary>
internal sealed unsafe class GuardedBytes(nint block, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new((void*)block, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)block + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => GuardedMemory.Free(block);
}
