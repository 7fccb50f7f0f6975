extern alias nano;

using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels;

/// <summary>Where an input is NaN, the fast and the scalar kernels of EdgeRuntime and those of EdgeInference.Nano give NaN in the same places.</summary>
public class NotANumberTests
{
    public static TheoryData<string> Families => ["Float32", "Float32Image", "Recurrent", "Smooth", "Summed", "Trees", "Features", "Coupling", "EveryFloat32", "Int8", "Mixed", "QuantizedImage"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Engines_agree_on_rows_with_NaN(string family) =>
        Seeds.Each(
            1_500,
            seed =>
            {
                byte[] file = Make(family, seed);
                var random = new Random(seed);
                using EdgeModel model = EdgeModel.Load(file);
                float[] input = [.. Enumerable.Range(0, model.InputLength).Select(_ => ((float)random.NextDouble() * 4f) - 2f)];
                for (int i = random.Next(3); i >= 0; i--)
                {
                    input[random.Next(input.Length)] = float.NaN;
                }

                float[] reference = Desktop(model, KernelSet.Reference, input);
                float[] fast = Desktop(model, KernelSet.Fast, input);
                float[] device = new float[reference.Length];
                new Engine.NanoSession(Engine.NanoModel.Load(file)).Run(input, device);

                // Chains of every operator can divide by what is left of a cancellation, so that only NaN is compared there.
                float tolerance = family == "EveryFloat32" ? float.PositiveInfinity : 1e-4f;
                float largest = reference.Where(float.IsFinite).Select(MathF.Abs).Append(0.1f).Max();
                for (int i = 0; i < reference.Length; i++)
                {
                    if (!Alike(reference[i], fast[i], tolerance * largest) || !Alike(reference[i], device[i], tolerance * largest))
                    {
                        throw new InvalidOperationException($"{family}, seed {seed}, output {i}: {reference[i]} by scalar kernels, {fast[i]} by fast ones, {device[i]} on nano; operators {string.Join(' ', model.File.Operators.Select(record => record.Info.Name))}.");
                    }
                }

                return true;
            });

    private static byte[] Make(string family, int seed) => family switch
    {
        "Float32" => RandomModels.Float32(seed),
        "Float32Image" => RandomModels.Float32Image(seed),
        "Recurrent" => RandomModels.Recurrent(seed, smooth: false),
        "Smooth" => RandomModels.Recurrent(seed, smooth: true),
        "Summed" => RandomModels.Summed(seed),
        "Trees" => RandomModels.Trees(seed),
        "Features" => RandomModels.Features(seed),
        "Coupling" => RandomModels.Coupling(seed),
        "EveryFloat32" => RandomModels.EveryFloat32(seed),
        "Int8" => RandomModels.Int8(seed),
        "Mixed" => RandomModels.Mixed(seed),
        _ => RandomModels.QuantizedImage(seed),
    };

    private static float[] Desktop(EdgeModel model, KernelSet kernels, float[] input)
    {
        using Session session = model.CreateSession(kernels);
        float[] output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    private static bool Alike(float expected, float actual, float tolerance) =>
        expected == actual || (float.IsNaN(expected) && float.IsNaN(actual)) || MathF.Abs(expected - actual) <= tolerance;
}
