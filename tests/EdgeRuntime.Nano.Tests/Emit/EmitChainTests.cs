using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What one emitted operator tells the next of its results, at the ends of what they can be; and counts where they are refused.</summary>
public class EmitChainTests
{
    private const int Units = 9;

    [Theory]
    [InlineData(0, -128)]
    [InlineData(0, 127)]
    [InlineData(255, -128)]
    [InlineData(255, 127)]
    public void A_layer_behind_a_layer_holds_what_the_table_between_them_gives(int place, int value)
    {
        // The first layer passes its input on, its table is 0 but for one entry at an end, and nine units read it.
        var table = new sbyte[256];
        table[place] = (sbyte)value;
        var builder = new ModelBuilder();
        var one = new TensorQuantization(1f, 0);
        int x = builder.AddTensor(TensorType.Int8, [1, 1], 0, one);
        int h = builder.AddTensor(TensorType.Int8, [1, 1], 64, one);
        int y = builder.AddTensor(TensorType.Int8, [1, Units], 128, one);
        Dense(builder, x, h, [2], 1, builder.AddConstant(TensorType.Int8, [256], MemoryMarshal.AsBytes<sbyte>(table)));
        Dense(builder, h, y, [.. Enumerable.Range(0, Units).Select(i => (sbyte)(i % 2 == 0 ? 2 : -2))], Units, -1);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        for (int code = -128; code < 128; code++)
        {
            int held = table[code + 128];
            Assert.Equal(Enumerable.Range(0, Units).Select(unit => (sbyte)Math.Clamp(unit % 2 == 0 ? held : -held, -128, 127)), batch.Run<sbyte>(0, new[] { (sbyte)code }));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_layer_behind_tables_of_channels_holds_what_each_of_them_gives(int channel)
    {
        // All tables are 0 but that of one channel, which is the ends of int8.
        var tables = new sbyte[3 * 256];
        for (int entry = 0; entry < 256; entry++)
        {
            tables[(channel * 256) + entry] = (sbyte)(entry < 128 ? -128 : 127);
        }

        var builder = new ModelBuilder();
        var one = new TensorQuantization(1f, 0);
        int x = builder.AddTensor(TensorType.Int8, [1, 3], 0, one);
        int h = builder.AddTensor(TensorType.Int8, [1, 3], 64, one);
        int y = builder.AddTensor(TensorType.Int8, [1, Units], 128, one);
        builder.AddOperator(Opcode.Table, [x, builder.AddConstant(TensorType.Int8, [tables.Length], MemoryMarshal.AsBytes<sbyte>(tables))], [h], []);
        Dense(builder, x: h, y, [.. Enumerable.Range(0, Units * 3).Select(i => (sbyte)(i / 3 % 2 == 0 ? 2 : -2))], Units, -1);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        foreach (sbyte code in (sbyte[])[-128, -1, 0, 127])
        {
            int held = code < 0 ? -128 : 127;
            Assert.Equal(Enumerable.Range(0, Units).Select(unit => (sbyte)Math.Clamp(unit % 2 == 0 ? held : -held, -128, 127)), batch.Run<sbyte>(0, new[] { code, code, code }));
        }
    }

    [Fact]
    public void Outputs_that_nothing_reads_stand_one_after_the_other()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int[] outputs = [.. Enumerable.Range(1, 3).Select(i => builder.AddTensor(TensorType.Float32, [1, 2], 64 * i))];
        Opcode[] opcodes = [Opcode.Add, Opcode.Mul, Opcode.Sub];
        for (int i = 0; i < outputs.Length; i++)
        {
            builder.AddOperator(opcodes[i], [x, x], [outputs[i]], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        }

        builder.AddInput(x);
        Array.ForEach(outputs, output => builder.AddOutput(output));
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        Assert.Equal([6f, -8f, 9f, 16f, 0f, 0f], batch.Run<float>(0, new[] { 3f, -4f }));
    }

    [Fact]
    public void Counts_are_as_many_as_features_and_there()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 256, -128));
        int y = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
        builder.AddOperator(Opcode.Dequantize, [q], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        var batch = new EmitBatch();
        batch.Add(builder.Build(), new CountScaling([1.0 / 256, 1.0 / 128], [0, 10]));
        System.Reflection.MethodInfo classify = batch.Code(0).GetMethod("Classify", [typeof(int[])])!;
        foreach (int[]? counts in (int[]?[])[null, [1], [1, 2, 3]])
        {
            var inner = Assert.IsType<ArgumentException>(Assert.Throws<System.Reflection.TargetInvocationException>(() => classify.Invoke(null, [counts])).InnerException);
            Assert.Equal("The model takes 2 counts.", inner.Message);
        }

        // (c + offset) · scale of each feature: 40/256 against (10 + 10)/128, a tie, and one count either way.
        Assert.Equal(0, classify.Invoke(null, [new[] { 40, 10 }]));
        Assert.Equal(1, classify.Invoke(null, [new[] { 39, 10 }]));
        Assert.Equal(1, classify.Invoke(null, [new[] { 40, 11 }]));
        Assert.Equal(0, classify.Invoke(null, [new[] { 40, 9 }]));
    }

    private static void Dense(ModelBuilder builder, int x, int y, sbyte[] weights, int units, int table)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max]) = (-128, 127);
        int[] inputs =
        [
            x,
            builder.AddConstant(TensorType.Int8, [units, weights.Length / units], MemoryMarshal.AsBytes<sbyte>(weights)),
            -1,
            builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30])),
            builder.AddConstant(TensorType.Int8, [1], [0]),
            table,
        ];
        builder.AddOperator(Opcode.Dense, inputs, [y], parameters);
    }
}
