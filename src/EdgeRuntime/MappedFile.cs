using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace EdgeInference.Runtime;

/// <summary>A file mapped into memory, so that constants are read from the page cache and never copied.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int length;
    private readonly byte* pointer;

    internal MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        length = FileCopy.LengthOf(stream);
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        pointer = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset;
    }

    /// <summary>The bytes, to be read while <see cref="Pin"/> holds them.</summary>
    /// <exception cref="ObjectDisposedException">The model that owns the file was disposed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);
        return new(pointer, length);
    }

    /// <summary>Keeps the file mapped, disposed or not, until <see cref="Unpin"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model that owns the file was disposed.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        bool held = false;
        view.SafeMemoryMappedViewHandle.DangerousAddRef(ref held);
        return new(pointer + elementIndex, pinnable: this);
    }

    public override void Unpin() => view.SafeMemoryMappedViewHandle.DangerousRelease();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            view.Dispose();
            file.Dispose();
        }
    }
}
