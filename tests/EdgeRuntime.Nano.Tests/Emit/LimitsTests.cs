using System.Reflection;
using System.Runtime.Loader;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What does not fit one assembly of nanoFramework.</summary>
public class LimitsTests
{
    [Fact]
    public void A_large_model_says_how_many_assemblies_it_needs()
    {
        var exception = Assert.Throws<InputException>(() => NanoEmitter.Emit(RandomModels.Layer(3, 100, 160), new EmitOptions()));
        Assert.Contains("--assemblies 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_spread_over_assemblies_is_bit_identical_too()
    {
        byte[] file = RandomModels.Layer(3, 150, 140);
        EmittedModel emitted = NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 4));
        Assert.True(emitted.Files.Count > 1);
        var context = new Parts();
        Assembly last = typeof(LimitsTests).Assembly;
        var images = new List<(string Name, byte[] Image)>();
        foreach (EmittedFile part in emitted.Files)
        {
            string name = part.Name.Split('.')[0];
            byte[] image = EmittedCode.Compile(part, name, images.Select(item => item.Image));
            Assert.Empty(NanoGuard.Check(image, [.. images.Select(item => item.Name), "EdgeInference.Nano"]));
            images.Add((name, image));
            last = context.Add(name, image);
        }

        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);
        for (int seed = 0; seed < 5; seed++)
        {
            float[] input = RandomModels.Input(new Random(seed), model.InputLength);
            float[] expected = new float[session.OutputLength];
            session.Run(input, expected);
            Assert.Equal(expected, EmittedCode.Run(last.GetType("Models.Model")!, input, model.File));
        }
    }

    [Fact]
    public void Sizes_are_estimated_from_above_and_not_by_much()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            EmittedModel emitted = NanoEmitter.Emit(RandomModels.Layer(seed, 10 + (seed * 12), 8 + (seed * 5)), new EmitOptions());
            int actual = NanoGuard.InstructionBytes(EmittedCode.Compile(emitted.Files));
            Assert.InRange(emitted.Files[0].InstructionBytes, actual, (actual * 3 / 2) + 400);
        }
    }

    [Fact]
    public void A_constant_array_beyond_the_limit_is_refused_in_the_table_form()
    {
        var exception = Assert.Throws<InputException>(() => TableForm.Emit(RandomModels.Layer(1, 300, 220), new EmitOptions()));
        Assert.Contains("60,000", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_estimate_warns_of_what_does_not_fit()
    {
        NanoEstimate small = NanoCost.Of(RandomModels.Layer(1, 16, 16));
        Assert.Empty(small.Warnings);
        Assert.True(small.Emitted!.Instructions < small.Table.Instructions);
        Assert.Contains(NanoCost.Of(RandomModels.Layer(1, 300, 220)).Warnings, warning => warning.Contains("RAM", StringComparison.Ordinal));
    }

    private sealed class Parts() : AssemblyLoadContext("parts")
    {
        private readonly Dictionary<string, Assembly> parts = [];

        internal Assembly Add(string name, byte[] image) => parts[name] = LoadFromStream(new MemoryStream(image));

        protected override Assembly? Load(AssemblyName assemblyName) => parts.GetValueOrDefault(assemblyName.Name!);
    }
}
