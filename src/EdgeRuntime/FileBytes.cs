using System.Buffers;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>The bytes of a file in native memory. Disposed while pins hold them, they are freed with the last.</summary>
internal abstract unsafe class FileBytes : MemoryManager<byte>
{
    private SafeHandle? handle;
    private byte* pointer;
    private int length;

    // The handle is closed only when nobody holds it, which may take long where several threads read.
    private bool closed;

    /// <summary>The bytes, to be read while <see cref="Pin"/> holds them.</summary>
    /// <exception cref="ObjectDisposedException">The model that owns the file was disposed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref closed), typeof(EdgeModel));
        return new(pointer, length);
    }

    /// <summary>Holds the bytes, disposed or not, until <see cref="Unpin"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model that owns the file was disposed.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref closed), typeof(EdgeModel));
        bool held = false;
        handle!.DangerousAddRef(ref held);
        return new(pointer + elementIndex, pinnable: this);
    }

    public override void Unpin() => handle!.DangerousRelease();

    /// <summary>Opens a model's file.</summary>
    /// <exception cref="ModelFormatException">The file is empty or larger than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    protected static FileStream Open(string path, out int length)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            length = stream.Length switch
            {
                0 => throw new ModelFormatException("header", 0, "the file is empty"),
                > int.MaxValue => throw new ModelFormatException("header", 0, "the file is larger than 2 GiB"),
                long bytes => (int)bytes,
            };
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Says where the bytes are and what frees them.</summary>
    protected void SetBytes(SafeHandle handle, byte* pointer, int length)
    {
        this.handle = handle;
        this.pointer = pointer;
        this.length = length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Volatile.Write(ref closed, true);
            handle?.Dispose();
        }
    }
}
