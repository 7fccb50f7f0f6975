using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeInference.Devices;

/// <summary>
/// Says that one program writes to a store. The lock is the kernel's, on an open file: it goes with the process, however that
/// ends, and the file stays, since removing it would let two programs lock two files of one name.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const string FileName = ".lock";
    private const int MostBytes = 512;
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly SafeFileHandle file;

    private StoreLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock of a folder.</summary>
    /// <exception cref="StoreInUseException">Another program, or another part of this one, has it.</exception>
    /// <exception cref="IOException">The file cannot be made: the file system is read-only or full.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    internal static StoreLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is WouldBlock or SharingViolation)
        {
            throw new StoreInUseException(folder, Owner(path));
        }

        // .NET's own lock can be switched off for a whole process.
        if (OperatingSystem.IsLinux() && !LinuxFile.TryLock(handle))
        {
            handle.Dispose();
            throw new StoreInUseException(folder, Owner(path));
        }

        try
        {
            Sign(handle);
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new IOException($"'{path}' is no regular file; delete it.");
        }

        return new StoreLock(handle);
    }

    public void Dispose() => file.Dispose();

    // For the message of the next program only: a full disk is no reason not to start.
    private static void Sign(SafeFileHandle handle)
    {
        try
        {
            RandomAccess.SetLength(handle, 0);
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n")), 0);
        }
        catch (IOException)
        {
        }
    }

    private static string Owner(string path)
    {
        try
        {
            string text = OperatingSystem.IsLinux() ? Encoding.UTF8.GetString(LinuxFile.ReadLocked(path, MostBytes)) : "";
            string line = text.Split('\n')[0];
            return line.StartsWith("process ", StringComparison.Ordinal) && !line.Any(char.IsControl) ? line : "another program";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "another program";
        }
    }
}

/// <summary>A store has a writer already.</summary>
internal sealed class StoreInUseException(string folder, string owner)
    : IOException($"The model store '{folder}' is in use by {owner}; stop that first ('systemctl stop edge-device'), name another folder, or only look at it ('edge-device check').");
