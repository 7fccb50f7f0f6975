using ModelFormat;

namespace EdgeRuntime.Stress;

/// <summary>
/// Runs random programs, and mutants of them that the validator lets pass, with every block of memory between guard pages:
/// an access outside the arena, the constants or a kernel's scratch ends the process.
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
        int mutants = 0;
        for (int i = 0; i < programs; i++)
        {
            byte[] file = generator.Next();
            RunProgram(file, $"{seed}/{i}");
            for (int m = 0; m < 8; m++)
            {
                byte[] mutant = mutator.Mutate(file);
                if (MutationRun.Read(mutant) is { } model && model.ArenaBytes <= MaxArenaBytes && Work(model) < 1 << 24)
                {
                    mutants++;
                    RunProgram(mutant, $"{seed}/{i}/{m}");
                }
            }
        }

        Console.WriteLine($"{programs} programs and {mutants} valid mutants stayed within their memory");
        return 0;
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
        foreach (bool atStart in new[] { false, true })
        {
            GuardedMemory.AtStart = atStart;
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using GuardedBytes bytes = GuardedMemory.Copy(file);
                using var model = EdgeModel.Load(bytes.Memory);
                RunSession(model, kernels);
            }
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
        session.Run(input, new float[session.OutputLength]);
        if (slack.ContainsAnyExcept(Canary))
        {
            throw new InvalidOperationException("A kernel wrote behind the arena.");
        }

        const int Rows = 5;
        float[] rows = [.. Enumerable.Repeat(input, Rows).SelectMany(row => row)];
        session.RunBatch(rows, new float[Rows * session.OutputLength], Rows);
    }

    private static long Work(ModelFile model) => model.Operators.Sum(record => record.Inputs.Max(input => input?.Elements ?? 1) * (long)record.Outputs[0].Elements);
}
