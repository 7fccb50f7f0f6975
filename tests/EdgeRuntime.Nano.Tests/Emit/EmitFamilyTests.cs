extern alias nano;

using System.Globalization;
using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Random models of each family of operators, emitted in every way that weights can lie, beside both engines.</summary>
public class EmitFamilyTests
{
    // Each costs a compilation of its code: most of this project's time.
    private static readonly int ModelsPerFamily = 6 * Seeds.Rounds;

    public static TheoryData<int, int, bool> Cases()
    {
        var data = new TheoryData<int, int, bool>();
        foreach (Family family in Enum.GetValues<Family>())
        {
            foreach (TensorType type in (TensorType[])[TensorType.Float32, TensorType.Int8, TensorType.Int16])
            {
                data.Add((int)family, (int)type, false);
                if (family is Family.Convolution or Family.All)
                {
                    data.Add((int)family, (int)type, true);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Emitted_code_gives_the_bits_of_both_engines(int family, int type, bool inArrays)
    {
        int first = Seeds.Batches(2, ModelsPerFamily)[Random.Shared.Next(2)];
        Check([.. Enumerable.Range(first, ModelsPerFamily).Select(seed => (seed, RandomModels.Emitted(seed, (TensorType)type, (Family)family)))], inArrays);
    }

    // Dense networks, whose weights and elements are otherwise in the code: tables, curves, activations and conversions as loops.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Dense_networks_in_arrays_give_the_bits_of_the_engine(int kind)
    {
        Func<int, byte[]> make = kind switch { 0 => RandomModels.Int8, 1 => RandomModels.Mixed, _ => RandomModels.Float32 };
        int first = Seeds.Batches(2, ModelsPerFamily)[Random.Shared.Next(2)];
        Check([.. Enumerable.Range(first, ModelsPerFamily).Select(seed => (seed, make(seed)))], inArrays: true);
    }

    [Fact]
    public void A_layer_that_no_method_holds_is_refused()
    {
        byte[] file = RandomModels.WideRecurrent(2_600);
        Assert.Contains("too large for a method", Assert.Throws<ModelConverter.InputException>(() => NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 99))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)TensorType.Int8)]
    [InlineData((int)TensorType.Int16)]
    public void Weights_lie_in_arrays_where_the_assemblies_have_no_room_for_them(int type)
    {
        byte[] file = RandomModels.LargeConvolution(1, (TensorType)type);
        EmittedFile[] inArrays = [.. NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 2)).Files];
        EmittedFile[] inCode = [.. NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 9)).Files];
        Assert.InRange(inArrays.Sum(part => part.ConstantBytes), 40_000, 120_000);
        Assert.All(inArrays, part => Assert.InRange(part.ConstantBytes, 0, 60_000));
        Assert.InRange(inCode.Sum(part => part.ConstantBytes), 0, 1_000);
        Assert.True(inCode.Length > inArrays.Length);
        Check([(1, file)], inArrays: true);
        Check([(1, file)], inArrays: false);
    }

    private static void Check((int Seed, byte[] File)[] models, bool inArrays)
    {
        var files = new List<EmittedFile>();
        for (int i = 0; i < models.Length; i++)
        {
            var options = new EmitOptions("Models", Name(i), MaxAssemblies: 99);
            files.AddRange(inArrays ? NanoEmitter.EmitPacked(models[i].File, options).Files : NanoEmitter.Emit(models[i].File, options).Files);
        }

        Assembly assembly = Assembly.Load(EmittedCode.Compile(files));
        for (int i = 0; i < models.Length; i++)
        {
            using EdgeModel model = EdgeModel.Load(models[i].File);
            using Session session = model.CreateSession(KernelSet.Reference);
            var device = new Engine.NanoSession(Engine.NanoModel.Load(models[i].File));
            for (int row = 0; row < 4; row++)
            {
                float[] input = RandomModels.Input(new Random(models[i].Seed + row), model.InputLength);
                float[] expected = new float[session.OutputLength];
                float[] engine = new float[session.OutputLength];
                session.Run(input, expected);
                device.Run(input, engine);
                float[] actual = EmittedCode.Run(assembly.GetType("Models." + Name(i))!, input, model.File);
                string place = $"seed {models[i].Seed}, row {row}";
                AssertSame(engine, actual, place);
                if (model.File.Inputs[0].Type != TensorType.Float32)
                {
                    AssertSame(expected, actual, place);
                }
            }
        }
    }

    private static void AssertSame(float[] expected, float[] actual, string place)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(expected[k].Equals(actual[k]), $"{place}, output {k}: {expected[k]} and {actual[k]}");
        }
    }

    private static string Name(int index) => "Model" + index.ToString(CultureInfo.InvariantCulture);
}
