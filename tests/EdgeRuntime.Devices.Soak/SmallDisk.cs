using System.Diagnostics;

namespace EdgeInference.Devices.Soak;

/// <summary>A disk of one megabyte in memory that is filled and emptied; where it cannot be made, a folder that is never full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    internal SmallDisk(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        IsReal = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0;
    }

    internal bool IsReal { get; }

    private string Ballast => Path.Combine(folder, "ballast");

    internal void Fill()
    {
        if (!IsReal)
        {
            return;
        }

        using FileStream ballast = File.Create(Ballast);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    internal void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        if (IsReal)
        {
            Run("umount", folder);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
