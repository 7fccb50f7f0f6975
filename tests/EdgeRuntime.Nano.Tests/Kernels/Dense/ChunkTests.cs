extern alias nano;

using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;
using FormatException = nano::EdgeInference.ModelFormat.ModelFormatException;

namespace EdgeInference.Nano.Tests.Kernels.Dense;

/// <summary>Models whose weights are read in chunks, as from a resource on a device.</summary>
public class ChunkTests
{
    /// <summary>Pieces of a row, single rows, several, and all at once.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(101)]
    [InlineData(400)]
    [InlineData(1_000_000)]
    public void Chunks_of_any_size_give_the_bits_of_the_engine(int chunkBytes)
    {
        foreach (int seed in Seeds.Batches(2, 75).SelectMany(first => Enumerable.Range(first, 75)))
        {
            byte[] file = (seed & 1) == 0 ? RandomModels.Int8(seed) : RandomModels.Mixed(seed);
            var source = new Source(file);
            var session = new Engine.NanoSession(Engine.NanoModel.Load(source.Read, file.Length, chunkBytes));
            using EdgeModel model = EdgeModel.Load(file);
            float[] input = RandomModels.Input(new Random(seed), model.InputLength);
            float[] actual = new float[session.OutputLength];
            session.Run(new float[input.Length], actual);
            session.Run(input, actual);
            Assert.True(Expected(model, input).AsSpan().SequenceEqual(actual), $"seed {seed}");
            Assert.InRange(source.Largest, 1, Math.Max(chunkBytes, 512));
        }
    }

    /// <summary>Windows, single pixels, groups and planes of one channel; a chunk holds part of a unit, a unit, or several.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(150)]
    [InlineData(4096)]
    public void Convolutions_read_chunks_and_give_the_bits_of_the_engine(int chunkBytes)
    {
        var kinds = new HashSet<string>();
        foreach (int seed in Seeds.Batches(2, 200).SelectMany(first => Enumerable.Range(first, 200)))
        {
            byte[] file = RandomModels.QuantizedImage(seed);
            using EdgeModel model = EdgeModel.Load(file);
            if (ResourceForm.Obstacle(model.File) is not null)
            {
                continue;
            }

            var source = new Source(file);
            var session = new Engine.NanoSession(Engine.NanoModel.Load(source.Read, file.Length, chunkBytes));
            float[] input = RandomModels.Input(new Random(seed), model.InputLength);
            float[] actual = new float[session.OutputLength];
            session.Run(new float[input.Length], actual);
            source.Largest = 0;
            session.Run(input, actual);
            Assert.True(Expected(model, input).AsSpan().SequenceEqual(actual), $"seed {seed}");
            // Scales of channels come through the window that the file is read by.
            Assert.InRange(source.Largest, 0, Math.Max(chunkBytes, 512));
            kinds.UnionWith(model.File.Operators.Where(record => record.Opcode == EdgeInference.ModelFormat.Opcode.Conv).Select(Kind));
        }

        Assert.Equal(["groups", "pixels", "planes", "windows"], kinds.Order());
    }

    [Theory]
    [InlineData(300, 220, 300)]
    [InlineData(300, 220, 1500)]
    [InlineData(300, 220, 299)]
    public void A_layer_is_read_once_an_inference_and_never_as_a_whole(int depth, int units, int chunkBytes)
    {
        byte[] file = RandomModels.Layer(1, depth, units);
        var source = new Source(file);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(source.Read, file.Length, chunkBytes));
        sbyte[] input = new sbyte[depth];
        Array.Fill(input, (sbyte)-77);
        sbyte[] actual = new sbyte[units];
        source.Total = 0;
        source.Largest = 0;
        session.Run(input, actual);
        Assert.Equal(depth * units, source.Total);
        Assert.InRange(source.Largest, 1, chunkBytes);

        var whole = new Engine.NanoSession(Engine.NanoModel.Load(file));
        sbyte[] expected = new sbyte[units];
        whole.Run(input, expected);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_resource_form_carries_a_model_that_no_assembly_holds()
    {
        byte[] file = RandomModels.Layer(1, 300, 220);
        EmittedModel emitted = ResourceForm.Emit(file, new EmitOptions());
        Assert.Equal(file, emitted.Resource!.Bytes.ToArray());
        Assert.Equal("Model.g.bin", emitted.Resource.Name);
        byte[] assembly = EmittedCode.Compile(emitted.Files);
        Assert.Empty(NanoGuard.Check(assembly, "EdgeInference.Nano"));

        MethodInfo load = Assembly.Load(assembly).GetType("Models.Model")!.GetMethod("Load")!;
        Engine.ChunkReader read = new Source(file).Read;
        var session = new Engine.NanoSession((Engine.NanoModel)load.Invoke(null, [read, 700])!);
        using EdgeModel model = EdgeModel.Load(file);
        float[] input = RandomModels.Input(new Random(5), model.InputLength);
        float[] actual = new float[session.OutputLength];
        session.Run(input, actual);
        Assert.Equal(Expected(model, input), actual);
        Assert.InRange(NanoCost.Of(file).Resource!.RamBytes, 4096, file.Length / 2);
    }

    [Fact]
    public void Float32_weights_are_refused_with_a_way_out()
    {
        byte[] file = Enumerable.Range(0, 1000).Select(RandomModels.Float32).First(HasDense);
        Assert.Contains("in chunks", Assert.Throws<InputException>(() => ResourceForm.Emit(file, new EmitOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("opcode 1 for element type float32", Assert.Throws<FormatException>(() => Engine.NanoModel.Load(new Source(file).Read, file.Length)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_gives_less_is_named()
    {
        byte[] file = RandomModels.Layer(1, 30, 20);
        var exception = Assert.Throws<InvalidOperationException>(() => Engine.NanoModel.Load((offset, count) => new byte[count - 1], file.Length));
        Assert.Contains("chunk reader", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Engine.NanoModel.Load((offset, count) => null!, file.Length));
        Assert.Throws<ArgumentException>(() => Engine.NanoModel.Load(new Source(file).Read, file.Length, 63));
        Assert.Throws<FormatException>(() => Engine.NanoModel.Load(new Source(file).Read, 3));
    }

    [Fact]
    public void A_damaged_resource_is_refused()
    {
        byte[] file = RandomModels.Layer(1, 300, 20);
        file[^20] ^= 1;
        Assert.Contains("CRC-32", Assert.Throws<FormatException>(() => Engine.NanoModel.Load(new Source(file).Read, file.Length)).Message, StringComparison.Ordinal);
    }

    private static string Kind(EdgeInference.ModelFormat.OperatorRecord conv)
    {
        EdgeInference.ModelFormat.TensorInfo weights = conv.Input(1);
        int groups = conv.Int(ConvRule.Groups);
        return groups > 1 ? weights.Dimension(3) == 1 ? "planes" : "groups" : weights.Dimension(1) * weights.Dimension(2) == 1 ? "pixels" : "windows";
    }

    private static bool HasDense(byte[] file)
    {
        using EdgeModel model = EdgeModel.Load(file);
        return model.File.Operators.Any(record => record.Info.Opcode == EdgeInference.ModelFormat.Opcode.Dense);
    }

    private static float[] Expected(EdgeModel model, float[] input)
    {
        using Session session = model.CreateSession(KernelSet.Reference);
        float[] output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    // Gives the same array each time, and destroys what it gave before.
    private sealed class Source(byte[] file)
    {
        private readonly byte[] buffer = new byte[file.Length];

        internal int Largest { get; set; }

        internal int Total { get; set; }

        internal byte[] Read(int offset, int count)
        {
            Largest = Math.Max(Largest, count);
            Total += count;
            Array.Fill(buffer, (byte)0x55);
            Array.Copy(file, offset, buffer, 0, count);
            return buffer;
        }
    }
}
