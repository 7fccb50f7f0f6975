using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Stress;

/// <summary>One kind of file that users give to the tool: how it is damaged, and what reading it may do.</summary>
internal sealed class ImporterTarget
{
    /// <summary>Bytes that reading may allocate besides a multiple of the file.</summary>
    internal const long MemoryFloor = 200L << 20;

    /// <summary>The multiple.</summary>
    internal const int MemoryFactor = 4;

    /// <summary>Longer than this is a hang.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Func<byte[], Random, byte[]> mutate;
    private readonly Action<string> read;

    private ImporterTarget(string extension, Func<byte[], Random, byte[]> mutate, Action<string> read)
    {
        Extension = extension;
        this.mutate = mutate;
        this.read = read;
    }

    /// <summary>All targets.</summary>
    internal static IReadOnlyList<ImporterTarget> All { get; } =
    [
        new(".onnx", ProtobufMutator.Mutate, Import),
        new(".tflite", ByteMutator.Mutate, Import),
        new(".h5", ByteMutator.Mutate, Import),
        new(".keras", ArchiveMutator.Mutate, Import),
        new(".safetensors", SafetensorsMutator.Mutate, ImportWeights),
        new(".npz", ArchiveMutator.Mutate, ImportWeights),
        new(".json", JsonMutator.Mutate, ImportLayers),
        new(".yaml", ByteMutator.Mutate, ImportLayers),
        new(".npy", ByteMutator.Mutate, path => NpyFile.Read(path)),
        new(".csv", ByteMutator.Mutate, path => CsvTable.ReadLabelled(path, "label")),
    ];

    /// <summary>The ending of the file's name.</summary>
    internal string Extension { get; }

    /// <summary>A damaged copy.</summary>
    internal byte[] Mutate(byte[] file, Random random) => mutate(file, random);

    /// <summary>Reads a file as the tool would.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="folder">Where it is written; has <c>layers.json</c> and <c>weights.safetensors</c> where the target needs them.</param>
    /// <returns>Whether it was accepted; where not, it was refused with the exception that becomes one sentence.</returns>
    /// <exception cref="InvalidOperationException">It brought about what a file must not bring about.</exception>
    internal bool Read(byte[] content, string folder) => Refusal(content, folder) is null;

    /// <summary>Reads a file as the tool would.</summary>
    /// <returns>The sentence with which it was refused, or null where it was accepted.</returns>
    /// <exception cref="InvalidOperationException">It brought about what a file must not bring about.</exception>
    internal string? Refusal(byte[] content, string folder)
    {
        string path = Path.Combine(folder, "damaged" + Extension);
        File.WriteAllBytes(path, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        string? refusal = null;
        try
        {
            read(path);
        }
        catch (Exception exception) when (exception is InputException or ModelFormatException)
        {
            refusal = exception.Message;
            if (exception.Message.Length == 0 || exception is InputException && exception.Message.Any(char.IsControl))
            {
                throw new InvalidOperationException($"'{exception.Message}' is not one sentence", exception);
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.GetType().Name}: {exception.Message}", exception);
        }

        long limit = MemoryFloor + (MemoryFactor * (long)content.Length);

        // A model that is accepted is computed with, which takes the time and the memory of the values that it declares.
        if (refusal is not null && (GC.GetAllocatedBytesForCurrentThread() - before > limit || Stopwatch.GetElapsedTime(start) > Longest))
        {
            (long resident, TimeSpan elapsed) = Again(path);
            if (resident > limit)
            {
                throw new InvalidOperationException($"{resident} bytes resident");
            }

            if (elapsed > Longest)
            {
                throw new InvalidOperationException($"{elapsed.TotalSeconds:0.0} s until it was refused");
            }
        }

        return refusal;
    }

    // Memory that is allocated and never written costs nothing, and a collection that other files owe is not this file's time:
    // in doubt the file is read again, after a collection, and the process looked at.
    private (long Resident, TimeSpan Elapsed) Again(string path)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before = Environment.WorkingSet;
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }

        TimeSpan start = ThreadTime();
        try
        {
            read(path);
        }
        catch (Exception exception) when (exception is InputException or ModelFormatException)
        {
            // As before.
        }

        TimeSpan elapsed = ThreadTime() - start;
        string? peak = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return (peak is null ? 0 : (long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10) - before, elapsed);
    }

    // This thread's own time on a processor, so that what else the machine does is not this file's time: fields 14 and 15 of proc(5), in hundredths.
    private static TimeSpan ThreadTime()
    {
        const string Statistics = "/proc/thread-self/stat";
        if (!File.Exists(Statistics))
        {
            return Stopwatch.GetElapsedTime(0);
        }

        string line = File.ReadAllText(Statistics);
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    // The whole way of edge export in float32.
    private static void Import(string path) => Write(ModelImporter.Import(path));

    private static void ImportLayers(string path) => Write(ModelImporter.Import(Path.Combine(Path.GetDirectoryName(path)!, "weights.safetensors"), path));

    private static void ImportWeights(string path) => Write(ModelImporter.Import(path, Path.Combine(Path.GetDirectoryName(path)!, "layers.json")));

    private static void Write(Graph graph) => ModelWriter.Write(GraphOptimizer.Optimize(graph));
}
