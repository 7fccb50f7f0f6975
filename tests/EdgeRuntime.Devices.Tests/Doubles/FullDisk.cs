namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A disk on which each file has little room.</summary>
internal sealed class FullDisk(int room, bool namesFile = false) : IStoreFiles
{
    private readonly StoreFiles files = new();

    public Stream Create(string path) => new LittleFile(path, room, namesFile);

    public void Flush(Stream file) => files.Flush(file);

    public void Rename(string from, string to) => files.Rename(from, to);

    public bool FlushFolder(string folder) => files.FlushFolder(folder);

    public void Delete(string path) => files.Delete(path);

    private sealed class LittleFile(string path, int room, bool namesFile) : FileStream(path, FileMode.CreateNew, FileAccess.Write)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fits = (int)Math.Min(buffer.Length, room - Length);
            base.Write(buffer[..fits]);
            if (fits < buffer.Length)
            {
                throw new IOException(namesFile ? $"No space left on device : '{Name}'" : "No space left on device.");
            }
        }
    }
}
