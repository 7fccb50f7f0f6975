using System.Runtime.InteropServices;

namespace EdgeInference.Devices;

/// <summary>The files of this machine.</summary>
internal sealed partial class StoreFiles : IStoreFiles
{
    private const int OpenReadOnly = 0;

    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    public void Flush(Stream file) => (file as FileStream)?.Flush(flushToDisk: true);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public bool FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        int descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0)
        {
            return false;
        }

        int result = Synchronize(descriptor);
        _ = Close(descriptor);
        return result == 0;
    }

    public void Delete(string path) => File.Delete(path);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
