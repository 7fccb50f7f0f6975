extern alias nano;

using System.Diagnostics;
using EdgeInference.ModelFormat;
using NanoModel = nano::EdgeInference.Nano.NanoModel;
using NanoSession = nano::EdgeInference.Nano.NanoSession;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Runs mutants whose tensors share bytes, those that the reader lets pass, and holds each engine to what it computes where every tensor
/// has bytes of its own, to the bit, and the engines to one another.
/// </summary>
internal sealed class OverlapRun
{
    // Mutants of one file before the next.
    private const int MutantsOfOne = 40;

    // More than one, since states are kept from one to the next.
    private const int Inferences = 3;

    // What engines may differ by in float32, of the largest number of an output.
    private const float Tolerance = 1e-3f;

    private readonly Random random;
    private readonly RandomPrograms programs;
    private readonly OverlapMutator mutator;
    private readonly byte[][] files;

    internal OverlapRun(int seed, IEnumerable<byte[]> files)
    {
        random = new Random(seed);
        programs = new RandomPrograms(seed, 10);
        mutator = new OverlapMutator(seed);
        this.files = [.. files];
    }

    /// <summary>Mutants that were made.</summary>
    internal long Made { get; private set; }

    /// <summary>Of those, valid ones, which were run.</summary>
    internal long Ran { get; private set; }

    /// <summary>Of those, with tensors that share bytes.</summary>
    internal long Shared { get; private set; }

    /// <summary>Mutants for which all engines agreed to the bit.</summary>
    internal long Exact { get; private set; }

    /// <summary>Mutants for which engines disagree in float32 by more than the tolerance, and by as much where no tensor shares a byte.</summary>
    internal long Unstable { get; private set; }

    /// <summary>The mutants that gave something else than they must.</summary>
    internal List<(byte[] File, string Fault)> Differences { get; } = [];

    internal static int Run(int seed, long mutants, TimeSpan duration, string[] paths)
    {
        var run = new OverlapRun(seed, paths.Select(File.ReadAllBytes));
        long start = Stopwatch.GetTimestamp();
        while (run.Ran < mutants && Stopwatch.GetElapsedTime(start) < duration)
        {
            run.Next();
            if (run.Differences.Count > 20)
            {
                break;
            }
        }

        foreach ((byte[] file, string fault) in run.Differences)
        {
            Console.WriteLine($"{fault}: {Convert.ToBase64String(file)}");
        }

        Console.WriteLine($"seed {seed}: {run}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return run.Differences.Count == 0 ? 0 : 1;
    }

    public override string ToString() =>
        $"{Made} mutants, {Ran} valid and run, {Shared} of them with tensors that share bytes; all engines equal to the bit for {Exact}, beyond the tolerance in float32 with and without shared bytes for {Unstable}; {Differences.Count} differences";

    /// <summary>Mutants of the next program, and mutants of those.</summary>
    internal void Next()
    {
        byte[] file = files.Length > 0 && random.Next(8) == 0 ? files[random.Next(files.Length)] : programs.Next();
        if (Placed(file) is not { } placed)
        {
            return;
        }

        for (int i = 0; i < MutantsOfOne; i++)
        {
            byte[] mutant = mutator.Mutate(file, placed);
            Made++;
            if (Placed(mutant) is { } valid)
            {
                Ran++;
                Shared += valid.SharesBytes() ? 1 : 0;
                Check(mutant, valid);

                // A valid mutant is a seed that reaches further.
                if (random.Next(3) == 0)
                {
                    (file, placed) = (mutant, valid);
                }
            }
        }
    }

    private static PlacedModel? Placed(byte[] file) =>
        MutationRun.Read(file) is { } model && BoundsCheck.IsSmall(model) && model.Tensors.Any(tensor => tensor.Storage != TensorStorage.Constant) && model.Operators.Length > 0
            ? new PlacedModel(file, model)
            : null;

    private void Check(byte[] file, PlacedModel model)
    {
        byte[] apart = model.Apart();
        float[] input = new float[Inferences * model.Model.Inputs.Sum(tensor => tensor.Elements)];
        foreach (ref float value in input.AsSpan())
        {
            value = (float)((random.NextDouble() * 20) - 10);
        }

        float[]? fast = Engine(file, apart, "fast", bytes => Desktop(bytes, input, KernelSet.Fast));
        float[]? scalar = Engine(file, apart, "scalar", bytes => Desktop(bytes, input, KernelSet.Reference));
        float[]? device = Engine(file, apart, "nanoFramework", bytes => Device(bytes, input));
        if (fast is null || scalar is null || device is null)
        {
            return;
        }

        if (Same(fast, scalar) && Same(scalar, device))
        {
            Exact++;
            return;
        }

        if (Near(fast, scalar) && Near(scalar, device))
        {
            return;
        }

        // Each was equal to the bit to itself apart, so that what differs is how engines round, not who overwrites whom. In fixed point they round alike.
        if (model.Model.Tensors.Any(tensor => tensor.Type == TensorType.Float32))
        {
            Unstable++;
        }
        else
        {
            Differences.Add((file, "engines differ in fixed point"));
        }
    }

    private float[]? Engine(byte[] file, byte[] apart, string name, Func<byte[], float[]?> run)
    {
        float[]? result = run(file);
        if (result is null)
        {
            return null;
        }

        float[]? expected = run(apart);
        if (expected is null || !Same(result, expected))
        {
            Differences.Add((file, $"{name} computes something else where no tensor shares a byte"));
            return null;
        }

        return result;
    }

    private static float[]? Desktop(byte[] file, float[] input, KernelSet kernels)
    {
        EdgeModel loaded;
        try
        {
            loaded = EdgeModel.Load(file);
        }
        catch (ModelFormatException)
        {
            // A type for which this engine has no kernel.
            return null;
        }

        using EdgeModel model = loaded;
        using Session session = model.CreateSession(kernels);
        float[] output = new float[2 * Inferences * session.OutputLength];
        for (int i = 0; i < Inferences; i++)
        {
            session.Run(input.AsSpan(i * session.InputLength, session.InputLength), output.AsSpan(i * session.OutputLength, session.OutputLength));
        }

        session.Reset();
        session.RunBatch(input, output.AsSpan(Inferences * session.OutputLength), Inferences);
        return output;
    }

    private static float[]? Device(byte[] file, float[] input)
    {
        NanoModel model;
        try
        {
            model = NanoModel.Load(file);
        }
        catch (nano::EdgeInference.ModelFormat.ModelFormatException)
        {
            return null;
        }

        var session = new NanoSession(model);
        float[] all = new float[2 * Inferences * session.OutputLength];
        float[] row = new float[session.InputLength];
        float[] output = new float[session.OutputLength];
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Inferences; i++)
            {
                Array.Copy(input, i * row.Length, row, 0, row.Length);
                session.Run(row, output);
                output.CopyTo(all, ((round * Inferences) + i) * output.Length);
            }

            session.Reset();
        }

        return all;
    }

    private static bool Same(float[] a, float[] b) => a.AsSpan().SequenceEqual(b);

    private static bool Near(float[] a, float[] b)
    {
        float largest = 1f;
        foreach (float value in a)
        {
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!a[i].Equals(b[i]) && !(Math.Abs(a[i] - b[i]) <= Tolerance * largest))
            {
                return false;
            }
        }

        return true;
    }
}
