using System.IO.Compression;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>An .npz file: a zip archive with a .npy file for each array, as numpy.savez and numpy.savez_compressed write it.</summary>
internal sealed class NpzFile : WeightFile
{
    private const string Ending = ".npy";

    private readonly byte[] bytes;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory of the archive.</summary>
    /// <exception cref="InputException">It is not a zip archive, or two arrays have one name.</exception>
    internal NpzFile(byte[] bytes, string path)
        : base(path)
    {
        this.bytes = bytes;
        try
        {
            // Its stream is memory, and its entries are read later.
            var zip = ZipPart.Open(bytes);
            foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.FullName.EndsWith(Ending, StringComparison.Ordinal)))
            {
                if (!entries.TryAdd(entry.FullName[..^Ending.Length], entry))
                {
                    throw new InputException($"'{path}' has two arrays named '{entry.FullName[..^Ending.Length]}'; write it again.");
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new InputException($"'{path}' is not a .npz archive or is damaged, {exception.Message.TrimEnd('.')}; write it with numpy.savez, or copy it again.", exception);
        }
    }

    internal override IReadOnlyCollection<string> Names => entries.Keys;

    protected override (int[] Shape, float[] Data) ReadTensor(string name)
    {
        try
        {
            return NpyFile.Parse(ZipPart.Read(entries[name], bytes.Length), $"{Path}:{name}{Ending}");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new InputException($"'{Path}' is damaged: {exception.Message.TrimEnd('.')}; write it again.", exception);
        }
    }
}
