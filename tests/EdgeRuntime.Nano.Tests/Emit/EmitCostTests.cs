using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What a model is said to take on nanoFramework, worked out by hand from what an operator holds and does.</summary>
public class EmitCostTests
{
    // What emitted code holds besides its tables and the caller's arrays. The engine takes 106,000 bytes of flash.
    private static readonly int Once = (int)MeasuredTerms.Bytes["emitted: once"];
    private const int Engine = 106_000;

    private static readonly TensorQuantization one = new(1f, 0);

    /// <summary>Operators by type, as random programs have them.</summary>
    public static TheoryData<string> Operators => [.. RandomPrograms.Rows.Select(row => $"{row.Opcode} {row.Type}")];

    // A term that was not measured is refused with its name.
    [Theory]
    [MemberData(nameof(Operators))]
    public void What_an_operator_does_was_measured(string name)
    {
        RandomPrograms.Row row = RandomPrograms.Rows.Single(row => $"{row.Opcode} {row.Type}" == name);
        for (int seed = 1; seed <= 8; seed++)
        {
            byte[] bytes = new RandomPrograms(seed).Next(row);
            ModelFile file = ModelFile.Read(new ModelBytes(bytes));
            NanoForm form = NanoCost.Of(bytes).Table;
            Assert.InRange(form.Instructions, 1, long.MaxValue);
            Assert.InRange(form.HeapBytes, 1, int.MaxValue);
            Assert.True(form.HeapBytes >= form.ArenaBytes + form.PackedBytes, $"{form}");
            long operators = file.Operators.Sum(record => NanoCost.Instructions(file, record));
            Assert.InRange(operators, 0, form.Instructions);
        }
    }

    [Fact]
    public void Every_operator_is_among_them() =>
        Assert.Equal(Enum.GetValues<Opcode>().Where(opcode => OperatorDefinitions.Find(opcode) is not null), RandomPrograms.Rows.Select(row => row.Opcode).Distinct().Order());

    // Each split sends half of the rows to each side: a chain of two ends at its first split for half of them. One more tree is a split.
    [Fact]
    public void Trees_take_their_mean_walks()
    {
        Assert.Equal(1.5, MeanWalk.Of(Trees([2], [0, -1, -2, -3])));
        Assert.Equal(2.5, MeanWalk.Of(Trees([2, 1], [0, -1, -2, -3, -1, -2])));
    }

    [Fact]
    public void Time_goes_by_the_clock_of_a_board()
    {
        Assert.Equal(["ESP32", "ESP32-S3", "ESP32-C3"], NanoBoard.Usual.Select(board => board.Name));
        Assert.All(NanoBoard.All, board => Assert.Equal(1000 * NanoBoard.CyclesPerInstruction, board.Milliseconds(1_000_000) * board.Megahertz, 1e-9));
        NanoForm form = new(240_000, 3, 2, 1) { ArenaBytes = 1, PackedBytes = 1 };
        Assert.Equal((NanoBoard.CyclesPerInstruction, 1), (form.Milliseconds, form.SessionBytes));
        Assert.Equal(NanoBoard.Usual.Select(board => board.Milliseconds(240_000)), form.MillisecondsByBoard.Values);
    }

    [Fact]
    public void Boards_differ_by_name_and_by_target_and_fit_by_flash_heap_and_assemblies()
    {
        Assert.Equal(NanoBoard.All.Count, NanoBoard.All.Select(board => board.Name.ToUpperInvariant()).Distinct().Count());
        Assert.Equal(NanoBoard.All.Count, NanoBoard.All.Select(board => board.Target).Distinct().Count());
        Assert.Empty(NanoBoard.Usual.Except(NanoBoard.All));
        Assert.Null(NanoBoard.Find("ESP32 "));
        foreach (NanoBoard board in NanoBoard.All)
        {
            Assert.Same(board, NanoBoard.Find(board.Name.ToLowerInvariant()));
            Assert.Same(board, NanoBoard.Find(board.Target));
            Assert.InRange(board.DeploymentBytes, 1, board.FlashKilobytes * 1024);
            NanoForm Form(int ram, int flash) => new(1, 1, ram, flash);
            int most = Math.Max(board.HeapBytes, board.PsramBytes);
            Assert.Equal("yes", board.Fit(Form(board.HeapBytes, board.DeploymentBytes)));
            Assert.Equal("yes, in 2 assemblies", board.Fit(Form(1, 1) with { Assemblies = 2 }));
            Assert.Equal(board.PsramBytes > 0 ? "with PSRAM only" : "no: heap", board.Fit(Form(board.HeapBytes + 1, 1)));
            Assert.Equal("no: heap", board.Fit(Form(most + 1, 1)));
            Assert.Equal("no: flash", board.Fit(Form(most + 1, board.DeploymentBytes + 1)));
        }
    }

    [Fact]
    public void Warnings_are_for_the_board_that_is_asked_for()
    {
        byte[] file = RandomModels.Layer(1, 16, 16);
        Assert.Empty(NanoCost.Of(file).Warnings);
        IReadOnlyList<string> warnings = NanoCost.Of(file, NanoBoard.Find("NUCLEO-F091RC")).Warnings;
        Assert.Equal(["A NUCLEO-F091RC with 256 KB of flash has 69632 bytes for programs, less than a form of this model takes."], warnings);
        Assert.StartsWith("The table form takes ", NanoCost.Of(RandomModels.Layer(1, 180, 180), NanoBoard.Find("ESP32-C3")).Warnings[0], StringComparison.Ordinal);
        Assert.Contains(" and an ESP32-C3 has about 54472: ", NanoCost.Of(RandomModels.Layer(1, 180, 180), NanoBoard.Find("ESP32-C3")).Warnings[0], StringComparison.Ordinal);
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
            Assert.Equal((7 * 4 * 2 * 2) + Once, form.RamBytes);
            Assert.Equal(emitted.InstructionBytes + 1000 + (kind == ActivationKind.Tanh ? Engine : 0), form.FlashBytes);
            Assert.Equal(NanoCost.EmittedInstructions(NanoEmitter.Emit(file, new EmitOptions()).Instructions), form.Instructions);
            Assert.Equal(1, form.Assemblies);
        }

        var table = new ModelBuilder();
        table.AddOutput(Table(table, TensorType.Int8, table.AddConstant(TensorType.Int8, [256], new byte[256])));
        byte[] bytes = table.Build();
        NanoForm with = NanoCost.Of(bytes).Emitted!;
        Assert.Equal(256 + (5 * 2 * 2) + Once, with.RamBytes);
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

    private static OperatorRecord Trees(sbyte[] counts, sbyte[] children)
    {
        var builder = new ModelBuilder();
        int splits = children.Length / 2;
        int x = Float(builder, 1, 2);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        builder.AddOutput(y);
        int[] constants =
        [
            builder.AddConstant(TensorType.Int8, [counts.Length], MemoryMarshal.AsBytes<sbyte>(counts)),
            builder.AddConstant(TensorType.Int8, [splits], new byte[splits]),
            builder.AddConstant(TensorType.Int8, [splits, 2], MemoryMarshal.AsBytes<sbyte>(children)),
            Constant(builder, splits),
            builder.AddConstant(TensorType.Float32, [3, 1], new byte[12]),
        ];
        builder.AddOperator(Opcode.TreeEnsemble, [x, .. constants], [y], [0, 0, 0]);
        return ModelFile.Read(new ModelBytes(builder.Build())).Operators[0];
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
