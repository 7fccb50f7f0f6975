using System.Reflection;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Emitted operators that take elements one by one, and Softmax, on every code or at every edge, against plain loops.</summary>
public class EmitElementTests
{
    private static readonly int[] codes = [.. Enumerable.Range(-128, 256)];

    [Theory]
    [InlineData(TensorType.Int8, 1)]
    [InlineData(TensorType.Int16, 1)]
    [InlineData(TensorType.Int8, 3)]
    [InlineData(TensorType.Int16, 3)]
    public void A_table_gives_each_of_its_entries(TensorType type, int channels)
    {
        // Twice as many elements as channels: the tables go over the last axis.
        var random = new Random(channels);
        int[] table = [.. Enumerable.Range(0, 256 * channels).Select(_ => type == TensorType.Int8 ? random.Next(-128, 128) : random.Next(-32768, 32768))];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int8, [2, channels], 0, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(type, [2, channels], 64, new TensorQuantization(1f, 0));
        builder.AddOperator(Opcode.Table, [x, Integers(builder, type, table)], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        foreach (int code in codes)
        {
            sbyte[] input = [.. Enumerable.Range(0, 2 * channels).Select(i => unchecked((sbyte)(code + i)))];
            int[] expected = [.. input.Select((value, i) => table[(i % channels * 256) + value + 128])];
            Assert.Equal(expected, type == TensorType.Int8 ? batch.Run<sbyte>(0, input).Select(value => (int)value) : batch.Run<short>(0, input).Select(value => (int)value));
        }
    }

    [Theory]
    [InlineData(0, new float[] { 1, -2, 3, -4, 5, -6, 1, 0, 3, 0, 5, 0 })]
    [InlineData(1, new float[] { 1, -2, 3, 1, 0, 3, -4, 5, -6, 0, 5, 0 })]
    public void Concat_joins_along_an_axis(int axis, float[] expected)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [2, 3], 0);
        int positive = builder.AddTensor(TensorType.Float32, [2, 3], 64);
        int y = builder.AddTensor(TensorType.Float32, axis == 0 ? [4, 3] : [2, 6], 128);
        builder.AddOperator(Opcode.Activation, [x], [positive], [(int)ActivationKind.ReLU, 0, 0]);
        builder.AddOperator(Opcode.Concat, [x, positive], [y], [axis]);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        Assert.Equal(expected, batch.Run<float>(0, (float[])[1, -2, 3, -4, 5, -6]));
    }

    [Fact]
    public void A_layer_behind_a_table_holds_what_its_first_and_last_entries_give()
    {
        // All entries are 0 but one, at either end: the lanes of the layer behind reach as far as that one.
        var batch = new EmitBatch();
        (int Place, sbyte Value)[] cases = [.. from place in new[] { 0, 1, 254, 255 } from value in new sbyte[] { -128, 127 } select (place, value)];
        const int Units = 9;
        foreach ((int place, sbyte value) in cases)
        {
            var table = new int[256];
            table[place] = value;
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Int8, [1, 1], 0, new TensorQuantization(1f, 0));
            int t = builder.AddTensor(TensorType.Int8, [1, 1], 64, new TensorQuantization(1f, 0));
            int y = builder.AddTensor(TensorType.Int8, [1, Units], 128, new TensorQuantization(1f, 0));
            builder.AddOperator(Opcode.Table, [x, Integers(builder, TensorType.Int8, table)], [t], []);
            AddDense(builder, t, y, [.. Enumerable.Range(0, Units).Select(i => (sbyte)(i % 2 == 0 ? 2 : -2))], Units);
            builder.AddInput(x);
            builder.AddOutput(y);
            batch.Add(builder.Build());
        }

        for (int i = 0; i < cases.Length; i++)
        {
            foreach (int code in codes)
            {
                int held = code + 128 == cases[i].Place ? cases[i].Value : 0;
                Assert.Equal([.. Enumerable.Range(0, Units).Select(unit => (sbyte)Math.Min(127, unit % 2 == 0 ? held : -held))], batch.Run<sbyte>(i, new[] { (sbyte)code }));
            }
        }
    }

    [Theory]
    [InlineData(TensorType.Int8)]
    [InlineData(TensorType.Int16)]
    public void A_function_of_int16_is_read_from_its_segments_at_every_code(TensorType type)
    {
        // A parabola in one segment, a line in the next, a constant at either end.
        int[] segments =
        [
            Start(-32768, 0), 5 << 15, 0, 0, 0,
            Start(-32767, 14), -(40 << 15), 60 << 15, 30 << 15, 0,
            Start(-10000, 14), 100 << 15, -(70 << 15), 0, 0,
            Start(0, 15), -(3 << 15), 9 << 15, -(20 << 15), 30 << 15,
            Start(32767, 0), -(7 << 15), 0, 0, 0,
        ];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, 2], 0, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(type, [1, 2], 64, new TensorQuantization(1f, 0));
        builder.AddOperator(Opcode.Table, [x, builder.AddConstant(TensorType.Int32, [segments.Length], MemoryMarshal.AsBytes<int>(segments))], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        for (int code = -32768; code < 32768; code++)
        {
            short other = (short)~code;
            short[] input = [(short)code, other];
            int[] actual = type == TensorType.Int8 ? Array.ConvertAll(batch.Run<sbyte>(0, input), value => (int)value) : Array.ConvertAll(batch.Run<short>(0, input), value => (int)value);
            Assert.Equal([Value(code), Value(other)], actual);
        }

        int Value(int code)
        {
            int at = segments.Length - 5;
            while (segments[at] >> 5 > code)
            {
                at -= 5;
            }

            // Horner's rule, each step rounded down.
            (long t, int shift) = (code - (segments[at] >> 5), segments[at] & 31);
            long sum = (segments[at + 4] * t) >> shift;
            sum = ((sum + segments[at + 3]) * t) >> shift;
            sum = ((sum + segments[at + 2]) * t) >> shift;
            return (int)((sum + segments[at + 1]) >> 15);
        }

        static int Start(int lowest, int length) => (lowest << 5) + length;
    }

    [Fact]
    public void Quantizing_rounds_half_away_from_zero_and_saturates_at_both_ends()
    {
        var batch = new EmitBatch();
        var cases = new List<(TensorType Type, float? Offset, float? Scale, float Own, int ZeroPoint)>();
        foreach (TensorType type in (TensorType[])[TensorType.Int8, TensorType.Int16])
        {
            foreach (int zeroPoint in type == TensorType.Int8 ? (int[])[-128, 0, 5, 127] : [0])
            {
                foreach ((float? offset, float? scale, float own) in ((float?, float?, float)[])
                    [(null, null, 0.25f), (null, null, 1f), (1.5f, 0.5f, 1f), (-3f, 0.1f, 1f), (null, 2f * MinNormal, 1f), (null, MinNormal, 1f), (0f, 1e-40f, 1f), (0f, OddSubnormal, 1f), (null, 3e38f, 1f)])
                {
                    cases.Add((type, offset, scale, own, zeroPoint));
                    batch.Add(Quantize(type, offset, scale, own, zeroPoint));
                }
            }
        }

        for (int i = 0; i < cases.Count; i++)
        {
            (TensorType type, float? offset, float? scale, float own, int zeroPoint) = cases[i];
            (int low, int high) = type == TensorType.Int8 ? (-128, 127) : (-32768, 32767);
            float step = scale ?? own;
            IEnumerable<float> around = Enumerable.Range(-300, 601).Concat(Enumerable.Range(-32780, 30)).Concat(Enumerable.Range(32750, 30)).Select(k => (offset ?? 0f) + ((k / 2f) * step))
                .Concat(Enumerable.Range(-10, 20).SelectMany(k => (float[])[(offset ?? 0f) + ((low - zeroPoint + (k / 4f)) * step), (offset ?? 0f) + ((high - zeroPoint + (k / 4f)) * step)]));
            IEnumerable<float> edges = around.SelectMany(x => (float[])[MathF.BitDecrement(x), x, MathF.BitIncrement(x)])
                .Concat([float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 0f, -0f, MinNormal, -MinNormal]);
            foreach (float x in edges)
            {
                // float32 all the way, as the operator is defined.
                float q = (offset is { } o ? x - o : x) / step;
                int expected = float.IsNaN(q) ? zeroPoint : (int)Math.Clamp(Math.Round((double)q, MidpointRounding.AwayFromZero) + zeroPoint, low, high);
                int actual = type == TensorType.Int8 ? batch.Run<sbyte>(i, new[] { x })[0] : batch.Run<short>(i, new[] { x })[0];
                Assert.True(expected == actual, $"{cases[i]} at {x:R}: {actual} for {expected}");
            }
        }
    }

    [Theory]
    [InlineData(TensorType.Int8, 0)]
    [InlineData(TensorType.Int8, -128)]
    [InlineData(TensorType.Int8, 127)]
    [InlineData(TensorType.Int16, 0)]
    [InlineData(TensorType.Int16, -32768)]
    public void Dequantizing_gives_the_number_of_each_code(TensorType type, int zeroPoint)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(type, [1, 1], 0, new TensorQuantization(0.1f, zeroPoint));
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        builder.AddOperator(Opcode.Dequantize, [x], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        (int low, int high) = type == TensorType.Int8 ? (-128, 127) : (-32768, 32767);
        for (int q = low; q <= high; q += type == TensorType.Int8 || q > high - 100 || q < low + 100 ? 1 : 97)
        {
            Assert.Equal(0.1f * (q - zeroPoint), batch.Run<float>(0, type == TensorType.Int8 ? new[] { (sbyte)q } : new[] { (short)q })[0]);
        }
    }

    [Theory]
    [InlineData(nameof(Opcode.Add), false)]
    [InlineData(nameof(Opcode.Sub), false)]
    [InlineData(nameof(Opcode.Mul), false)]
    [InlineData(nameof(Opcode.Div), false)]
    [InlineData(nameof(Opcode.Sub), true)]
    [InlineData(nameof(Opcode.Div), true)]
    public void Arithmetic_is_broadcast_and_divides_by_zero_as_float32_does(string opcodeName, bool constantFirst)
    {
        Opcode opcode = Enum.Parse<Opcode>(opcodeName);
        // [2, 3] with a constant of [3] and of [2, 1]; 0 among the divisors.
        float[] constant = constantFirst ? [2f, -8f] : [4f, 0f, -0.5f];
        int[] shape = constantFirst ? [2, 1] : [3];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [2, 3], 0);
        int y = builder.AddTensor(TensorType.Float32, [2, 3], 64);
        int c = builder.AddConstant(TensorType.Float32, shape, MemoryMarshal.AsBytes<float>(constant));
        builder.AddOperator(opcode, constantFirst ? [c, x] : [x, c], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        float[] input = [1f, 2f, -3f, 0f, -5f, float.PositiveInfinity];
        float[] expected = [.. input.Select((value, i) => constantFirst ? Of(constant[i / 3], value) : Of(value, constant[i % 3]))];
        Assert.Equal(expected, batch.Run<float>(0, input));

        float Of(float a, float b) => opcode switch { Opcode.Add => a + b, Opcode.Sub => a - b, Opcode.Mul => a * b, _ => a / b };
    }

    // nanoFramework's own division by 0 is not that of IEEE 754.
    [Theory]
    [InlineData(new[] { 4f, 2f, -0.5f }, false)]
    [InlineData(new[] { 4f, 0f, -0.5f }, true)]
    [InlineData(new[] { 4f, 2f, -0f }, true)]
    public void Division_by_what_may_be_0_is_left_to_the_engine(float[] divisors, bool needsEngine)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 3], 64);
        builder.AddOperator(Opcode.Div, [x, builder.AddConstant(TensorType.Float32, [3], MemoryMarshal.AsBytes<float>(divisors))], [y], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        builder.AddInput(x);
        builder.AddOutput(y);
        EmittedModel model = NanoEmitter.Emit(builder.Build(), new EmitOptions());
        Assert.Equal(needsEngine, model.NeedsEngine);
        Assert.Equal(needsEngine, model.Files[0].Text.Contains("FloatMath.Divide(", StringComparison.Ordinal));
    }

    [Fact]
    public void Activations_are_the_engine_s_at_their_edges()
    {
        float[] inputs = [-100f, -6f, -3f, -1f, -0.5f, -float.Epsilon, -0f, 0f, float.Epsilon, 0.25f, 1f, 2.5f, 3f, 5.999f, 6f, 6.001f, 50f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        ActivationKind[] kinds = Enum.GetValues<ActivationKind>();
        var batch = new EmitBatch();
        foreach (ActivationKind kind in kinds)
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            int[] tensors = kind == ActivationKind.PReLU ? [x, builder.AddConstant(TensorType.Float32, [2], MemoryMarshal.AsBytes<float>([0.5f, -2f]))] : [x];
            builder.AddOperator(Opcode.Activation, tensors, [y], [(int)kind, Bits(1.5f), Bits(0.75f)]);
            builder.AddInput(x);
            builder.AddOutput(y);
            batch.Add(builder.Build());
        }

        for (int i = 0; i < kinds.Length; i++)
        {
            var function = EdgeInference.ModelConverter.Activations.ActivationFunctions.Get(kinds[i]);
            foreach (float value in inputs)
            {
                float[] actual = batch.Run<float>(i, new[] { value, value });
                for (int k = 0; k < 2; k++)
                {
                    double expected = function.Value(value, kinds[i] == ActivationKind.PReLU ? (k == 0 ? 0.5 : -2) : 1.5, 0.75);
                    Assert.True(expected.Equals(actual[k]) || Math.Abs(expected - actual[k]) <= 2e-6 * Math.Max(1, Math.Abs(expected)) || (float.IsNaN(value) && float.IsNaN(actual[k])) || !float.IsFinite(value), $"{kinds[i]} at {value}: {actual[k]} for {expected}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1f / 16)]
    [InlineData(1f / 256)]
    [InlineData(1f)]
    [InlineData(16f)]
    public void Softmax_of_int8_is_the_engine_s_for_every_difference_and_close_to_the_definition(float scale)
    {
        foreach (TensorType type in (TensorType[])[TensorType.Int8, TensorType.Int16])
        {
            const int Classes = 3;
            SoftmaxScaling scaling = SoftmaxScaling.From(1f, scale);
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Int8, [1, Classes], 0, new TensorQuantization(scale, 3));
            int y = builder.AddTensor(type, [1, Classes], 64, type == TensorType.Int8 ? new(1f / 256, -128) : new(1f / 65536, -32768));
            builder.AddOperator(Opcode.Softmax, [x], [y], [Bits(1f), scaling.Multiplier, scaling.LeftShift, scaling.DifferenceMin]);
            builder.AddInput(x);
            builder.AddOutput(y);
            byte[] file = builder.Build();
            var batch = new EmitBatch();
            batch.Add(file);
            using EdgeModel model = EdgeModel.Load(file);
            using Session session = model.CreateSession(KernelSet.Reference);
            foreach (int code in codes)
            {
                foreach (sbyte[] row in (sbyte[][])[[(sbyte)code, 127, -128], [-128, (sbyte)code, (sbyte)code], [(sbyte)code, (sbyte)(code / 2), 0], [127, 127, (sbyte)code]])
                {
                    row.CopyTo(session.Input<sbyte>());
                    session.Run();
                    double[] exponentials = [.. row.Select(value => Math.Exp(scale * (value - row.Max())))];
                    for (int i = 0; i < Classes; i++)
                    {
                        int actual = type == TensorType.Int8 ? batch.Run<sbyte>(0, row)[i] : batch.Run<short>(0, row)[i];
                        Assert.Equal(type == TensorType.Int8 ? session.Output<sbyte>()[i] : session.Output<short>()[i], actual);
                        double p = type == TensorType.Int8 ? (actual + 128) / 256.0 : (actual + 32768) / 65536.0;
                        Assert.Equal(exponentials[i] / exponentials.Sum(), p, type == TensorType.Int8 ? 1.0 / 200 : 1.0 / 3000);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1f / 4096)]
    [InlineData(1f / 32768)]
    [InlineData(1f / 64)]
    public void Softmax_of_int16_is_the_engine_s_and_close_to_the_definition(float scale)
    {
        const int Classes = 3;
        byte[] file = Softmax16(Classes, scale);
        var batch = new EmitBatch();
        batch.Add(file);
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);
        for (int code = -32768; code < 32768; code += code is < -32700 or > 32700 ? 1 : 37)
        {
            foreach (short[] row in (short[][])[[(short)code, 32767, -32768], [-32768, (short)code, (short)code], [(short)code, 0, (short)(code / 2)]])
            {
                row.CopyTo(session.Input<short>());
                session.Run();
                short[] actual = batch.Run<short>(0, row);
                Assert.Equal(session.Output<short>().ToArray(), actual);
                double[] exponentials = [.. row.Select(value => Math.Exp(scale * (value - (double)row.Max())))];
                Assert.All(actual.Zip(exponentials), pair => Assert.Equal(pair.Second / exponentials.Sum(), pair.First / 32768.0, 2e-4));
            }
        }
    }

    // Each of these holds a row in the locals of one method.
    [Theory]
    [InlineData(TensorType.Float32, 100)]
    [InlineData(TensorType.Int8, 200)]
    [InlineData(TensorType.Int16, 90)]
    public void A_softmax_is_emitted_up_to_its_widest_and_refused_beyond(TensorType type, int most)
    {
        byte[] file = Make(most);
        var batch = new EmitBatch();
        batch.Add(file);
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);
        var random = new Random(most);
        switch (type)
        {
            case TensorType.Float32:
                float[] row = [.. Enumerable.Range(0, most).Select(_ => random.NextSingle() * 3)];
                row.CopyTo(session.Input<float>());
                session.Run();
                Assert.Equal(session.Output<float>().ToArray(), batch.Run<float>(0, row), (a, b) => Math.Abs(a - b) < 1e-6f);
                break;
            case TensorType.Int8:
                sbyte[] small = [.. Enumerable.Range(0, most).Select(_ => (sbyte)random.Next(-128, 128))];
                small.CopyTo(session.Input<sbyte>());
                session.Run();
                Assert.Equal(session.Output<sbyte>().ToArray(), batch.Run<sbyte>(0, small));
                break;
            default:
                short[] wide = [.. Enumerable.Range(0, most).Select(_ => (short)random.Next(-32768, 32768))];
                wide.CopyTo(session.Input<short>());
                session.Run();
                Assert.Equal(session.Output<short>().ToArray(), batch.Run<short>(0, wide));
                break;
        }

        string message = Assert.Throws<InputException>(() => NanoEmitter.Emit(Make(most + 1), new EmitOptions(MaxAssemblies: 9))).Message;
        Assert.Equal($"Softmax over {most + 1} classes is too wide for emitted code; use the table form, --form table.", message);

        byte[] Make(int classes) => type == TensorType.Int16 ? Softmax16(classes, 1f / 4096) : type == TensorType.Int8 ? Softmax8(classes) : SoftmaxFloat(classes);
    }

    [Fact]
    public void Softmax_of_float32_is_its_definition_for_nan_and_infinities_too()
    {
        var batch = new EmitBatch();
        batch.Add(SoftmaxFloat(3));
        foreach (float[] row in (float[][])[[0f, 0f, 0f], [1f, 2f, 3f], [3f, 2f, 1f], [-1000f, 0f, 1000f], [88f, 89f, 90f], [1e30f, -1e30f, 0f]])
        {
            double top = row.Max();
            double[] e = [.. row.Select(value => Math.Exp(value - top))];
            Assert.Equal(e.Select(value => (float)(value / e.Sum())), batch.Run<float>(0, row), (a, b) => Math.Abs(a - b) < 1e-6f);
        }

        foreach (float[] row in (float[][])[[float.NaN, 1f, 2f], [1f, float.NaN, 2f], [1f, 2f, float.NaN]])
        {
            Assert.All(batch.Run<float>(0, row), value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    public void Float32_layers_add_up_in_the_order_of_their_inputs(int depth)
    {
        const int Units = 3;
        var random = new Random(depth);
        float[] weights = [.. Enumerable.Range(0, Units * depth).Select(_ => random.NextSingle() - 0.5f)];
        float[] bias = [0.5f, -1f, 2f];
        var batch = new EmitBatch();
        foreach (bool hasBias in (bool[])[true, false])
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Float32, [2, depth], 0);
            int y = builder.AddTensor(TensorType.Float32, [2, Units], 8192);
            int w = builder.AddConstant(TensorType.Float32, [Units, depth], MemoryMarshal.AsBytes<float>(weights));
            int b = hasBias ? builder.AddConstant(TensorType.Float32, [Units], MemoryMarshal.AsBytes<float>(bias)) : -1;
            builder.AddOperator(Opcode.Dense, [x, w, b], [y], [(int)ActivationKind.LeakyReLU, Bits(0.25f), 0, 0, 0, 0]);
            builder.AddInput(x);
            builder.AddOutput(y);
            batch.Add(builder.Build());
        }

        float[] input = [.. Enumerable.Range(0, 2 * depth).Select(_ => random.NextSingle() - 0.5f)];
        for (int model = 0; model < 2; model++)
        {
            var expected = new float[2 * Units];
            for (int i = 0; i < expected.Length; i++)
            {
                float sum = model == 0 ? bias[i % Units] : 0f;
                for (int k = 0; k < depth; k++)
                {
                    sum += input[(i / Units * depth) + k] * weights[(i % Units * depth) + k];
                }

                expected[i] = sum < 0 ? 0.25f * sum : sum;
            }

            Assert.Equal(expected, batch.Run<float>(model, input));
        }
    }

    [Fact]
    public void Outputs_that_are_inputs_or_are_read_again_are_given_too()
    {
        // y0 is the input, y1 = x + x, y2 = y1 · y1: the last output first in the file's list.
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int same = builder.AddTensor(TensorType.Float32, [2, 1], 0);
        int twice = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        int square = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        builder.AddOperator(Opcode.Reshape, [x], [same], []);
        builder.AddOperator(Opcode.Add, [x, x], [twice], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        builder.AddOperator(Opcode.Mul, [twice, twice], [square], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        builder.AddInput(x);
        builder.AddOutput(square);
        builder.AddOutput(twice);
        builder.AddOutput(same);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        Assert.Equal([36f, 4f, 6f, -2f, 3f, -1f], batch.Run<float>(0, new[] { 3f, -1f }));

        // Both arrays have to be there, the input to be as long as it says, the output at least as long.
        MethodInfo run = batch.Code(0).GetMethod("Run")!;
        foreach (object?[] arguments in (object?[][])[[null, new float[6]], [new float[2], null], [new float[1], new float[6]], [new float[3], new float[6]], [new float[2], new float[5]]])
        {
            var inner = Assert.IsType<ArgumentException>(Assert.Throws<TargetInvocationException>(() => run.Invoke(null, arguments)).InnerException);
            Assert.Equal("The model takes 2 values and gives 6.", inner.Message);
        }

        run.Invoke(null, [new float[2], new float[7]]);
    }

    private const float MinNormal = 1.17549435e-38f;

    // 12,345 times the smallest number: its half is none.
    private const float OddSubnormal = 12345 * float.Epsilon;

    private static byte[] Quantize(TensorType type, float? offset, float? scale, float own, int zeroPoint)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int y = builder.AddTensor(type, [1, 1], 64, new TensorQuantization(own, zeroPoint));
        int[] inputs = [x, offset is { } o ? Float(builder, o) : -1, scale is { } s ? Float(builder, s) : -1];
        builder.AddOperator(Opcode.Quantize, inputs, [y], []);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] SoftmaxFloat(int classes)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, classes], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, classes], 8192);
        builder.AddOperator(Opcode.Softmax, [x], [y], [Bits(1f), 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] Softmax8(int classes)
    {
        SoftmaxScaling scaling = SoftmaxScaling.From(1f, 1f / 32);
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int8, [1, classes], 0, new TensorQuantization(1f / 32, 3));
        int y = builder.AddTensor(TensorType.Int8, [1, classes], 8192, new TensorQuantization(1f / 256, -128));
        builder.AddOperator(Opcode.Softmax, [x], [y], [Bits(1f), scaling.Multiplier, scaling.LeftShift, scaling.DifferenceMin]);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] Softmax16(int classes, float scale)
    {
        QuantizedMultiplier multiplier = Int16SoftmaxTables.Multiplier(scale, 1f);
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, classes], 0, new TensorQuantization(scale, 0));
        int y = builder.AddTensor(TensorType.Int16, [1, classes], 8192, new TensorQuantization(1f / 32768, 0));
        int[] inputs = [x, Shorts(builder, Int16SoftmaxTables.Exponentials()), Shorts(builder, Int16SoftmaxTables.Reciprocals())];
        builder.AddOperator(Opcode.Softmax, inputs, [y], [Bits(1f), multiplier.Multiplier, multiplier.Shift, 0]);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }

    private static void AddDense(ModelBuilder builder, int x, int y, sbyte[] weights, int units)
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
            -1,
        ];
        builder.AddOperator(Opcode.Dense, inputs, [y], parameters);
    }

    private static int Integers(ModelBuilder builder, TensorType type, int[] values) => type == TensorType.Int8
        ? builder.AddConstant(type, [values.Length], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(values, value => (sbyte)value)))
        : Shorts(builder, Array.ConvertAll(values, value => (short)value));

    private static int Shorts(ModelBuilder builder, short[] values) => builder.AddConstant(TensorType.Int16, [values.Length], MemoryMarshal.AsBytes<short>(values));

    private static int Float(ModelBuilder builder, float value) => builder.AddConstant(TensorType.Float32, [1], MemoryMarshal.AsBytes<float>([value]));

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
