namespace EdgeInference.Devices;

/// <summary>What a <see cref="ModelStore"/> does to its disk, one by one, so that tests see each and its order.</summary>
internal interface IStoreFiles
{
    /// <summary>Makes a file that does not exist yet.</summary>
    Stream Create(string path);

    /// <summary>Returns when what was written to the file is on the disk, behind every cache.</summary>
    void Flush(Stream file);

    /// <summary>Gives a file another name in its folder, in one step, whether or not there is a file of that name.</summary>
    void Rename(string from, string to);

    /// <summary>Returns when the names in a folder are on the disk.</summary>
    /// <returns>False where the file system cannot do it.</returns>
    bool FlushFolder(string folder);

    /// <summary>Removes a file; one that does not exist is not an error.</summary>
    void Delete(string path);
}
