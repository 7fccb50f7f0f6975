using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What a model is said to take on nanoFramework, worked out by hand from what an operator holds and does.</summary>
public class EmitCostTests
{
    // What a file takes besides its bytes and its arena: 160 bytes a tensor, 120 a kernel. The engine is 84 KiB of flash.
    private const int Record = 160;
    private const int Kernel = 120;
    private const int Array = 24;
    private const int Engine = 84 * 1024;

    private static readonly TensorQuantization one = new(1f, 0);

    // Instructions are counted in the kernels' IL, docs/esp32.md: so many for each element, tap, group of eight inputs and unit.
    [Fact]
    public void The_table_form_takes_what_its_kernels_are_counted_with()
    {
        Check("pool", 2 * 2 * 3 * (90 + (18 * 2 * 3)), 3 * 4, builder =>
        {
            int[] pool = new int[OperatorNames.Parameters(Opcode.MaxPool).Length];
            (pool[PoolRule.Kernel], pool[PoolRule.Kernel + 1]) = (2, 3);
            pool[PoolRule.Stride] = pool[PoolRule.Stride + 1] = pool[PoolRule.Dilation] = pool[PoolRule.Dilation + 1] = 1;
            return Operator(builder, Opcode.MaxPool, Float(builder, 1, 3, 4, 3), pool, 1, 2, 2, 3);
        });
        Check("softmax of float32", 6 * 130, 1024 + Array, builder => Operator(builder, Opcode.Softmax, Float(builder, 2, 3), [Bits(1f), 0, 0, 0], 2, 3));
        Check("softmax of int8", 6 * 140, 1024 + Array, builder =>
        {
            int y = builder.AddTensor(TensorType.Int8, [2, 3], 4096, new(1f / 256, -128));
            builder.AddOperator(Opcode.Softmax, [Integers(builder, TensorType.Int8, 2, 3)], [y], [Bits(1f), 1 << 30, 20, -100]);
            return y;
        });
        Check("activation", 7 * 110, 0, builder => Operator(builder, Opcode.Activation, Float(builder, 1, 7), [(int)ActivationKind.Tanh, 0, 0], 1, 7));
        Check("quantize", 5 * 85, 0, builder => Quantize(builder, Float(builder, 1, 5), -1, -1));
        Check("quantize by features", 5 * 85, 2 * ((5 * 4) + Array), builder => Quantize(builder, Float(builder, 1, 5), Constant(builder, 5), Constant(builder, 5)));
        Check("quantize with offsets", 5 * 85, (5 * 4) + Array, builder => Quantize(builder, Float(builder, 1, 5), Constant(builder, 5), -1));
        Check("table of int8", 5 * 15, 256 + Array, builder => Table(builder, TensorType.Int8, builder.AddConstant(TensorType.Int8, [256], new byte[256])));

        // A directory of 128 cells and its end stands before the segments, which are there twice.
        int[] segments = [.. Enumerable.Range(0, 3).SelectMany(i => new[] { ((-32768 + (i * 1024)) << 5) + 10, 1 << 15, 0, 0, 0 })];
        Check("table of int16", 5 * 90, (2 * segments.Length * 4) + (129 * 4) + (2 * Array), builder => Table(builder, TensorType.Int16, builder.AddConstant(TensorType.Int32, [segments.Length], MemoryMarshal.AsBytes<int>(segments))));
        Check("dequantize", 5 * 16, 0, builder => Operator(builder, Opcode.Dequantize, Integers(builder, TensorType.Int8, 1, 5), [], 1, 5));
        Check("reshape", 30, 0, builder =>
        {
            int y = builder.AddTensor(TensorType.Float32, [5, 1], 0);
            builder.AddOperator(Opcode.Reshape, [Float(builder, 1, 5)], [y], []);
            return y;
        });
        Check("addition of a constant", 5 * 30, 5 * 4, builder =>
        {
            int y = builder.AddTensor(TensorType.Float32, [1, 5], 4096);
            builder.AddOperator(Opcode.Add, [Float(builder, 1, 5), Constant(builder, 5)], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            return y;
        });
    }

    // Float32: groups of 8 inputs for each unit. int8: three units in eight bytes, int16: two.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Layers_take_their_groups_units_and_rows(int rows)
    {
        const int Units = 7;
        const int Depth = 17;
        const int Groups = 3;
        Check("float32", rows * ((Groups * (70 + (Units * 80))) + (Units * 30)), (Units * (Depth + 2) * 4) + (3 * Array), builder =>
        {
            int y = builder.AddTensor(TensorType.Float32, [rows, Units], 4096);
            builder.AddOperator(Opcode.Dense, [Float(builder, rows, Depth), builder.AddConstant(TensorType.Float32, [Units, Depth], new byte[4 * Units * Depth]), -1], [y], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
            return y;
        });
        foreach (bool hasTable in (bool[])[false, true])
        {
            const int Triples = 3;
            Check(
                "int8",
                rows * ((Groups * (90 + (Triples * 84))) + (Triples * 45) + (Units * 60)),
                (Groups * 8 * Triples * 8) + (Triples * 8) + (Units * 20) + (7 * Array) + (hasTable ? 256 : 0),
                builder => Dense(builder, TensorType.Int8, rows, Depth, Units, hasTable),
                (rows * ((2 * Groups * 64) + (Groups * Units * 90) + (Units * 60))) + 200,
                (Units * 13) + (7 * Array) + (hasTable ? 512 : 0));
        }

        const int Pairs = 4;
        Check(
            "int16",
            rows * ((Groups * (90 + (Pairs * 84))) + (Pairs * 30) + (Units * 50)),
            (Groups * 8 * Pairs * 8) + (Pairs * 8) + (Units * 28) + (7 * Array),
            builder => Dense(builder, TensorType.Int16, rows, Depth, Units, false),
            (rows * ((2 * Groups * 64) + (Groups * Units * 90) + (Units * 60))) + 200,
            (Units * 25) + (7 * Array));
    }

    // Each step takes two matrices of all gates, a sum and an activation for each, and the rest of the cell for each unit.
    [Theory]
    [InlineData(nameof(Opcode.RNN), 1)]
    [InlineData(nameof(Opcode.GRU), 3)]
    [InlineData(nameof(Opcode.LSTM), 4)]
    public void Recurrent_layers_take_their_steps(string name, int gates)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        const int Steps = 5;
        const int Features = 9;
        const int Hidden = 3;
        int units = gates * Hidden;
        int input = Steps * ((2 * (70 + (units * 80))) + (units * 30));
        int state = Steps * ((1 * (70 + (units * 80))) + (units * 30));
        int ram = (units * (Features + 2) * 4) + (units * (Hidden + 2) * 4) + (6 * Array) + (((5 * units) + (4 * Hidden)) * 4) + (8 * Array);
        Check(name, input + state + (Steps * (200 + (units * 132) + (Hidden * 40))), ram, builder =>
        {
            int[] outputs = [.. new[] { Steps, 1, 1 }.Take(opcode == Opcode.LSTM ? 3 : 2).Select((steps, i) => builder.AddTensor(TensorType.Float32, i == 0 ? [steps, 1, Hidden] : [1, Hidden], 4096 + (256 * i)))];
            builder.AddOperator(
                opcode,
                [Float(builder, Steps, 1, Features), builder.AddConstant(TensorType.Float32, [units, Features], new byte[4 * units * Features]), builder.AddConstant(TensorType.Float32, [units, Hidden], new byte[4 * units * Hidden])],
                outputs,
                new int[OperatorNames.Parameters(Opcode.LSTM).Length]);
            return outputs[0];
        }, hasResource: false);
    }

    [Fact]
    public void A_product_of_matrices_takes_its_depth() => Check("matmul", 2 * 5 * (12 + (10 * 7)), 7 * 5 * 4, builder =>
    {
        int y = builder.AddTensor(TensorType.Float32, [2, 5], 4096);
        builder.AddOperator(Opcode.MatMul, [Float(builder, 2, 7), builder.AddConstant(TensorType.Float32, [7, 5], new byte[4 * 7 * 5])], [y], []);
        return y;
    });

    // 4,096 weights are read at a time: 16 · 256 are one chunk, one more unit makes two.
    [Theory]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    [InlineData(32, 2)]
    public void A_resource_is_read_in_as_many_chunks_as_its_weights_fill(int units, int chunks)
    {
        ModelBuilder builder = new();
        builder.AddOutput(Dense(builder, TensorType.Int8, 1, 256, units, false));
        NanoForm resource = NanoCost.Of(builder.Build()).Resource!;
        Assert.Equal(200 + ((chunks + 1) * 32 * 64) + ((32 * units * 90) + (units * 60)) + (chunks * 200), resource.Instructions);
    }

    // A window is copied line by line to a Dense layer; one channel a group is a plane of its own.
    [Fact]
    public void Convolutions_take_their_places_and_lines()
    {
        foreach (TensorType type in (TensorType[])[TensorType.Float32, TensorType.Int8])
        {
            // 3·2 taps of 5 channels to 7 units, at 2·3 places.
            const int Places = 6;
            const int Depth = 3 * 2 * 5;
            int size = type == TensorType.Float32 ? 4 : 1;
            int dense = type == TensorType.Float32 ? Places * ((4 * (70 + (7 * 80))) + (7 * 30)) : Places * ((4 * (90 + (3 * 84))) + (3 * 45) + (7 * 60));
            int ram = type == TensorType.Float32 ? (7 * (Depth + 2) * 4) + (3 * Array) : (4 * 8 * 3 * 8) + (3 * 8) + (7 * 20) + (7 * Array);
            int chunked = (Places * ((2 * 4 * 64) + (4 * 7 * 90) + (7 * 60))) + 200;
            Check(
                $"conv of {type}",
                dense + (Places * (60 + (45 * 3))),
                ram + (2 * Depth * size),
                builder => Conv(builder, type, (4, 4, 5), (7, 3, 2, 5), 1, (2, 3)),
                chunked + (Places * (60 + (45 * 3))),
                (7 * 13) + (7 * Array) + (2 * Depth),
                hasResource: type == TensorType.Int8);

            // Six groups of one channel, 3·3 taps.
            int elements = 2 * 2 * 6;
            Check($"depthwise conv of {type}", elements * (95 + (8 * 9)), (4 * 4) + (4 * 4 * size) + (6 * 16) + (7 * Array), builder => Conv(builder, type, (4, 4, 6), (6, 3, 3, 1), 6, (2, 2)), hasResource: type == TensorType.Int8);
        }
    }

    [Fact]
    public void Time_is_a_quarter_of_a_microsecond_for_a_step_of_code_and_a_third_for_one_of_the_engine()
    {
        Assert.Equal(0.25, NanoCost.StraightLineMilliseconds(1000), 1e-12);
        Assert.Equal(0.33, NanoCost.LoopMilliseconds(1000), 1e-12);
        Assert.Equal((2.5, 3.3, 100), (NanoCost.HostStraightLineNanoseconds, NanoCost.HostLoopNanoseconds, NanoCost.Esp32Factor));
    }

    // Code, a thousand bytes around it, the engine where it is called; arrays, and the caller's own twice.
    [Fact]
    public void The_emitted_form_takes_its_files_the_arrays_around_it_and_the_engine_where_it_is_called()
    {
        foreach (ActivationKind kind in (ActivationKind[])[ActivationKind.ReLU, ActivationKind.Tanh])
        {
            var builder = new ModelBuilder();
            builder.AddOutput(Operator(builder, Opcode.Activation, Float(builder, 1, 7), [(int)kind, 0, 0], 1, 7));
            byte[] file = builder.Build();
            EmittedFile emitted = NanoEmitter.Emit(file, new EmitOptions()).Files.Single();
            NanoForm form = NanoCost.Of(file).Emitted!;
            Assert.Equal((7 * 4 * 2 * 2) + (Array * 4), form.RamBytes);
            Assert.Equal(emitted.InstructionBytes + 1000 + (kind == ActivationKind.Tanh ? Engine : 0), form.FlashBytes);
            Assert.Equal(form.Instructions * 250 / 1e6, form.Milliseconds, 1e-9);
            Assert.Equal(1, form.Assemblies);
        }

        var table = new ModelBuilder();
        table.AddOutput(Table(table, TensorType.Int8, table.AddConstant(TensorType.Int8, [256], new byte[256])));
        byte[] bytes = table.Build();
        NanoForm with = NanoCost.Of(bytes).Emitted!;
        Assert.Equal(256 + (5 * 2 * 2) + (Array * 4), with.RamBytes);
        Assert.Equal(NanoEmitter.Emit(bytes, new EmitOptions()).Files.Single().InstructionBytes + 256 + 1000, with.FlashBytes);
    }

    [Fact]
    public void What_cannot_be_emitted_says_why_and_costs_nothing()
    {
        var builder = new ModelBuilder();
        builder.AddOutput(Operator(builder, Opcode.LogSoftmax, Float(builder, 1, 3), [], 1, 3));
        NanoEstimate estimate = NanoCost.Of(builder.Build());
        Assert.Null(estimate.Emitted);
        Assert.Equal("Code cannot be emitted for LogSoftmax on Float32; use the table form, --form table.", estimate.NotEmitted);
        var good = new ModelBuilder();
        good.AddOutput(Operator(good, Opcode.Activation, Float(good, 1, 7), [(int)ActivationKind.ReLU, 0, 0], 1, 7));
        Assert.Equal("", NanoCost.Of(good.Build()).NotEmitted);
    }

    [Fact]
    public void Warnings_name_the_numbers_and_the_way_out()
    {
        // 66,000 weights are within 100,000 bytes by chunks and not in RAM; two assemblies; flash has room.
        NanoEstimate large = NanoCost.Of(RandomModels.Layer(1, 300, 220));
        Assert.Equal($"The table form takes {large.Table.RamBytes} bytes of RAM and an ESP32 without PSRAM has about 100000: emit with --form resource, which takes {large.Resource!.RamBytes}.", large.Warnings[0]);
        int parts = NanoEmitter.Emit(RandomModels.Layer(1, 300, 220), new EmitOptions(MaxAssemblies: 999)).Files.Count;
        Assert.Equal($"The emitted form needs {parts} assemblies of at most 65,535 bytes of IL: emit with --assemblies {parts}.", large.Warnings[1]);
        Assert.Equal(2, large.Warnings.Count);

        // Float32 weights are not read by chunks.
        var builder = new ModelBuilder();
        int y = builder.AddTensor(TensorType.Float32, [1, 100], 4096);
        builder.AddOperator(Opcode.Dense, [Float(builder, 1, 300), builder.AddConstant(TensorType.Float32, [100, 300], new byte[120_000]), -1], [y], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
        builder.AddOutput(y);
        NanoEstimate float32 = NanoCost.Of(builder.Build());
        Assert.Null(float32.Resource);
        Assert.EndsWith("use packWeights: false, a smaller model, or a board with PSRAM.", float32.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Flash_is_short_where_the_emitted_form_alone_is_too_large()
    {
        NanoEstimate estimate = NanoCost.Of(RandomModels.Layer(1, 600, 500));
        Assert.True(estimate.Table.FlashBytes <= 1792 * 1024 && estimate.Emitted!.FlashBytes > 1792 * 1024, $"{estimate.Table.FlashBytes} and {estimate.Emitted?.FlashBytes}");
        Assert.Contains("An ESP32 with 4 MB of flash has 1835008 bytes for programs, less than a form of this model takes.", estimate.Warnings);
    }

    [Fact]
    public void Flash_of_4_megabytes_holds_1792_kibibytes_and_no_more()
    {
        int? last = null;
        int? first = null;
        int room = (1792 * 1024) - Engine;
        int least = Named(1_000_000).Length - 1_000_000;
        for (int name = room - least - 20; name < room - least + 20; name += 4)
        {
            NanoEstimate estimate = NanoCost.Of(Named(name));
            bool warns = estimate.Warnings.Any(warning => warning == "An ESP32 with 4 MB of flash has 1835008 bytes for programs, less than a form of this model takes.");
            last = warns ? last : Math.Max(last ?? 0, estimate.Table.FlashBytes);
            first = warns ? Math.Min(first ?? int.MaxValue, estimate.Table.FlashBytes) : first;
        }

        Assert.True(last <= 1792 * 1024 && first > 1792 * 1024, $"{last} and {first}");

        static byte[] Named(int name)
        {
            var builder = new ModelBuilder();
            builder.AddOutput(Operator(builder, Opcode.LogSoftmax, Float(builder, 1, 3), [], 1, 3));
            builder.AddText(MetadataKey.Name, new string('n', name));
            return builder.Build();
        }
    }

    // An operator's instructions and memory in the table form, and by chunks where these are others.
    private static void Check(string name, long instructions, int ram, Func<ModelBuilder, int> model, long? chunked = null, int chunkedRam = 0, bool hasResource = true)
    {
        var builder = new ModelBuilder();
        builder.AddOutput(model(builder));
        byte[] bytes = builder.Build();
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        NanoEstimate estimate = NanoCost.Of(bytes);
        int around = (file.Tensors.Length * Record) + file.ArenaBytes + Kernel;
        Assert.True(200 + instructions == estimate.Table.Instructions, $"{name}: {estimate.Table.Instructions - 200} instructions for {instructions}");
        Assert.True(bytes.Length + around + ram == estimate.Table.RamBytes, $"{name}: {estimate.Table.RamBytes - around - bytes.Length} bytes for {ram}");
        Assert.Equal(bytes.Length + Engine, estimate.Table.FlashBytes);
        Assert.Equal(estimate.Table.Instructions * 330 / 1e6, estimate.Table.Milliseconds, 1e-9);
        Assert.Equal(instructions, NanoCost.Instructions(file.Operators[0]));
        bool isFloatDense = file.Operators[0].Info.Opcode == Opcode.Dense && file.Inputs[0].Type == TensorType.Float32;
        if (!hasResource || isFloatDense)
        {
            Assert.Null(estimate.Resource);
            return;
        }

        NanoForm resource = estimate.Resource!;
        Assert.Equal(200 + (chunked ?? instructions), resource.Instructions);

        // 4,096 bytes of weights and a window of 512 at a time.
        Assert.Equal(4096 + 512 + around + (chunked is null ? ram : chunkedRam), resource.RamBytes);
        Assert.Equal((bytes.Length + Engine, 1), (resource.FlashBytes, resource.Assemblies));
        Assert.Equal(resource.Instructions * 330 / 1e6, resource.Milliseconds, 1e-9);
        EmittedModel emitted = ResourceForm.Emit(bytes, new EmitOptions());
        Assert.Equal((resource.Instructions, resource.Milliseconds, true), (emitted.Instructions, emitted.Milliseconds, emitted.NeedsEngine));
        EmittedModel table = TableForm.Emit(bytes, new EmitOptions());
        Assert.Equal((estimate.Table.Instructions, estimate.Table.Milliseconds, true), (table.Instructions, table.Milliseconds, table.NeedsEngine));
    }

    private static int Float(ModelBuilder builder, params int[] shape)
    {
        int x = builder.AddTensor(TensorType.Float32, shape, 0);
        builder.AddInput(x);
        return x;
    }

    private static int Integers(ModelBuilder builder, TensorType type, params int[] shape)
    {
        int x = builder.AddTensor(type, shape, 0, one);
        builder.AddInput(x);
        return x;
    }

    private static int Constant(ModelBuilder builder, int features) => builder.AddConstant(TensorType.Float32, [features], MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(1f, features)]));

    private static int Operator(ModelBuilder builder, Opcode opcode, int x, int[] parameters, params int[] shape)
    {
        int y = builder.AddTensor(TensorType.Float32, shape, 4096);
        builder.AddOperator(opcode, [x], [y], parameters);
        return y;
    }

    private static int Quantize(ModelBuilder builder, int x, int offsets, int scales)
    {
        int y = builder.AddTensor(TensorType.Int8, [1, 5], 4096, one);
        builder.AddOperator(Opcode.Quantize, [x, offsets, scales], [y], []);
        return y;
    }

    private static int Table(ModelBuilder builder, TensorType type, int table)
    {
        int y = builder.AddTensor(type, [1, 5], 4096, one);
        builder.AddOperator(Opcode.Table, [Integers(builder, type, 1, 5), table], [y], []);
        return y;
    }

    private static int Dense(ModelBuilder builder, TensorType type, int rows, int depth, int units, bool hasTable)
    {
        int x = Integers(builder, type, rows, depth);
        int y = builder.AddTensor(type, [rows, units], 4096, one);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max]) = type == TensorType.Int8 ? (-128, 127) : (-32768, 32767);
        builder.AddOperator(Opcode.Dense, [x, .. Fixed(builder, [units, depth]), hasTable ? builder.AddConstant(TensorType.Int8, [256], new byte[256]) : -1], [y], parameters);
        return y;
    }

    private static int Conv(ModelBuilder builder, TensorType type, (int Height, int Width, int Channels) input, (int Units, int Height, int Width, int Channels) window, int groups, (int Height, int Width) output)
    {
        int[] shape = [1, input.Height, input.Width, input.Channels];
        int x = type == TensorType.Float32 ? Float(builder, shape) : Integers(builder, type, shape);
        int[] made = [1, output.Height, output.Width, window.Units];
        int y = type == TensorType.Float32 ? builder.AddTensor(type, made, 4096) : builder.AddTensor(type, made, 4096, one);
        int[] weights = [window.Units, window.Height, window.Width, window.Channels];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Conv).Length];
        parameters[ConvRule.Groups] = groups;
        parameters[ConvRule.Stride] = parameters[ConvRule.Stride + 1] = parameters[ConvRule.Dilation] = parameters[ConvRule.Dilation + 1] = 1;
        if (type == TensorType.Float32)
        {
            builder.AddOperator(Opcode.Conv, [x, builder.AddConstant(type, weights, new byte[4 * weights.Aggregate(1, (a, b) => a * b)]), -1], [y], parameters);
            return y;
        }

        (parameters[DenseRule.Min], parameters[DenseRule.Max]) = (-128, 127);
        builder.AddOperator(Opcode.Conv, [x, .. Fixed(builder, weights), -1], [y], parameters);
        return y;
    }

    // Weights, no bias, a multiplier and a shift.
    private static int[] Fixed(ModelBuilder builder, int[] shape) =>
    [
        builder.AddConstant(TensorType.Int8, shape, new byte[shape.Aggregate(1, (a, b) => a * b)]),
        -1,
        builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30])),
        builder.AddConstant(TensorType.Int8, [1], [0]),
    ];

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
