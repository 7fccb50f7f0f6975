using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeInference.Runtime;

/// <summary>
/// A session's memory: the arena, and the room of its kernels. Whoever uses the blocks does so between
/// <see cref="Enter"/> and <see cref="Leave"/>; closed meanwhile, they are freed by <see cref="Leave"/>.
/// </summary>
/// <remarks>
/// Enter and Leave each write one flag and read the other without a fence. <see cref="Close"/> writes the other, makes every
/// processor catch up, and reads the first: either it sees that an inference is under way, or the inference sees that it is closed.
/// </remarks>
internal sealed unsafe class SessionMemory : IDisposable
{
    // Kernels read whole vectors: up to this many bytes beyond the last tensor.
    private const int Slack = 64;

    private readonly ModelMemory model;
    private readonly bool isUser;

    // Spans are handed out over the arena and point into this array, which therefore lives as long as the last of them.
    private long[]? arena;
    private bool running = true;
    private bool closed;
    private int freed;
    private readonly nint checkedArena;

    /// <summary>Memory in use by its maker, who binds kernels and then calls <see cref="Leave"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal SessionMemory(ModelMemory model, int arenaBytes)
    {
        this.model = model;
        long bytes = (long)arenaBytes + Slack;
        if (NativeBlocks.IsChecked)
        {
            checkedArena = NativeBlocks.Allocate((int)bytes);
            Arena = (byte*)checkedArena;
        }
        else
        {
            arena = GC.AllocateArray<long>((int)((bytes + NativeBlocks.Alignment) / sizeof(long)) + 1, pinned: true);
            nint first = Marshal.UnsafeAddrOfPinnedArrayElement(arena, 0);
            Arena = (byte*)((first + NativeBlocks.Alignment - 1) & -NativeBlocks.Alignment);
        }

        model.Add(this);
        isUser = true;
    }

    /// <summary>Frees the memory of a session that was not disposed. One that runs is referred to, so nothing is under way.</summary>
    ~SessionMemory() => Free();

    internal byte* Arena { get; }

    internal bool IsClosed => Volatile.Read(ref closed);

    /// <summary>The room of the kernels, from then on freed with the memory. Set once, by the maker.</summary>
    internal KernelRoom? Room { get; set; }

    /// <summary>Begins to use the memory.</summary>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        if (running)
        {
            ThrowRunning();
        }

        running = true;
        if (Volatile.Read(ref closed))
        {
            LeaveClosed();
        }
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave()
    {
        Volatile.Write(ref running, false);
        if (Volatile.Read(ref closed))
        {
            Free();
        }
    }

    /// <summary>A part of the arena as a span that stays valid after the memory is closed.</summary>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    internal Span<T> Span<T>(int offset, int length)
        where T : unmanaged
    {
        // The array is held from here until the span points into it.
        long[]? held = Volatile.Read(ref arena);
        if (IsClosed || (held is null && !NativeBlocks.IsChecked))
        {
            ThrowClosed();
        }

        var span = new Span<T>(Arena + offset, length);
        GC.KeepAlive(held);
        return span;
    }

    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    internal void ThrowIfClosed()
    {
        if (IsClosed)
        {
            ThrowClosed();
        }
    }

    /// <summary>Closes the memory.</summary>
    public void Dispose()
    {
        Close([this]);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes memories: no use begins any more. Each is freed now, or at the end of the use that is under way.</summary>
    internal static void Close(ReadOnlySpan<SessionMemory> memories)
    {
        foreach (SessionMemory memory in memories)
        {
            Volatile.Write(ref memory.closed, true);
        }

        Interlocked.MemoryBarrierProcessWide();
        foreach (SessionMemory memory in memories)
        {
            if (!Volatile.Read(ref memory.running))
            {
                memory.Free();
            }
        }
    }

    private static void ThrowRunning() =>
        throw new InvalidOperationException("The session is running on another thread; create a session for each thread.");

    private static void ThrowClosed() => throw new ObjectDisposedException(nameof(Session), "The session or its model was disposed.");

    private void LeaveClosed()
    {
        Leave();
        ThrowClosed();
    }

    // Called by the thread that closed and by the one that ran, at the same time at worst.
    private void Free()
    {
        if (Interlocked.Exchange(ref freed, 1) != 0)
        {
            return;
        }

        Room?.Dispose();
        if (checkedArena != 0)
        {
            NativeBlocks.Free(checkedArena);
        }

        Volatile.Write(ref arena, null);
        if (isUser)
        {
            model.Release();
        }
    }
}
