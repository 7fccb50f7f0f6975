using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

public class EmitterTests
{
    // Weights are in the code, so that compiling takes nearly all of the time.
    private static readonly int ModelsPerAssembly = 6 * Seeds.Rounds;

    [Fact]
    public void Emitted_fixed_point_is_bit_identical_to_the_engine()
    {
        foreach (int first in Seeds.Batches(3, ModelsPerAssembly))
        {
            Check(first, RandomModels.Int8, tolerance: 0f);
        }
    }

    [Fact]
    public void Emitted_int16_is_bit_identical_to_the_engine()
    {
        foreach (int first in Seeds.Batches(4, ModelsPerAssembly))
        {
            Check(first, RandomModels.Mixed, tolerance: 0f);
        }
    }

    [Theory]
    [InlineData(504)]
    [InlineData(1023)]
    public void The_largest_int16_sums_stay_in_their_lanes(int depth)
    {
        byte[] file = RandomModels.LowestInt16Layer(depth, 3);
        Type code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 9)).Files)).GetType("Models.Model")!;
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);
        foreach (float value in (float[])[-1000f, 1000f])
        {
            float[] input = [.. Enumerable.Repeat(value, depth)];
            float[] expected = new float[session.OutputLength];
            session.Run(input, expected);
            Assert.All(expected, real => Assert.InRange(Math.Abs(real) / model.File.Outputs[0].Scale, 1000, 32767));
            Assert.Equal(expected, EmittedCode.Run(code, input, model.File));
        }
    }

    [Fact]
    public void Emitted_float32_is_within_1e_5_of_the_engine()
    {
        foreach (int first in Seeds.Batches(2, ModelsPerAssembly))
        {
            Check(first, RandomModels.Float32, tolerance: 1e-5f);
        }
    }

    // A Softmax that needs more locals than a method may have is refused, with a message of its own; so are tables for each channel
    // that are more than an assembly holds.
    private static bool IsTooWide(byte[] file)
    {
        if (file.Length > 60_000)
        {
            return true;
        }

        using EdgeModel model = EdgeModel.Load(file);
        return model.File.Operators.Any(record => record.Info.Opcode == EdgeInference.ModelFormat.Opcode.Softmax && record.Inputs[0].LastDimension > 90);
    }

    private static void Check(int firstSeed, Func<int, byte[]> make, float tolerance)
    {
        var models = new List<(int Seed, string Name, byte[] File)>();
        var files = new List<EmittedFile>();
        for (int i = 0; i < ModelsPerAssembly; i++)
        {
            int seed = firstSeed + i;
            byte[] file = make(seed);
            string name = "Model" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (IsTooWide(file))
            {
                continue;
            }

            files.AddRange(NanoEmitter.Emit(file, new EmitOptions("Models", name, MaxAssemblies: 99)).Files);
            models.Add((seed, name, file));
        }

        Assembly assembly = Assembly.Load(EmittedCode.Compile(files));
        foreach ((int seed, string name, byte[] bytes) in models)
        {
            using EdgeModel model = EdgeModel.Load(bytes);
            using Session session = model.CreateSession(KernelSet.Reference);
            for (int i = 0; i < 8; i++)
            {
                float[] input = RandomModels.Input(new Random(seed + i), model.InputLength);
                float[] expected = new float[session.OutputLength];
                session.Run(input, expected);
                float[] actual = EmittedCode.Run(assembly.GetType("Models." + name)!, input, model.File);
                float largest = expected.Where(float.IsFinite).Select(MathF.Abs).Append(0.01f).Max();
                for (int k = 0; k < expected.Length; k++)
                {
                    bool same = expected[k].Equals(actual[k]) || MathF.Abs(expected[k] - actual[k]) <= tolerance * largest;
                    Assert.True(same, $"seed {seed}, input {i}, output {k}: {expected[k]} and {actual[k]}");
                }
            }
        }
    }
}
