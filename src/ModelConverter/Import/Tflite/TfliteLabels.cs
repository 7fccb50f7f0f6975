using System.IO.Compression;
using System.Text;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// The class texts of an output, as TensorFlow Lite's metadata keeps them: a table names a file of labels for the axis of a tensor, and
/// the file, a text a line, is in a zip archive behind the model. Slot numbers are those of metadata_schema.fbs, version 1.
/// </summary>
internal static class TfliteLabels
{
    private const string MetadataName = "TFLITE_METADATA";
    private const int AxisLabels = 2;
    private const int MaxTables = 1_000;

    /// <summary>The texts of the model's only output, or none; a note where a file of labels is there and cannot be used.</summary>
    /// <param name="file">The model.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="classes">How many elements the output has.</param>
    /// <exception cref="InputException">The metadata are damaged.</exception>
    internal static (string[] Labels, string? Note) Read(TfliteFile file, byte[] bytes, int classes)
    {
        FlatTable[] named = [.. file.Metadata(MetadataName) is { Length: > 0 } metadata ? Files(new FlatFile(metadata, file.File.Path)) : []];
        if (named.Length == 0)
        {
            return ([], null);
        }

        // The same labels in several languages: those without one are for all.
        FlatTable[] plain = named.Length == 1 ? named : [.. named.Where(table => table.Text(3).Length == 0)];
        if (plain.Length != 1)
        {
            return ([], "The file has labels in several languages; they were left out. Give class texts with --labels.");
        }

        string name = plain[0].Text(0);
        string[]? lines = Lines(bytes, name);
        string? problem = lines is null ? "cannot be read"
            : lines.Length != classes ? $"has {lines.Length} lines but the model has {classes} classes"
            : lines.Any(string.IsNullOrWhiteSpace) || lines.Distinct(StringComparer.Ordinal).Count() < lines.Length ? "has an empty or repeated line"
            : null;
        return problem is null ? (lines!, null) : ([], $"The file's labels '{name}' {problem}; they were left out. Give class texts with --labels.");
    }

    // Model metadata, first subgraph, only output, its associated files.
    private static FlatTable[] Files(FlatFile metadata)
    {
        FlatTable[] subgraphs = metadata.Root().Tables(3, MaxTables);
        FlatTable[] outputs = subgraphs.Length == 0 ? [] : subgraphs[0].Tables(3, MaxTables);
        return outputs.Length == 1 ? [.. outputs[0].Tables(6, MaxTables).Where(table => table.Byte(2) == AxisLabels)] : [];
    }

    private static string[]? Lines(byte[] bytes, string name)
    {
        try
        {
            using ZipArchive zip = ZipPart.Open(bytes);
            return zip.GetEntry(name) is { } entry
                ? Encoding.UTF8.GetString(ZipPart.Read(entry, bytes.Length)).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
