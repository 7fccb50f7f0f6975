namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>The files of this machine, with a record of what was done to them and in which order; one kind of operation may fail.</summary>
internal sealed class RecordingFiles : IStoreFiles
{
    private readonly StoreFiles files = new();

    /// <summary>Each operation; what was made in between is called "new".</summary>
    internal List<string> Log { get; } = [];

    /// <summary>The operation that fails, as it stands at the start of its line.</summary>
    internal string? Failing { get; set; }

    /// <summary>What it fails with.</summary>
    internal Func<string, Exception> Error { get; set; } = message => new IOException(message);

    /// <summary>Called before each rename with the file that gets the new name.</summary>
    internal Action<string>? Renaming { get; set; }

    public Stream Create(string path)
    {
        Note($"create {Name(path)}");
        return new RecordedFile(this, path);
    }

    public void Flush(Stream file) => files.Flush(file);

    public void Rename(string from, string to)
    {
        Note($"rename {Name(from)} {Name(to)}");
        Renaming?.Invoke(from);
        files.Rename(from, to);
    }

    public bool FlushFolder(string folder)
    {
        Note($"flush folder {Path.GetFileName(folder)}");
        return files.FlushFolder(folder);
    }

    public void Delete(string path)
    {
        Note($"delete {Name(path)}");
        files.Delete(path);
    }

    private static string Name(string path) => Path.GetFileName(path) is var name && name.StartsWith(".model.edge.", StringComparison.Ordinal) ? "new" : name;

    private void Note(string operation)
    {
        Log.Add(operation);
        if (Failing is not null && operation.StartsWith(Failing, StringComparison.Ordinal))
        {
            throw Error($"'{operation}' failed.");
        }
    }

    private sealed class RecordedFile(RecordingFiles owner, string path) : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)
    {
        private bool closed;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            owner.Note($"write {buffer.Length}");
            base.Write(buffer);
        }

        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk)
            {
                owner.Note("flush file");
            }

            base.Flush(flushToDisk);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !closed)
            {
                closed = true;
                owner.Log.Add("close");
            }

            base.Dispose(disposing);
        }
    }
}
