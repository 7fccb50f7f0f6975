using System.Buffers.Binary;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Text;
using EdgeInference.ModelConverter.Graphs;

namespace ModelExporter.Commands;

/// <summary>Says in a file where it comes from: source, options and rows. No time and no path, so that the same input gives the same bytes.</summary>
internal static class Provenance
{
    // Options that say where results go or how they are printed, not what they are.
    private static readonly string[] Without = ["--output", "--onnx", "--history", "--json", "--quiet", "--help"];

    private static readonly string[] Paths = ["--calibrate", "--layers", "--data"];

    /// <summary>Adds provenance to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="source">The file that it was imported from or trained on; - for standard input.</param>
    /// <param name="result">The command line.</param>
    /// <param name="names">Names of the columns of the rows, or none.</param>
    /// <param name="rows">Training or calibration rows, or none.</param>
    /// <param name="labels">The class of each row, or null.</param>
    internal static void AddTo(Graph graph, string source, ParseResult result, IReadOnlyList<string> names, IReadOnlyList<float[]> rows, int[]? labels)
    {
        graph.Metadata = graph.Metadata with
        {
            Source = source == "-" ? "" : Path.GetFileName(source),
            SourceHash = graph.Metadata.SourceHash ?? (File.Exists(source) ? SHA256.HashData(File.ReadAllBytes(source)) : null),
            Options = Options(result),
            TrainingRows = rows.Count == 0 ? null : Fingerprint(names, rows, labels),
        };
    }

    /// <summary>SHA-256 of the column names, each with a zero byte after it, then of each row's float32 values and of its class as an i32 where it is known.</summary>
    internal static byte[] Fingerprint(IReadOnlyList<string> names, IReadOnlyList<float[]> rows, int[]? labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + '\0'));
        }

        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (float value in rows[i])
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                hash.AppendData(bytes);
            }

            if (labels is not null)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, labels[i]);
                hash.AppendData(bytes);
            }
        }

        return hash.GetHashAndReset();
    }

    private static string Options(ParseResult result) => string.Join(' ', result.CommandResult.Children
        .OfType<OptionResult>()
        .Where(option => !option.Implicit && !Without.Contains(option.Option.Name))
        .OrderBy(option => option.Option.Name, StringComparer.Ordinal)
        .Select(option => string.Join(' ', [option.Option.Name, .. option.Tokens.Select(token => Word(token.Value, Paths.Contains(option.Option.Name)))])));

    // Of a path only the name of the file is kept; a unit or a label may hold a slash too.
    private static string Word(string value, bool isPath)
    {
        string word = isPath ? Path.GetFileName(value) : value;
        return word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
    }
}
