using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What fits a method, an assembly and its constants, at each limit and one past it; what is refused; what is estimated.</summary>
public class EmitLimitTests
{
    private const BindingFlags Own = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly Dictionary<int, OpCode> opcodes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    // Each element read is a local.
    [Theory]
    [InlineData(230, 1)]
    [InlineData(231, 2)]
    [InlineData(700, 4)]
    public void A_method_has_230_locals_at_most(int elements, int methods)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, elements], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, elements], 4096);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.ReLU, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        MethodInfo[] steps = Steps(batch.Code(0));
        Assert.Equal(methods, steps.Length);
        Assert.All(steps, step => Assert.InRange(step.GetMethodBody()!.LocalVariables.Count, 1, 230));
        float[] input = [.. Enumerable.Range(0, elements).Select(i => (i % 2 == 0 ? 1f : -1f) * i)];
        Assert.Equal(input.Select(value => Math.Max(0, value)), batch.Run<float>(0, input));
    }

    [Fact]
    public void Methods_and_assemblies_stay_within_their_bytes()
    {
        // 28,000 bytes a method, 62,000 an assembly, estimated from above; 65,535 is what an assembly holds.
        byte[] file = RandomModels.Layer(3, 150, 140);
        EmittedModel model = NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 99));
        Assert.InRange(model.Files.Count, 2, 98);
        Assert.All(model.Files, part => Assert.InRange(part.InstructionBytes, 1, 62_100));

        // No two that follow each other would fit one.
        for (int i = 0; i + 2 < model.Files.Count; i++)
        {
            Assert.True(model.Files[i].InstructionBytes + 28_040 > 62_000);
        }

        Assert.Equal(model.Files.Count, NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: model.Files.Count)).Files.Count);
        string message = Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: model.Files.Count - 1))).Message;
        Assert.Contains($"allow {model.Files.Count} assemblies with --assemblies {model.Files.Count}", message, StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(1, model.Files.Count - 1).Select(i => $"ModelPart{i}.g.cs"), "Model.g.cs"], model.Files.Select(part => part.Name));

        // Where the class is not what the output is called, further files are called after both.
        IReadOnlyList<EmittedFile> named = NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 99) { FilePrefix = "A." }).Files;
        Assert.Equal([.. Enumerable.Range(1, model.Files.Count - 1).Select(i => $"A.ModelPart{i}.g.cs"), "Model.g.cs"], named.Select(part => part.Name));
        Assert.Contains("A.ModelPart1.g.cs", named[^1].Text, StringComparison.Ordinal);
    }

    // 229 tables of 256 bytes, and 516 + 20 bytes for each segment.
    [Theory]
    [InlineData(43, true)]
    [InlineData(44, false)]
    public void Constants_of_60000_bytes_are_emitted_and_more_are_refused(int segments, bool fits)
    {
        const int Channels = 229;
        int[] curve = [.. Enumerable.Range(0, segments).SelectMany(i => new[] { ((-32768 + (i * 1024)) << InterpolationTable.ShiftBits) + 10, ((i % 100) << 15) + 1, 0, 0, 0 })];
        var random = new Random(1);
        byte[] tables = new byte[256 * Channels];
        random.NextBytes(tables);
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, Channels], 0, new TensorQuantization(1f, 0));
        int q = builder.AddTensor(TensorType.Int8, [1, Channels], 1024, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(TensorType.Int8, [1, Channels], 2048, new TensorQuantization(1f, 0));
        builder.AddOperator(Opcode.Table, [x, builder.AddConstant(TensorType.Int32, [curve.Length], MemoryMarshal.AsBytes<int>(curve))], [q], []);
        builder.AddOperator(Opcode.Table, [q, builder.AddConstant(TensorType.Int8, [tables.Length], tables)], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        byte[] file = builder.Build();
        if (!fits)
        {
            Assert.Contains("The tables take 60,020 bytes", Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions())).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(60_000, NanoEmitter.Emit(file, new EmitOptions()).Files.Single().ConstantBytes);
        var batch = new EmitBatch();
        batch.Add(file);
        short[] input = [.. Enumerable.Range(0, Channels).Select(i => (short)((i * 280) - 32768))];
        Assert.Equal(input.Select((value, i) => (sbyte)tables[(i * 256) + Math.Min((value + 32768) / 1024, segments - 1) % 100 + 128]), batch.Run<sbyte>(0, input));
    }

    [Fact]
    public void A_file_of_60000_bytes_is_a_constant_and_a_larger_one_is_refused()
    {
        int largest = 0;
        int refused = int.MaxValue;
        int least = Named(RandomBytesLayer(59_000), "").Length;
        for (int name = 60_000 - least - 20; name < 60_000 - least + 20; name++)
        {
            byte[] file = Named(RandomBytesLayer(59_000), new string('n', name));
            try
            {
                Assert.Equal(file.Length, TableForm.Emit(file, new EmitOptions()).Files[0].ConstantBytes);
                largest = Math.Max(largest, file.Length);
            }
            catch (InputException exception)
            {
                refused = Math.Min(refused, file.Length);
                Assert.Contains($"The model has {file.Length:N0} bytes", exception.Message, StringComparison.Ordinal);
            }
        }

        // Whatever steps a file's length goes in, 60,000 is between.
        Assert.True(largest <= 60_000 && refused > 60_000, $"{largest} and {refused}");
        Assert.InRange(refused - largest, 1, 64);

        static byte[] Named((sbyte[] Weights, int Units) layer, string name)
        {
            var builder = new ModelBuilder();
            int depth = layer.Weights.Length / layer.Units;
            int x = builder.AddTensor(TensorType.Int8, [1, depth], 0, new TensorQuantization(1f, 0));
            int y = builder.AddTensor(TensorType.Int8, [1, layer.Units], 8192, new TensorQuantization(1f, 0));
            Dense(builder, x, y, layer.Weights, layer.Units);
            builder.AddInput(x);
            builder.AddOutput(y);
            builder.AddText(MetadataKey.Name, name);
            return builder.Build();
        }

        static (sbyte[] Weights, int Units) RandomBytesLayer(int bytes) => (new sbyte[bytes], 10);
    }

    [Fact]
    public void What_code_cannot_do_is_refused_in_one_sentence_that_names_the_other_form()
    {
        Refused(builder =>
        {
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.LogSoftmax, [x], [y], []);
            builder.AddInput(x);
            builder.AddOutput(y);
        }, "Code cannot be emitted for LogSoftmax on Float32");
        Refused(builder =>
        {
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int s = builder.AddTensor(TensorType.Float32, [1, 2], 128, null, TensorStorage.State);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Add, [x, s], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            builder.AddOperator(Opcode.Reshape, [y], [s], []);
            builder.AddInput(x);
            builder.AddOutput(y);
        }, "keeps state");
        Refused(builder =>
        {
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f, 0));
            builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
            builder.AddInput(x);
            builder.AddOutput(q);
            builder.AddOutput(x);
        }, "differ in type");
        Refused(builder =>
        {
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Add, [x, x], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            builder.AddInput(x);
            builder.AddOutput(y);
            builder.AddOutput(y);
        }, "writes or returns one tensor twice");

        static void Refused(Action<ModelBuilder> model, string expected)
        {
            var builder = new ModelBuilder();
            model(builder);
            string message = Assert.Throws<InputException>(() => NanoEmitter.Emit(builder.Build(), new EmitOptions())).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.Contains("--form table", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_resource_form_reads_by_chunks_what_can_be_read_so()
    {
        byte[] good = RandomModels.Layer(1, 8, 4);
        EmittedModel model = ResourceForm.Emit(good, new EmitOptions("A", "B"));
        Assert.Equal("B.g.bin", model.Resource!.Name);
        Assert.Equal(good, model.Resource.Bytes.ToArray());
        Type code = Assembly.Load(EmittedCode.Compile(model.Files)).GetType("A.B")!;
        Assert.Equal(good.Length, code.GetField("FileLength")!.GetRawConstantValue());
        Assert.Equal(4096, code.GetMethod("Load")!.GetParameters()[1].DefaultValue);
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [1, 2], new byte[8]), -1], [y], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
        builder.AddInput(x);
        builder.AddOutput(y);
        string message = Assert.Throws<InputException>(() => ResourceForm.Emit(builder.Build(), new EmitOptions())).Message;
        Assert.StartsWith("Dense on Float32 cannot read its weights in chunks", message, StringComparison.Ordinal);
        Assert.Contains("export the model in int8 or int16", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_resource_form_refuses_each_layer_that_keeps_its_weights_in_memory()
    {
        string[] whole = ["Conv", "ConvTranspose", "RNN", "GRU", "LSTM"];
        var refused = new HashSet<string>();
        for (int seed = 0; seed < 300; seed++)
        {
            using EdgeModel model = EdgeModel.Load((seed % 3) switch { 0 => RandomModels.Recurrent(seed, smooth: false), 1 => RandomModels.Float32Image(seed), _ => RandomModels.Int8(seed) });
            string? first = model.File.Operators.Select(record => record.Info.Name).FirstOrDefault(whole.Contains);
            bool isFloatDense = model.File.Operators.Any(record => record.Info.Opcode == Opcode.Dense && record.Inputs[0].Type == TensorType.Float32);
            string? obstacle = ResourceForm.Obstacle(model.File);
            Assert.Equal(first is not null || isFloatDense, obstacle is not null);
            if (first is not null && !isFloatDense)
            {
                Assert.StartsWith(first + " on ", obstacle, StringComparison.Ordinal);
                refused.Add(first);
            }
        }

        Assert.Equal(whole.Order(), refused.Order());
    }

    [Fact]
    public void The_table_form_s_bytes_are_the_file()
    {
        byte[] file = RandomModels.Layer(1, 8, 4);
        EmittedModel model = TableForm.Emit(file, new EmitOptions("A", "B"));
        Type code = Assembly.Load(EmittedCode.Compile(model.Files)).GetType("A.B")!;
        Assert.Equal(file, (byte[])code.GetField("file", Own)!.GetValue(null)!);
        Assert.Equal((file.Length, file.Length, 0), (model.Files[0].ConstantBytes, model.Files[0].TableBytes, model.Files[0].InstructionBytes));
        Assert.True(model.NeedsEngine);
    }

    // Straight-line code: what runs is what is there, but for a few clamps.
    [Fact]
    public void Instructions_are_about_as_many_as_are_compiled()
    {
        (string Name, byte[] File)[] models =
        [
            ("int8 layer", RandomModels.Layer(2, 40, 12)),
            ("float32 layers", FloatLayer(60, 9)),
            ("table", Chain(Opcode.Table, 60)),
            ("dequantize", Chain(Opcode.Dequantize, 60)),
            ("quantize", Chain(Opcode.Quantize, 60)),
        ];
        foreach ((string name, byte[] file) in models)
        {
            var batch = new EmitBatch();
            batch.Add(file);
            EmittedModel model = NanoEmitter.Emit(file, new EmitOptions(MaxAssemblies: 9));
            int compiled = Steps(batch.Code(0)).Sum(Instructions);
            Assert.True(model.Instructions > compiled * 0.7 && model.Instructions < compiled * 1.4, $"{name}: {model.Instructions} estimated, {compiled} compiled");
        }
    }

    // Eight inputs at a time, three units of int8 and two of int16 to an element.
    [Fact]
    public void The_estimate_of_the_engine_goes_in_the_steps_of_its_kernels()
    {
        static Dictionary<string, double> Of(TensorType type, int depth, int units, int rows = 1) => NanoCost.Terms(ModelFile.Read(new ModelBytes(Layer(type, depth, units, rows)))).Runs;
        foreach (TensorType type in (TensorType[])[TensorType.Int8, TensorType.Int16])
        {
            int lanes = type == TensorType.Int8 ? 3 : 2;
            string group = $"matrix {type}: group";
            string pack = $"matrix {type}: group of a pack";
            string unit = $"matrix {type}: unit";
            Assert.Equal((1, 1, 2, 6), (Of(type, 1, 4)[group], Of(type, 8, 4)[group], Of(type, 9, 4)[group], Of(type, 9, 4, rows: 3)[group]));
            Assert.Equal((10, 10, 20), (Of(type, 80, lanes - 1)[pack], Of(type, 80, lanes)[pack], Of(type, 80, lanes + 1)[pack]));
            Assert.Equal((lanes - 1, 3.0 * lanes), (Of(type, 80, lanes - 1)[unit], Of(type, 80, lanes, rows: 3)[unit]));
        }
    }

    [Fact]
    public void Memory_of_100000_bytes_is_no_reason_to_warn_and_more_is()
    {
        // The file, its records and its tensors: longer by its name's length, in steps.
        int? last = null;
        int? first = null;
        int least = NanoCost.Of(Named(98_000)).Table.RamBytes - 98_000;
        for (int name = 100_000 - least - 20; name < 100_000 - least + 20; name++)
        {
            NanoEstimate estimate = NanoCost.Of(Named(name));
            bool warns = estimate.Warnings.Any(warning => warning.Contains("RAM", StringComparison.Ordinal));
            last = warns ? last : Math.Max(last ?? 0, estimate.Table.RamBytes);
            first = warns ? Math.Min(first ?? int.MaxValue, estimate.Table.RamBytes) : first;
        }

        Assert.True(last <= 100_000 && first > 100_000, $"{last} and {first}");
        Assert.InRange(first!.Value - last!.Value, 1, 64);

        static byte[] Named(int name)
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Add, [x, x], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            builder.AddInput(x);
            builder.AddOutput(y);
            builder.AddText(MetadataKey.Name, new string('n', name));
            return builder.Build();
        }
    }

    private static MethodInfo[] Steps(Type code) => [.. code.GetMethods(Own).Where(method => method.Name.StartsWith("Step", StringComparison.Ordinal))];

    private static int Instructions(MethodInfo method)
    {
        byte[] il = method.GetMethodBody()!.GetILAsByteArray()!;
        int count = 0;
        for (int at = 0; at < il.Length; count++)
        {
            int code = il[at] == 0xFE ? 0xFE00 | il[at + 1] : il[at];
            at += code > 0xFF ? 2 : 1;
            at += opcodes[code].OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }

        return count;
    }

    private static byte[] FloatLayer(int depth, int units)
    {
        var random = new Random(3);
        float[] weights = [.. Enumerable.Range(0, depth * units).Select(_ => random.NextSingle())];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, depth], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, units], 4096);
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [units, depth], MemoryMarshal.AsBytes<float>(weights)), -1], [y], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] Chain(Opcode opcode, int elements)
    {
        var builder = new ModelBuilder();
        var quantization = new TensorQuantization(0.5f, 3);
        int x = builder.AddTensor(opcode == Opcode.Quantize ? TensorType.Float32 : TensorType.Int8, [1, elements], 0, opcode == Opcode.Quantize ? null : quantization);
        int y = builder.AddTensor(opcode == Opcode.Dequantize ? TensorType.Float32 : TensorType.Int8, [1, elements], 4096, opcode == Opcode.Dequantize ? null : quantization);
        int[] inputs = opcode switch
        {
            Opcode.Table => [x, builder.AddConstant(TensorType.Int8, [256], new byte[256])],
            Opcode.Quantize => [x, -1, -1],
            _ => [x],
        };
        builder.AddOperator(opcode, inputs, [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] Layer(TensorType type, int depth, int units, int rows)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(type, [rows, depth], 0, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(type, [rows, units], 8192, new TensorQuantization(1f, 0));
        Dense(builder, x, y, new sbyte[units * depth], units, type);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static void Dense(ModelBuilder builder, int x, int y, sbyte[] weights, int units, TensorType type = TensorType.Int8)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max]) = type == TensorType.Int8 ? (-128, 127) : (-32768, 32767);
        int[] inputs =
        [
            x,
            builder.AddConstant(TensorType.Int8, [units, weights.Length / units], MemoryMarshal.AsBytes<sbyte>(weights)),
            -1,
            builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30])),
            builder.AddConstant(TensorType.Int8, [1], [0]),
            -1,
        ];
        builder.AddOperator(Opcode.Dense, inputs, [y], parameters);
    }
}
