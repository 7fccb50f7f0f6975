using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Stress;

namespace Fuzz;

/// <summary>The engine's own files.</summary>
internal static class EdgeTarget
{
    private const int SmallBytes = 4000;

    /// <summary>Reads a file, with its metadata.</summary>
    /// <returns>The sentence with which it was refused, or null.</returns>
    internal static string? Read(byte[] file)
    {
        _ = Model(file, out string? refusal);
        return refusal;
    }

    /// <summary>Reads a file, and runs it where it is valid; an access outside its memory ends the process.</summary>
    /// <returns>The sentence with which it was refused, or null.</returns>
    internal static string? Run(byte[] file)
    {
        // Here, since instrumented code must not run before the fuzzer does.
        GuardedMemory.Install();
        if (Model(file, out string? refusal) is { } model && BoundsCheck.IsSmall(model))
        {
            BoundsCheck.RunValid(file);
        }

        return refusal;
    }

    /// <summary>Writes small programs: each operator with each type of input, and random ones.</summary>
    internal static void WriteCorpus(string folder)
    {
        Directory.CreateDirectory(folder);
        var programs = new RandomPrograms(1);
        foreach (RandomPrograms.Row row in RandomPrograms.Rows)
        {
            // Two, for the inputs that may be absent.
            for (int i = 0; i < 2; i++)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{row.Opcode}-{row.Type}-{i}.edge"), Small(() => programs.Next(row)));
            }
        }

        for (int i = 0; i < 60; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"program{i}.edge"), Small(programs.Next));
        }
    }

    private static ModelFile? Model(byte[] file, out string? refusal)
    {
        ModelFile? model = BoundsCheck.Mended(file, out refusal);
        foreach (MetadataKey key in model is null ? [] : Enum.GetValues<MetadataKey>())
        {
            // Metadata is parsed when it is asked for.
            _ = model!.Metadata.Text(key).Length + model.Metadata.TextList(key).Length + model.Metadata.Floats(key).Length;
        }

        return model;
    }

    private static byte[] Small(Func<byte[]> make)
    {
        byte[] file;
        do
        {
            file = make();
        }
        while (file.Length > SmallBytes);

        return file;
    }
}
