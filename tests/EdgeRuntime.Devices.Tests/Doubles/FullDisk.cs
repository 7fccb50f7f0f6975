namespace EdgeRuntime.Devices.Tests.Doubles;

/// <summary>A file on a disk with little room left.</summary>
internal sealed class FullDisk(string path, int room) : FileStream(path, FileMode.CreateNew, FileAccess.Write)
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int fits = (int)Math.Min(buffer.Length, room - Length);
        base.Write(buffer[..fits]);
        if (fits < buffer.Length)
        {
            throw new IOException("No space left on device.");
        }
    }
}
