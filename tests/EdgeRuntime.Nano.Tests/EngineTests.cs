extern alias nano;

using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

public class EngineTests
{
    [Fact]
    public void Fixed_point_is_bit_identical_to_the_desktop_engine() =>
        Seeds.Each(
            10_000,
            seed =>
            {
                byte[] file = (seed & 1) == 0 ? RandomModels.Int8(seed) : RandomModels.Mixed(seed);
                (float[] fast, float[] reference, float[] packed, float[] inPlace) = RunAll(file, seed);
                return Same(reference, fast) && Same(reference, packed) && Same(reference, inPlace);
            });

    [Fact]
    public void Quantized_images_are_bit_identical_to_the_desktop_engine() =>
        Seeds.Each(
            5_000,
            seed =>
            {
                (float[] fast, float[] reference, float[] packed, float[] inPlace) = RunAll(RandomModels.QuantizedImage(seed), seed);
                return Same(reference, fast) && Same(reference, packed) && Same(reference, inPlace);
            });

    [Fact]
    public void Float32_images_are_identical_to_the_scalar_kernels() =>
        Seeds.Each(
            5_000,
            seed =>
            {
                (_, float[] reference, float[] packed, _) = RunAll(RandomModels.Float32Image(seed), seed);
                return Same(reference, packed);
            });

    /// <summary>Runs follow each other without a reset, so that models with state go on from where they are.</summary>
    [Fact]
    public void Recurrent_layers_are_identical_to_the_scalar_kernels() =>
        Seeds.Each(3_000, seed => RunSteps(RandomModels.Recurrent(seed, smooth: false), seed, 0f));

    [Fact]
    public void Recurrent_layers_with_smooth_activations_are_within_1e_5() =>
        Seeds.Each(3_000, seed => RunSteps(RandomModels.Recurrent(seed, smooth: true), seed, 1e-5f));

    [Fact]
    public void Sums_are_within_1e_5_of_the_largest_output() =>
        Seeds.Each(5_000, seed => RunSteps(RandomModels.Summed(seed), seed, 1e-5f));

    [Fact]
    public void Trees_are_within_1e_5() =>
        Seeds.Each(3_000, seed => RunSteps(RandomModels.Trees(seed), seed, 1e-5f));

    [Fact]
    public void Features_are_equal_to_the_bit() =>
        Seeds.Each(3_000, seed => RunSteps(RandomModels.Features(seed), seed, 0f));

    /// <summary>All products are the largest there are, so that the halves of a packed weight hold what they can.</summary>
    [Theory]
    [InlineData(504)]
    [InlineData(505)]
    [InlineData(1023)]
    public void The_largest_int16_sums_are_exact(int depth)
    {
        byte[] file = RandomModels.LowestInt16Layer(depth, 3);
        using EdgeModel model = EdgeModel.Load(file);
        float[] input = [.. Enumerable.Repeat(-1000f, depth)];
        float[] expected = Desktop(model, KernelSet.Reference, input);
        Assert.All(expected, value => Assert.InRange(value / model.File.Outputs[0].Scale, 1000, 32766));
        Assert.Equal(expected, OnNano(file, true, input));
        Assert.Equal(expected, OnNano(file, false, input));
    }

    [Fact]
    public void Float32_is_within_1e_5_of_the_largest_output() =>
        Seeds.Each(
            10_000,
            seed =>
            {
                byte[] file = RandomModels.Float32(seed);
                (_, float[] reference, float[] packed, _) = RunAll(file, seed);

                // The terms of a sum are of order 1; where they cancel to less than 0.1, the rounding of the terms is what is left.
                float largest = reference.Where(float.IsFinite).Select(MathF.Abs).Append(0.1f).Max();
                return reference.Zip(packed).All(pair => Close(pair.First, pair.Second, 1e-5f * largest));
            });

    private static bool RunSteps(byte[] file, int seed, float tolerance)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session desktop = model.CreateSession(KernelSet.Reference);
        var device = new Engine.NanoSession(Engine.NanoModel.Load(file));
        var random = new Random(seed);
        var expected = new float[model.OutputLength];
        var actual = new float[model.OutputLength];
        bool good = true;
        for (int step = 0; step < 3; step++)
        {
            // Ordinary numbers: what an infinite one leads to is the business of the functions' own tests.
            float[] input = [.. Enumerable.Range(0, model.InputLength).Select(_ => ((float)random.NextDouble() * 6f) - 3f)];
            desktop.Run(input, expected);
            device.Run(input, actual);
            // A logarithm near 0 is that of a sum of order 1, whose rounding is what is left.
            float largest = expected.Where(float.IsFinite).Select(MathF.Abs).Append(0.1f).Max();
            good &= expected.Zip(actual).All(pair => Close(pair.First, pair.Second, tolerance * largest));
        }

        return good;
    }

    private static (float[] Fast, float[] Reference, float[] Packed, float[] InPlace) RunAll(byte[] file, int seed)
    {
        using EdgeModel model = EdgeModel.Load(file);
        float[] input = RandomModels.Input(new Random(seed), model.InputLength);
        return (Desktop(model, KernelSet.Fast, input), Desktop(model, KernelSet.Reference, input), OnNano(file, true, input), OnNano(file, false, input));
    }

    private static float[] Desktop(EdgeModel model, KernelSet kernels, float[] input)
    {
        using Session session = model.CreateSession(kernels);
        float[] output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    private static float[] OnNano(byte[] file, bool packWeights, float[] input)
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file), packWeights);
        float[] output = new float[session.OutputLength];

        // Twice, because the second run must not see what the first left behind.
        session.Run(new float[input.Length], output);
        session.Run(input, output);
        return output;
    }

    private static bool Same(float[] expected, float[] actual) =>
        expected.AsSpan().SequenceEqual(actual);

    private static bool Close(float expected, float actual, float tolerance) =>
        expected == actual || (float.IsNaN(expected) && float.IsNaN(actual)) || MathF.Abs(expected - actual) <= tolerance;
}
