using System.Diagnostics;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress;

/// <summary>Reads damaged files: each must be refused with a <see cref="ModelFormatException"/> or be a valid model, soon and in little memory.</summary>
internal static class MutationRun
{
    /// <summary>What reading may take: tables of records besides the file itself, at most this often its size, and this much at least.</summary>
    internal const int MemoryFactor = 64;

    /// <summary>Bytes that reading may take for any file.</summary>
    internal const int MemoryFloor = 64 * 1024;

    internal static int Run(int seed, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        long reads = 0;
        long valid = 0;
        for (int round = 0; Stopwatch.GetElapsedTime(start) < duration; round++)
        {
            (long accepted, long done) = Round(seed + round, 5000);
            valid += accepted;
            reads += done;
        }

        Console.WriteLine($"{reads} reads, {valid} valid, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s: no unexpected exception");
        return 0;
    }

    /// <summary>Reads mutants of a few random programs.</summary>
    /// <returns>The number of mutants that were valid, and of all.</returns>
    internal static (long Valid, long Reads) Round(int seed, int reads)
    {
        var programs = new RandomPrograms(seed);
        var mutator = new ModelMutator(seed);
        byte[] file = programs.Next();
        long valid = 0;
        for (int i = 0; i < reads; i++)
        {
            if (i % 50 == 0)
            {
                file = programs.Next();
            }

            byte[] mutant = mutator.Mutate(file);
            valid += Read(mutant) is null ? 0 : 1;

            // A valid mutant is a seed that reaches further.
            file = valid % 5 == 4 && Read(mutant) is not null ? mutant : file;
        }

        return (valid, reads);
    }

    /// <summary>Reads one file.</summary>
    /// <returns>The model, or null where it was refused.</returns>
    /// <exception cref="InvalidOperationException">Something happened that a hostile file must not bring about.</exception>
    internal static ModelFile? Read(byte[] file) => Read(file, out _);

    /// <summary>Reads one file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="refusal">The sentence with which it was refused, or null.</param>
    /// <exception cref="InvalidOperationException">Something happened that a hostile file must not bring about.</exception>
    internal static ModelFile? Read(byte[] file, out string? refusal)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFile? model = null;
        refusal = null;
        try
        {
            model = ModelFile.Read(new ModelBytes(file));
        }
        catch (ModelFormatException exception)
        {
            refusal = exception.Message;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.GetType().Name} from {Convert.ToBase64String(file)}", exception);
        }

        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        return taken <= MemoryFloor + ((long)MemoryFactor * file.Length)
            ? model
            : throw new InvalidOperationException($"{taken} bytes of memory for {Convert.ToBase64String(file)}");
    }
}
