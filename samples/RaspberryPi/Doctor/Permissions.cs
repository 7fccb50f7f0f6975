using System.Runtime.InteropServices;

namespace EdgeDevice;

/// <summary>What this user may open. The kernel is asked: nothing is opened, so that no device notices.</summary>
internal static partial class Permissions
{
    private const int ReadAndWrite = 4 | 2;

    internal static string? Refusal(string path) =>
        !OperatingSystem.IsLinux() ? null
        : Access(path, ReadAndWrite) == 0 ? null
        : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
