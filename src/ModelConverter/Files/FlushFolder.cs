using System.Runtime.InteropServices;

namespace EdgeInference.ModelConverter.Files;

/// <summary>A rename is on the disk only when its folder is; .NET opens no folder.</summary>
internal static partial class FlushFolder
{
    private const int OpenReadOnly = 0;

    /// <summary>Flushes a folder, where the system can.</summary>
    /// <returns>Whether it is on the disk.</returns>
    internal static bool Of(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return false;
        }

        int descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0)
        {
            return false;
        }

        bool isFlushed = Synchronize(descriptor) == 0;
        _ = Close(descriptor);
        return isFlushed;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
