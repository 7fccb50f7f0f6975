namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A disk whose machine loses its power at one operation: that one and all later ones do nothing.</summary>
internal sealed class CutFiles(int operations) : IStoreFiles
{
    private readonly StoreFiles files = new();
    private int done;

    /// <summary>Whether the power went.</summary>
    internal bool IsCut => done > operations;

    public Stream Create(string path)
    {
        Pass();
        return new CutFile(this, path);
    }

    public void Flush(Stream file)
    {
        Pass();
        files.Flush(file);
    }

    public void Rename(string from, string to)
    {
        Pass();
        files.Rename(from, to);
    }

    public bool FlushFolder(string folder)
    {
        Pass();
        return files.FlushFolder(folder);
    }

    public void Delete(string path)
    {
        Pass();
        files.Delete(path);
    }

    private void Pass()
    {
        done++;
        if (IsCut)
        {
            throw new IOException("The power is gone.");
        }
    }

    private sealed class CutFile(CutFiles owner, string path) : FileStream(path, FileMode.CreateNew, FileAccess.Write)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            owner.Pass();
            base.Write(buffer);
        }
    }
}
