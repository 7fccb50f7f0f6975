namespace EdgeInference.Devices;

/// <summary>
/// A folder with two slots for models, the one in use and the confirmed one before, and a record in two copies that says by hash
/// which is which. What is in a slot is never written to: new bytes are on the disk before they get a name, the record after its
/// model, so that after a loss of power at any moment the old model or the new one is there and whole.
/// </summary>
internal sealed class ModelStore : IDisposable
{
    private readonly bool looksOnly;
    private readonly StoreRecordFiles records;
    private StoreLock? held;

    /// <summary>Takes the folder for this program, makes it where it is missing, and removes what an interrupted replacement left.</summary>
    /// <exception cref="StoreInUseException">Another program has it.</exception>
    internal ModelStore(string folder, IStoreFiles? files = null)
        : this(folder, files, looksOnly: false) => TakeLock();

    private ModelStore(string folder, IStoreFiles? files, bool looksOnly)
    {
        Files = files ?? new StoreFiles();
        Folder = System.IO.Path.GetFullPath(folder);
        records = new StoreRecordFiles(Folder);
        this.looksOnly = looksOnly;
    }

    internal string Folder { get; }

    /// <summary>Path of the model in use; there may be no file yet.</summary>
    internal string Path => System.IO.Path.Combine(Folder, FreshFiles.ModelName);

    /// <summary>Path of the confirmed model before.</summary>
    internal string PreviousPath => System.IO.Path.Combine(Folder, "previous.edge");

    /// <summary>Whether this program may write to the folder.</summary>
    internal bool IsHeld => held is not null;

    /// <summary>The record as it was read or written last.</summary>
    internal StoreState? Stored { get; private set; }

    /// <summary>What was found at the start that does not stop it, a sentence each.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>Called at each point of a replacement.</summary>
    internal Action<StoreStep>? Passed { get; set; }

    /// <summary>The disk; tests put a full one here.</summary>
    internal IStoreFiles Files { get; set; }

    /// <summary>Looks at a folder that another program may be using: no lock, no write.</summary>
    internal static ModelStore Look(string folder) => new(folder, null, looksOnly: true);

    /// <summary>The newest record that is whole; null if there is none.</summary>
    internal StoreState? ReadState()
    {
        Stored = records.Read(out bool isLost);
        if (isLost)
        {
            Problems.Add($"The record '{records.First}' and its copy cannot be read: which versions were accepted here is not known any more, and begins again with the models that are there.");
        }

        return Stored;
    }

    /// <summary>The hash of the stored model; null if there is none that can be read.</summary>
    internal string? StoredHash(int maxBytes)
    {
        try
        {
            return StoreRecord.HashOf(RegularFile.Read(Path, maxBytes));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the record alone.</summary>
    /// <returns>The state as it was written.</returns>
    /// <exception cref="IOException">The disk is full or failed; the record is the one that it was.</exception>
    internal StoreState Write(StoreState state)
    {
        RequireWritable();
        state = state with { Sequence = (Stored?.Sequence ?? 0) + 1 };
        using var fresh = NewFiles();
        fresh.AddRecords(StoreRecord.Write(state), StoreRecordFiles.Copies);
        Record(fresh, state);
        return state;
    }

    /// <summary>Puts a model into use, with the record that says so.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="keep">Whether the model in use becomes the one before; else it is overwritten.</param>
    /// <param name="state">The record.</param>
    /// <returns>The state as it was written.</returns>
    /// <exception cref="IOException">The disk is full or failed; the model in use is the one that it was.</exception>
    internal StoreState Replace(ReadOnlySpan<byte> bytes, bool keep, StoreState state)
    {
        RequireWritable();
        state = state with { Sequence = (Stored?.Sequence ?? 0) + 1 };
        using var fresh = NewFiles();
        string model = fresh.AddModel(bytes);
        fresh.AddRecords(StoreRecord.Write(state), StoreRecordFiles.Copies);
        bool kept = false;
        try
        {
            if (keep)
            {
                Files.Rename(Path, PreviousPath);
                kept = true;
                _ = Files.FlushFolder(Folder);
                Passed?.Invoke(StoreStep.Kept);
            }

            Files.Rename(model, Path);
            Passed?.Invoke(StoreStep.Renamed);

            // A rename is on the disk only when its folder is.
            _ = Files.FlushFolder(Folder);
            Passed?.Invoke(StoreStep.Durable);
            Record(fresh, state);
            return state;
        }
        catch when (kept && Stored != state)
        {
            TryRestore();
            throw;
        }
    }

    /// <summary>Gives the model before the name of the one in use, whose file goes.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void Restore()
    {
        RequireWritable();
        Files.Rename(PreviousPath, Path);
        _ = Files.FlushFolder(Folder);
    }

    public void Dispose() => held?.Dispose();

    private FreshFiles NewFiles() => new(Files, System.IO.Path.Combine(Folder, FreshFiles.Prefix), Passed);

    private void Record(FreshFiles fresh, StoreState state)
    {
        // The first copy decides: from here on the new state is found.
        records.PutFirst(Files, fresh);
        Stored = state;
        Passed?.Invoke(StoreStep.HalfRecorded);
        records.PutSecond(Files, fresh);
        _ = Files.FlushFolder(Folder);
        Passed?.Invoke(StoreStep.Recorded);
    }

    private void RequireWritable()
    {
        if (looksOnly)
        {
            throw new IOException($"The model store '{Folder}' was opened only to be looked at; open it with ModelUpdater.Open to change it.");
        }

        if (held is not null)
        {
            return;
        }

        Problems.Clear();
        TakeLock();
        StoreState? known = Stored;
        if (held is null)
        {
            throw new IOException(Problems[0]);
        }

        if (ReadState()?.Sequence != known?.Sequence)
        {
            held.Dispose();
            held = null;
            Stored = known;
            throw new IOException($"Another program has changed the model store '{Folder}' since this one started; restart this one.");
        }
    }

    private void TakeLock() => held = StoreOpening.Take(Folder, Files, Problems);

    private void TryRestore()
    {
        try
        {
            Restore();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Both are there; the record says which is in use.
        }
    }
}
