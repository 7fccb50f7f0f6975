using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace EdgeInference.Runtime;

/// <summary>A file mapped into memory, so that constants are read from the page cache and never copied.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int length;
    private byte* pointer;

    internal MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (stream.Length is 0 or > int.MaxValue)
        {
            throw new EdgeInference.ModelFormat.ModelFormatException("header", 0, stream.Length == 0 ? "the file is empty" : "the file is larger than 2 GiB");
        }

        length = (int)stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        pointer += view.PointerOffset;
    }

    // The view's handle counts the pointer that was acquired, so that its own finalizer alone would never unmap the file. Whoever
    // reads through a span (ModelBytes, ModelSignature, SelfTest, kernels) keeps the owner alive until it is done.
#pragma warning disable CA2015
    ~MappedFile() => Dispose(disposing: false);
#pragma warning restore CA2015

    /// <exception cref="ObjectDisposedException">The model that owns the file was disposed.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(pointer == null, this);
        return new(pointer, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (pointer != null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            pointer = null;
        }

        if (disposing)
        {
            view.Dispose();
            file.Dispose();
        }
    }
}
