namespace EdgeInference.Devices;

/// <summary>The two copies of a store's record. At any moment one of them is whole, and the newer of two whole ones counts.</summary>
internal sealed class StoreRecordFiles(string folder)
{
    /// <summary>Number of copies.</summary>
    internal const int Copies = 2;

    private readonly string second = Path.Combine(folder, "model.state.copy");

    /// <summary>Path of the copy that is written first.</summary>
    internal string First { get; } = Path.Combine(folder, "model.state");

    /// <summary>The newest record that is whole; null if there is none.</summary>
    /// <param name="isLost">Whether there was a record and no copy of it can be read.</param>
    internal StoreState? Read(out bool isLost)
    {
        StoreState? newest = null;
        bool damaged = false;
        foreach (string path in (ReadOnlySpan<string>)[First, second])
        {
            try
            {
                StoreState? state = StoreRecord.Read(RegularFile.Read(path, StoreRecord.MostBytes));
                damaged |= state is null;
                newest = newest is null || state?.Sequence > newest.Sequence ? state ?? newest : newest;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                damaged = true;
            }
        }

        isLost = newest is null && damaged;
        return newest;
    }

    /// <summary>Gives the first fresh copy its name.</summary>
    /// <exception cref="IOException">The disk failed; the record is the one that it was.</exception>
    internal void PutFirst(IStoreFiles files, FreshFiles fresh) => files.Rename(fresh.Records[0], First);

    /// <summary>Gives the second fresh copy its name. Where that fails the older copy stays, and the next record replaces it.</summary>
    internal void PutSecond(IStoreFiles files, FreshFiles fresh)
    {
        try
        {
            files.Rename(fresh.Records[1], second);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
