using System.IO.Compression;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>The parts of a <c>.keras</c> archive: a zip file with <c>config.json</c>, <c>metadata.json</c> and <c>model.weights.h5</c>.</summary>
/// <param name="Config">The model's configuration, JSON.</param>
/// <param name="Metadata">Keras's version and the date, JSON, or empty.</param>
/// <param name="Weights">An HDF5 file.</param>
internal sealed record KerasArchive(byte[] Config, byte[] Metadata, byte[] Weights)
{
    /// <summary>Reads an archive.</summary>
    /// <exception cref="InvalidDataException">It is not a zip file, a part is missing, or a part is far larger unpacked.</exception>
    internal static KerasArchive Read(byte[] bytes)
    {
        using var zip = ZipPart.Open(bytes);
        return new KerasArchive(
            Part(zip, "config.json", bytes.Length),
            zip.GetEntry("metadata.json") is null ? [] : Part(zip, "metadata.json", bytes.Length),
            Part(zip, "model.weights.h5", bytes.Length));
    }

    private static byte[] Part(ZipArchive zip, string name, long archiveBytes) =>
        ZipPart.Read(zip.GetEntry(name) ?? throw new InvalidDataException($"the archive has no '{name}'"), archiveBytes);
}
