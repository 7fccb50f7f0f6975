using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeInference.ModelConverter.Files;

/// <summary>What the system says of a path: whether it is an ordinary file, and which one. Links are followed.</summary>
/// <param name="IsOrdinary">False for a device, a FIFO or a socket.</param>
/// <param name="Identity">The same text for every path of one file.</param>
internal readonly partial record struct FileStatus(bool IsOrdinary, string Identity)
{
    // struct statx and the masks of the kernel's <linux/stat.h>.
    private const int CurrentFolder = -100;
    private const uint TypeModeAndInode = 0x103;
    private const int StructBytes = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceMajorOffset = 136;
    private const int DeviceMinorOffset = 140;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>The status of what is at a path; null if nothing is there or it cannot be seen.</summary>
    internal static FileStatus? Of(string path) => OfLinux(path) ?? OfName(path);

    private static FileStatus? OfLinux(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte[] status = new byte[StructBytes];
        try
        {
            if (StatX(CurrentFolder, path, 0, TypeModeAndInode, status) != 0)
            {
                return null;
            }
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }

        int type = MemoryMarshal.Read<ushort>(status.AsSpan(ModeOffset)) & TypeMask;
        string identity = string.Create(
            CultureInfo.InvariantCulture,
            $"inode {MemoryMarshal.Read<uint>(status.AsSpan(DeviceMajorOffset))}:{MemoryMarshal.Read<uint>(status.AsSpan(DeviceMinorOffset))}:{MemoryMarshal.Read<ulong>(status.AsSpan(InodeOffset))}");
        return new FileStatus(type is RegularFile or Folder, identity);
    }

    // Without statx a device is known by its folder alone.
    private static FileStatus? OfName(string path)
    {
        if (!Path.Exists(path))
        {
            return null;
        }

        string full = Path.GetFullPath(path);
        bool isDevice = !OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal);
        return new FileStatus(!isDevice && (File.GetAttributes(full) & FileAttributes.Device) == 0, $"path {Name(full)}");
    }

    // Names that differ by case alone are one file where file systems are usually made so.
    private static string Name(string full) => OperatingSystem.IsLinux() ? full : full.ToUpperInvariant();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
