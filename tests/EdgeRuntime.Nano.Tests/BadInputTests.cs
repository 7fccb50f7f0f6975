extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Tool.Commands;
using Engine = nano::EdgeInference.Nano;
using NanoFormatException = nano::EdgeInference.ModelFormat.ModelFormatException;

namespace EdgeInference.Nano.Tests;

public class BadInputTests
{
    [Fact]
    public void A_file_cut_short_is_refused_at_every_length()
    {
        byte[] file = RandomModels.Int8(7);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.Throws<NanoFormatException>(() => Engine.NanoModel.Load(cut));
        }
    }

    [Fact]
    public void A_damaged_file_is_refused_or_runs()
    {
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] file = i % 2 == 0 ? RandomModels.Int8(i) : RandomModels.Float32(i);
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                file[random.Next(FormatLayout.HeaderBytes, file.Length)] = (byte)random.Next(256);
            }

            ModelBuilder.WriteCrc(file);
            Engine.NanoModel model;
            try
            {
                model = Engine.NanoModel.Load(file);
            }
            catch (NanoFormatException)
            {
                continue;
            }

            var session = new Engine.NanoSession(model, packWeights: i % 3 == 0);
            session.Run(new float[session.InputLength], new float[session.OutputLength]);
        }
    }

    [Fact]
    public void A_missing_operator_is_named_when_the_model_is_loaded()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Int64, [1, 4], 0);
        int output = builder.AddTensor(TensorType.Int64, [4, 1], 64);
        builder.AddOperator(Opcode.Transpose, [input], [output], [1, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        byte[] file = builder.Build();
        var exception = Assert.Throws<NanoFormatException>(() => Engine.NanoModel.Load(file));
        Assert.Contains("this engine has no opcode 14 for element type int64", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_lengths_and_types_are_refused_before_anything_runs()
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(RandomModels.Layer(1, 6, 4)));
        Assert.Contains("5 values", Assert.Throws<ArgumentException>(() => session.Run(new float[5], new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("null", Assert.Throws<ArgumentException>(() => session.Run(null!, new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("int16", Assert.Throws<ArgumentException>(() => session.Run(new short[6], new short[4])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Engine.NanoModel.Load(null!));
    }

    [Fact]
    public void Runs_allocate_nothing()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var session = new Engine.NanoSession(Engine.NanoModel.Load(seed % 2 == 0 ? RandomModels.Int8(seed) : RandomModels.Float32(seed)));
            float[] input = RandomModels.Input(new Random(seed), session.InputLength);
            float[] output = new float[session.OutputLength];
            session.Run(input, output);
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Run(input, output);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void The_emit_command_writes_a_file_or_says_why_not()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string model = Path.Combine(folder, "m.edge");
        string target = Path.Combine(folder, "Motion.g.cs");
        File.WriteAllBytes(model, RandomModels.Layer(1, 16, 16));
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("emit", model, "-o", target));
        Assert.Contains("public static class Motion", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("emit", model, "-o", target, "--class", "not a name"));
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("emit", Path.Combine(folder, "none.edge"), "-o", target));
        File.WriteAllBytes(model, RandomModels.Layer(3, 100, 160));
        File.Delete(target);
        Assert.Equal(EdgeCommand.InputFault, EdgeCommand.Run("emit", model, "--form", "code", "-o", target));
        Assert.False(File.Exists(target));
        Directory.Delete(folder, recursive: true);
    }
}
