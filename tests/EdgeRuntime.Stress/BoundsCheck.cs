using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Runs random programs, and mutants of them that the validator lets pass, among them those whose tensors share bytes, with every block of memory between guard pages:
/// an access outside the arena, the constants or a kernel's scratch ends the process, and so does a result that depends on what was in the scratch.
/// </summary>
internal static unsafe class BoundsCheck
{
    // The arena's slack, which kernels may read and not write.
    private const int Slack = 64;
    private const byte Canary = 0xA5;

    // Mutants may ask for sizes that take long; the check is about addresses.
    private const int MaxArenaBytes = 1 << 18;

    internal static int Run(int seed, int programs)
    {
        GuardedMemory.Install();
        var generator = new RandomPrograms(seed);
        var mutator = new ModelMutator(seed);
        var overlaps = new OverlapMutator(seed);
        int mutants = 0;
        for (int i = 0; i < programs; i++)
        {
            byte[] file = generator.Next();
            RunProgram(file, $"{seed}/{i}");
            var placed = new PlacedModel(file, ModelFile.Read(new ModelBytes(file)));
            for (int m = 0; m < 16; m++)
            {
                byte[] mutant = m < 8 ? mutator.Mutate(file) : overlaps.Mutate(file, placed);
                if (MutationRun.Read(mutant) is { } model && IsSmall(model))
                {
                    mutants++;
                    RunProgram(mutant, $"{seed}/{i}/{m}");
                }
            }
        }

        Console.WriteLine($"{programs} programs and {mutants} valid mutants stayed within their memory");
        return 0;
    }

    /// <summary>Runs the files of a folder that are valid.</summary>
    internal static int RunFiles(string folder)
    {
        GuardedMemory.Install();
        int valid = 0;
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            byte[] file = File.ReadAllBytes(path);
            if (Mended(file) is { } model)
            {
                valid++;
                if (IsSmall(model))
                {
                    RunProgram(file, Path.GetFileName(path));
                }
            }
        }

        Console.WriteLine($"{valid} valid files stayed within their memory");
        return 0;
    }

    /// <summary>Mends length and checksum of a file, which a fuzzer would have to guess, and reads it.</summary>
    /// <returns>The model, or null where it was refused.</returns>
    internal static ModelFile? Mended(byte[] file) => Mended(file, out _);

    /// <summary>The same, with the sentence with which it was refused, or null.</summary>
    internal static ModelFile? Mended(byte[] file, out string? refusal)
    {
        if (file.Length >= FormatLayout.HeaderBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FormatLayout.LengthOffset), file.Length);
            ModelBuilder.WriteCrc(file);
        }

        return MutationRun.Read(file, out refusal);
    }

    /// <summary>Does what must end the process: shows that the guards are there.</summary>
    internal static int Fault(string where)
    {
        GuardedMemory.Install();
        GuardedMemory.AtStart = where == "before";
        byte* block = (byte*)GuardedMemory.Allocate(100);
        block[0] = 1;
        block[99] = 1;
        using GuardedBytes constants = GuardedMemory.Copy(new byte[100]);
        switch (where)
        {
            case "before":
                block[-1] = 1;
                break;
            case "after":
                block[100] = 1;
                break;
            case "constant":
                constants.GetSpan()[0] = 1;
                break;
            default:
                break;
        }

        Console.WriteLine("still here");
        return 0;
    }

    private static void RunProgram(byte[] file, string name)
    {
        // A crash leaves the name of its program as the last line.
        Console.WriteLine(name);
        Console.Out.Flush();
        RunValid(file);
    }

    /// <summary>Whether a model can be run in moments.</summary>
    internal static bool IsSmall(ModelFile model) =>
        model.ArenaBytes <= MaxArenaBytes && model.Operators.Sum(record => record.Inputs.Max(input => input?.Elements ?? 1) * (long)record.Outputs[0].Elements) < 1 << 24;

    /// <summary>Runs a valid file with all kernels, its memory before and behind guards, which <see cref="GuardedMemory.Install"/> put there.</summary>
    internal static void RunValid(byte[] file)
    {
        foreach (bool atStart in new[] { false, true })
        {
            GuardedMemory.AtStart = atStart;
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using GuardedBytes bytes = GuardedMemory.Copy(file);
                using var model = Load(bytes.Memory);
                if (model is not null)
                {
                    RunSession(model, kernels);
                }
            }
        }
    }

    // A valid file may ask for a type for which this engine has no kernel.
    private static EdgeModel? Load(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return EdgeModel.Load(bytes);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static void RunSession(EdgeModel model, KernelSet kernels)
    {
        GuardedMemory.Recent.Clear();
        using Session session = model.CreateSession(kernels);
        (nint arena, int bytes) = GuardedMemory.Recent[0];
        if (bytes != model.File.ArenaBytes + Slack)
        {
            throw new InvalidOperationException("The arena is not the first block of a session.");
        }

        var slack = new Span<byte>((byte*)arena + model.File.ArenaBytes, Slack);
        slack.Fill(Canary);
        var random = new Random(1);
        float[] input = [.. Enumerable.Range(0, session.InputLength).Select(_ => (float)((random.NextDouble() * 20) - 10))];
        float[] first = new float[session.OutputLength];
        session.Run(input, first);
        if (slack.ContainsAnyExcept(Canary))
        {
            throw new InvalidOperationException("A kernel wrote behind the arena.");
        }

        // All kernels work in the same scratch, so that none may find there what it left. Which NaN a NaN is may change
        // when the runtime compiles a kernel again.
        float[] second = new float[session.OutputLength];
        session.Room.FillScratch(Canary);
        session.Reset();
        session.Run(input, second);
        if (!first.AsSpan().SequenceEqual(second))
        {
            throw new InvalidOperationException("A kernel reads scratch that it did not write.");
        }

        const int Rows = 5;
        float[] rows = [.. Enumerable.Repeat(input, Rows).SelectMany(row => row)];
        session.RunBatch(rows, new float[Rows * session.OutputLength], Rows);
    }
}
