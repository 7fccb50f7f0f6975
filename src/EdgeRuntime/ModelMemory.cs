using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime;

/// <summary>
/// What sessions of a model read: the file's bytes, pinned, and the weights that kernels packed. Freed when the model was disposed
/// and no session uses it any more, or when the garbage collector finds it.
/// </summary>
internal sealed unsafe class ModelMemory : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<PackKey, nint> shared = [];
    private readonly Dictionary<(KernelSet Kernels, int Rows), KernelBytes> kernelBytes = [];

    // Weak, so that a session that was not disposed can be collected.
    private readonly ConditionalWeakTable<SessionMemory, object> sessions = [];
    private readonly IDisposable? owner;
    private MemoryHandle pin;
    private bool closed;

    // The model itself is the first user.
    private int users = 1;

    private long sharedBytes;

    /// <param name="bytes">The file.</param>
    /// <param name="owner">Disposed at the end.</param>
    internal ModelMemory(ReadOnlyMemory<byte> bytes, IDisposable? owner)
    {
        this.owner = owner;
        pin = bytes.Pin();
        Base = (byte*)pin.Pointer;
    }

    /// <summary>Frees the pin and the blocks of a model that was not disposed. A session refers to this object, so none is in use.</summary>
    ~ModelMemory() => Free();

    /// <summary>Address of the file's first byte.</summary>
    internal byte* Base { get; }

    /// <summary>Counts a session as a user, until it calls <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal void Add(SessionMemory session)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(EdgeModel));
            Interlocked.Increment(ref users);
            sessions.Add(session, this);
        }
    }

    /// <summary>Ends one use; the last frees.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            Free();
            owner?.Dispose();
        }
    }

    /// <summary>Closes the model and its sessions. Those that run now free what they use when they are done.</summary>
    public void Dispose()
    {
        SessionMemory[] open;
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
            open = [.. sessions.Select(pair => pair.Key)];
        }

        SessionMemory.Close(open);
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>A block that all operators and sessions share that pack the same in the same way, filled by the first that asks for it. The caller is between Enter and Leave of its memory.</summary>
    internal byte* Shared<TState>(int bytes, TState state, Kernels.PackAction<TState> fill)
        where TState : unmanaged
    {
        var key = PackKey.Of(bytes, fill, state);
        lock (shared)
        {
            if (!shared.TryGetValue(key, out nint block))
            {
                block = NativeBlocks.Allocate(bytes);
                fill((byte*)block, state);
                shared.Add(key, block);
                sharedBytes += bytes;
            }

            return (byte*)block;
        }
    }

    /// <summary>Bytes of the blocks that sessions share: packed weights, and tables of windows.</summary>
    internal long SharedBytes
    {
        get
        {
            lock (shared)
            {
                return sharedBytes;
            }
        }
    }

    /// <summary>What was measured for kernels that do so many rows at once.</summary>
    internal bool TryGetKernelBytes(KernelSet kernels, int rows, out KernelBytes bytes)
    {
        lock (kernelBytes)
        {
            return kernelBytes.TryGetValue((kernels, rows), out bytes);
        }
    }

    /// <summary>Keeps what was measured, for the next session.</summary>
    internal void SetKernelBytes(KernelSet kernels, int rows, KernelBytes bytes)
    {
        lock (kernelBytes)
        {
            kernelBytes[(kernels, rows)] = bytes;
        }
    }

    private void Free()
    {
        foreach (nint block in shared.Values)
        {
            NativeBlocks.Free(block);
        }

        shared.Clear();
        pin.Dispose();
    }
}
