namespace EdgeInference.Devices;

/// <summary>
/// What a model learned, as a file beside it: written beside the old one, on the disk before it gets its name, so that after a loss of
/// power at any moment the old state or the new one is there and whole. Its user checks it by <see cref="ModelHost.Restore"/>.
/// </summary>
public sealed class LearnedStateFile
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "model.edgestate";

    // Far above any state file, far below what could exhaust memory.
    private const int MostBytes = 64 << 20;

    private readonly string folder;
    private readonly IStoreFiles files;

    /// <summary>Names the file; nothing is read or made.</summary>
    /// <param name="folder">Its folder, such as that of the store of a <see cref="ModelUpdater"/>, which removes what an interrupted write left.</param>
    public LearnedStateFile(string folder)
        : this(folder, new StoreFiles())
    {
    }

    internal LearnedStateFile(string folder, IStoreFiles files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.folder = System.IO.Path.GetFullPath(folder);
        this.files = files;
    }

    /// <summary>Path of the file.</summary>
    public string Path => System.IO.Path.Combine(folder, FileName);

    /// <summary>What is in the file; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This program's user may not read it.</exception>
    public byte[]? Read() => File.Exists(Path) ? RegularFile.Read(Path, MostBytes) : null;

    /// <summary>Replaces the file. When this returns, the new state is on the disk.</summary>
    /// <exception cref="IOException">The disk is full or failed; the file is the one that it was.</exception>
    /// <exception cref="UnauthorizedAccessException">This program's user may not write there; the file is the one that it was.</exception>
    public void Write(ReadOnlySpan<byte> state)
    {
        Directory.CreateDirectory(folder);
        using var fresh = new FreshFiles(files, System.IO.Path.Combine(folder, FreshFiles.Prefix), passed: null);
        files.Rename(fresh.AddModel(state), Path);
        _ = files.FlushFolder(folder);
    }
}
