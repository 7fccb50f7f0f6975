using System.IO.MemoryMappedFiles;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>A file mapped into memory, so that constants are read from the page cache and never copied.</summary>
internal sealed unsafe class MappedFile : FileBytes
{
    private readonly MemoryMappedFile file;

    /// <exception cref="ModelFormatException">The file is empty or larger than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal MappedFile(string path)
    {
        using FileStream stream = Open(path, out int length);
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        SetBytes(view.SafeMemoryMappedViewHandle, (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset, length);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            file.Dispose();
        }
    }
}
