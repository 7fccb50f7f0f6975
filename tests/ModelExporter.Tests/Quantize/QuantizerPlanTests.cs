using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Which nodes the quantizer makes, which it leaves in float32, and with what parameters, at each bound.</summary>
public class QuantizerPlanTests
{
    private const int Width = 4;

    [Theory]
    [InlineData(nameof(UnaryKind.Abs), -2.0, 2.0)]
    [InlineData(nameof(UnaryKind.Neg), -2.0, 2.0)]
    [InlineData(nameof(UnaryKind.Exp), 1.0, Math.E)]
    [InlineData(nameof(UnaryKind.Log), Math.E, 1.0)]
    [InlineData(nameof(UnaryKind.Sqrt), 4.0, 2.0)]
    [InlineData(nameof(UnaryKind.Sqrt), -4.0, 0.0)]
    [InlineData(nameof(UnaryKind.Square), -3.0, 9.0)]
    [InlineData(nameof(UnaryKind.Clip), -9.0, -0.5)]
    [InlineData(nameof(UnaryKind.Clip), 9.0, 2.5)]
    [InlineData(nameof(UnaryKind.Clip), 1.25, 1.25)]
    [InlineData(nameof(UnaryKind.Erf), 0.5, 0.52049987781304654)]
    public void A_smooth_function_of_one_number_becomes_a_table(string kindName, double x, double expected)
    {
        UnaryKind kind = Enum.Parse<UnaryKind>(kindName);
        Node node = new Node(Opcode.Unary, "u", [new Value("x", TensorType.Float32, 1)], new Value("y", TensorType.Float32, 1)).With(UnaryRule.Kind, (int)kind).With(UnaryRule.Alpha, -0.5f).With(UnaryRule.Beta, 2.5f);
        Assert.Equal(expected, TableChain.FunctionOf(node)!.Value(x), 1e-14);
    }

    [Fact]
    public void A_function_that_jumps_stays_in_float32()
    {
        UnaryKind[] smooth = [UnaryKind.Abs, UnaryKind.Neg, UnaryKind.Exp, UnaryKind.Log, UnaryKind.Sqrt, UnaryKind.Square, UnaryKind.Clip, UnaryKind.Erf];
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            Node node = new Node(Opcode.Unary, "u", [new Value("x", TensorType.Float32, 1)], new Value("y", TensorType.Float32, 1)).With(UnaryRule.Kind, (int)kind);
            Assert.Equal(smooth.Contains(kind), TableChain.FunctionOf(node) is not null);
        }
    }

    [Theory]
    [InlineData(ActivationKind.Linear, Precision.Int8, -128, 127)]
    [InlineData(ActivationKind.ReLU, Precision.Int8, 0, 127)]
    [InlineData(ActivationKind.ReLU6, Precision.Int8, 0, 6)]
    [InlineData(ActivationKind.Linear, Precision.Int16, -32768, 32767)]
    [InlineData(ActivationKind.ReLU, Precision.Int16, 0, 32767)]
    [InlineData(ActivationKind.ReLU6, Precision.Int16, 0, 6)]
    public void A_clamp_is_done_by_the_layer(ActivationKind kind, Precision precision, double low, double high)
    {
        Graph quantized = Quantize((b, x) => b.Activation(ActivationKind.Tanh, b.Activation(kind, Dense(b, b.Activation(ActivationKind.Tanh, x), 9f))), precision, out _);
        Node layer = quantized.Nodes.Single(node => node.Opcode == Opcode.Dense);
        Quantization q = layer.Output.Quantization!;
        (int min, int max) = precision == Precision.Int8 ? (-128, 127) : (-32768, 32767);
        int Steps(double real) => (int)Math.Clamp(Math.Round(real / q.Scale, MidpointRounding.AwayFromZero) + q.ZeroPoint, min, max);

        // Bounds of the type are none.
        Assert.Equal(low is -128 or -32768 ? min : Steps(low), layer.Parameters[DenseRule.Min]);
        Assert.Equal(high is 127 or 32767 ? max : Steps(high), layer.Parameters[DenseRule.Max]);
        Assert.Equal(q.ZeroPoint, layer.Parameters[DenseRule.ZeroPoint]);
        if (kind != ActivationKind.Linear)
        {
            // The range that counts is the one behind the clamp.
            Assert.Equal(precision == Precision.Int8 ? -128 : 0, q.ZeroPoint);
        }
    }

    [Theory]
    [InlineData(ActivationKind.Sigmoid, Precision.Int8, false, 1f / 256, -128)]
    [InlineData(ActivationKind.Tanh, Precision.Int8, false, 1f / 128, 0)]
    [InlineData(ActivationKind.Softsign, Precision.Int8, false, 1f / 128, 0)]
    [InlineData(ActivationKind.HardSigmoid, Precision.Int8, false, 1f / 256, -128)]
    [InlineData(ActivationKind.Sigmoid, Precision.Int8, true, 1f / 32768, 0)]
    [InlineData(ActivationKind.Tanh, Precision.Int8, true, 1f / 32768, 0)]
    [InlineData(ActivationKind.Sigmoid, Precision.Int16, false, 1f / 32768, 0)]
    [InlineData(ActivationKind.Tanh, Precision.Int16, true, 1f / 32768, 0)]
    public void A_known_range_has_a_fixed_scale_and_callers_get_16_bits(ActivationKind kind, Precision precision, bool isFinal, float scale, int zeroPoint)
    {
        Graph quantized = Quantize(
            (b, x) => b.Activation(kind, b.Activation(ActivationKind.ReLU, x)) is var y && isFinal ? y : Dense(b, y, 1f),
            precision,
            out Value source,
            output: isFinal ? null : kind);
        Value value = quantized.Nodes.SelectMany(node => node.Outputs).Single(output => output.Name == source.Name && output.Type != TensorType.Float32);
        Assert.Equal((scale, zeroPoint), (value.Quantization!.Scale, value.Quantization.ZeroPoint));
        Assert.Equal(precision == Precision.Int16 || isFinal ? TensorType.Int16 : TensorType.Int8, value.Type);
    }

    [Theory]
    [InlineData(Precision.Int8, false, TensorType.Int8, 1f / 256, -128)]
    [InlineData(Precision.Int8, true, TensorType.Int16, 1f / 65536, -32768)]
    [InlineData(Precision.Int16, false, TensorType.Int16, 1f / 32768, 0)]
    [InlineData(Precision.Int16, true, TensorType.Int16, 1f / 32768, 0)]
    public void Softmax_has_the_scale_of_its_precision(Precision precision, bool isFinal, TensorType type, float scale, int zeroPoint)
    {
        Graph quantized = Quantize((b, x) => b.Softmax(b.Activation(ActivationKind.LeakyReLU, x), 0.5f) is var y && isFinal ? y : Dense(b, y, 1f), precision, out _);
        Node softmax = quantized.Nodes.Single(node => node.Opcode == Opcode.Softmax);
        Assert.Equal((type, scale, zeroPoint), (softmax.Output.Type, softmax.Output.Quantization!.Scale, softmax.Output.Quantization.ZeroPoint));
        Assert.Equal(0.5f, softmax.Float(SoftmaxRule.Beta));
        double logit = softmax.Input(0).Quantization!.Scale;

        // int8 counts in 2⁻²⁶ steps, int16 in ten 65,535ths.
        double real = Math.ScaleB(softmax.Parameters[SoftmaxRule.Multiplier], softmax.Parameters[SoftmaxRule.LeftShift] - 31);
        Assert.Equal(0.5 * logit * (precision == Precision.Int8 ? 1 << 26 : 6553.5), real, real * 1e-8);
        Assert.Equal(precision == Precision.Int8 ? 1 : 3, softmax.Inputs.Count);
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, false)]
    public void More_classes_than_the_int8_kernel_takes_stay_in_float32(int classes, bool isQuantized)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, classes);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(builder.Softmax(builder.Activation(ActivationKind.LeakyReLU, x)));
        Graph quantized = Quantizer.Quantize(graph, [[.. Enumerable.Range(0, classes).Select(i => (i % 7) - 3f)]], Precision.Int8);
        Assert.Equal(isQuantized, quantized.Nodes.Single(node => node.Opcode == Opcode.Softmax).Input(0).Type == TensorType.Int8);
    }

    // Sums of int8 fit int32 up to 2³¹ / 2⁸ elements, of int16 up to 2³¹ / 2¹⁶ less one.
    [Theory]
    [InlineData(Precision.Int16, 32767, true)]
    [InlineData(Precision.Int16, 32768, false)]
    [InlineData(Precision.Int8, 32768, true)]
    public void A_sum_that_int32_might_not_hold_stays_in_float32(Precision precision, int count, bool isQuantized)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, count);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(builder.Reduce(ReduceKind.Sum, builder.Activation(ActivationKind.LeakyReLU, x), [1], false));
        graph.Outputs.Add(builder.Reduce(ReduceKind.Max, builder.Activation(ActivationKind.LeakyReLU, x), [1], false));
        Graph quantized = Quantizer.Quantize(graph, [[.. Enumerable.Range(0, count).Select(i => (i % 7) - 3f)]], precision);
        Node[] reductions = [.. quantized.Nodes.Where(node => node.Opcode == Opcode.Reduce)];
        Assert.Equal(isQuantized, reductions[0].Input(0).Type != TensorType.Float32);
        Assert.NotEqual(TensorType.Float32, reductions[1].Input(0).Type);
    }

    [Theory]
    [InlineData(8_388_607, true)]
    [InlineData(8_388_608, false)]
    public void A_factor_is_given_up_to_what_int32_holds(int count, bool fits)
    {
        var x = new Value("x", TensorType.Int8, 1) { Quantization = new Quantization(0.5f, 0) };
        Assert.Equal(fits, ReduceQuantizer.Factor(ReduceKind.Sum, x, count, new Quantization(0.25f, 0)) is not null);
    }

    [Fact]
    public void A_factor_is_the_quotient_of_the_scales_and_of_the_count_for_a_mean()
    {
        var x = new Value("x", TensorType.Int8, 1) { Quantization = new Quantization(0.5f, 3) };
        Assert.Equal(new QuantizedMultiplier(1 << 30, 2), ReduceQuantizer.Factor(ReduceKind.Sum, x, 8, new Quantization(0.25f, 0)));
        Assert.Equal(new QuantizedMultiplier(1 << 30, -1), ReduceQuantizer.Factor(ReduceKind.Mean, x, 8, new Quantization(0.25f, 0)));
        Assert.Null(ReduceQuantizer.Factor(ReduceKind.Sum, x, 8, new Quantization(0.5f / (1 << 30), 0)));
        Assert.NotNull(ReduceQuantizer.Factor(ReduceKind.Sum, x, 8, new Quantization(0.5f / (1 << 29), 0)));
    }

    [Fact]
    public void Factors_of_arithmetic_are_the_quotients_of_the_scales()
    {
        Value a = Quantized(0.5f, TensorType.Int8);
        Value b = Quantized(0.125f, TensorType.Int8);
        var output = new Quantization(0.25f, 7);
        Node mul = Factors(Opcode.Mul, a, b, output);
        Assert.Equal((1 << 30, -1), (mul.Parameters[BinaryRule.Multiplier], mul.Parameters[BinaryRule.Shift]));

        // a / (2·max) = 1/2, b / (2·max) = 1/8; 1 / (2²⁰ · 1/4) = 2⁻¹⁸ = 1/2 · 2⁻¹⁷.
        foreach (Opcode opcode in (Opcode[])[Opcode.Add, Opcode.Sub])
        {
            Assert.Equal([1 << 30, 0, 1 << 30, -2, 1 << 30, -17], Factors(opcode, a, b, output).Parameters[..6]);
            Assert.Equal([1 << 30, -2, 1 << 30, 0, 1 << 30, -17], Factors(opcode, b, a, output).Parameters[..6]);
        }

        // int16 has 15 bits in front.
        Assert.Equal([1 << 30, 0, 1 << 30, -2, 1 << 30, -12], Factors(Opcode.Add, Quantized(0.5f, TensorType.Int16), Quantized(0.125f, TensorType.Int16), output).Parameters[..6]);
    }

    [Fact]
    public void Scales_whose_quotient_no_multiplier_holds_do_not_fit()
    {
        Value one = Quantized(1f, TensorType.Int8);
        var tiny = new Quantization(1f / (1 << 30), 0);
        var small = new Quantization(1f / (1 << 29), 0);
        Assert.False(BinaryQuantizer.Fits(Opcode.Mul, one, one, tiny));
        Assert.True(BinaryQuantizer.Fits(Opcode.Mul, one, one, small));
        Assert.True(BinaryQuantizer.Fits(Opcode.Mul, one, Quantized(0.5f, TensorType.Int8), tiny));
        foreach (Opcode opcode in (Opcode[])[Opcode.Add, Opcode.Sub])
        {
            Assert.False(BinaryQuantizer.Fits(opcode, one, Quantized(0.5f, TensorType.Int8), tiny));
            Assert.False(BinaryQuantizer.Fits(opcode, Quantized(0.5f, TensorType.Int8), one, tiny));
            Assert.True(BinaryQuantizer.Fits(opcode, one, one, small));
        }
    }

    // The input's scale is 1/10 and its zero point −128 … 127 wide: 0 to 25.5.
    [Theory]
    [InlineData(25.5f, true)]
    [InlineData(25.54f, true)]
    [InlineData(25.6f, false)]
    [InlineData(0f, true)]
    [InlineData(-0.04f, true)]
    [InlineData(-0.1f, false)]
    public void A_pad_that_the_scale_does_not_show_stays_in_float32(float value, bool isQuantized)
    {
        Graph quantized = Quantize((b, x) => b.Pad(b.Activation(ActivationKind.ReLU, x), [0, 1], [0, 0], PadMode.Constant, value), Precision.Int8, out _, rows: [[0f, 25.5f, 1f, 2f]]);
        Assert.Equal(isQuantized, quantized.Nodes.Single(node => node.Opcode == Opcode.Pad).Input(0).Type == TensorType.Int8);
    }

    [Fact]
    public void A_pad_value_counts_in_steps_and_only_where_the_pad_is_constant()
    {
        Node pad = Pad(PadMode.Constant);
        Assert.Equal((int)Math.Round(3 / pad.Input(0).Quantization!.Scale) + pad.Input(0).Quantization!.ZeroPoint, pad.Parameters[PadRule.Value]);
        Assert.Equal(0, Pad(PadMode.Reflect).Parameters[PadRule.Value]);

        static Node Pad(PadMode mode) => Quantize((b, x) => b.Pad(b.Activation(ActivationKind.LeakyReLU, x), [0, 1], [0, 0], mode, 3f), Precision.Int8, out _, rows: [[-40f, 25.5f, 1f, 2f]])
            .Nodes.Single(node => node.Opcode == Opcode.Pad);
    }

    [Fact]
    public void Pools_of_a_quantized_tensor_clamp_to_the_type()
    {
        foreach (Precision precision in (Precision[])[Precision.Int8, Precision.Int16])
        {
            Node pool = Quantize((b, x) => b.Pool(Opcode.MaxPool, b.Reshape(b.Activation(ActivationKind.LeakyReLU, x), 1, 2, 2, 1), new Window(2, 1, 1, 0, 0, 1), new Window(2, 1, 1, 0, 0, 1)), precision, out _)
                .Nodes.Single(node => node.Opcode == Opcode.MaxPool);
            Assert.Equal(precision == Precision.Int8 ? (-128, 127) : (-32768, 32767), (pool.Parameters[PoolRule.Min], pool.Parameters[PoolRule.Min + 1]));
            Assert.Equal(pool.Input(0).Quantization, pool.Output.Quantization);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-39f)]
    public void A_divisor_without_a_reciprocal_stays_in_float32(float divisor)
    {
        Graph graph = Build((b, x) => b.Arithmetic(Opcode.Div, b.Activation(ActivationKind.Tanh, x), b.Activation(ActivationKind.Sigmoid, x)), out _);
        Assert.Equal(TensorType.Float32, Quantizer.Quantize(graph, Rows(), Precision.Int8).Nodes.Single(node => node.Opcode == Opcode.Div).Input(0).Type);

        // x / 0 is not finite; where only the constant's other elements are used by the graph does calibration pass.
        Graph quantized = Quantize(
            (b, x) => b.Arithmetic(Opcode.Div, b.Arithmetic(Opcode.Mul, b.Activation(ActivationKind.Tanh, x), Value.Constant("zero", [0f], 1)), Value.Constant("d", [divisor == 0f ? 1e-39f : divisor], 1)),
            Precision.Int8,
            out _);
        Assert.Equal(TensorType.Float32, quantized.Nodes.Single(node => node.Opcode == Opcode.Div).Input(0).Type);
    }

    [Fact]
    public void A_node_in_float32_stands_between_one_conversion_each_way()
    {
        Graph graph = Build(
            (b, x) =>
            {
                Value h = b.Activation(ActivationKind.Tanh, x);
                Value f = b.Softmax(h);
                return b.Arithmetic(Opcode.Add, b.Arithmetic(Opcode.Mul, f, h), b.Arithmetic(Opcode.Sub, f, h));
            },
            out _);
        Graph quantized = Quantizer.Quantize(PreparedGraph.From(graph, Rows()), node => node.Opcode == Opcode.Softmax ? Precision.Float32 : Precision.Int8);
        Assert.Equal(
            [Opcode.Quantize, Opcode.Table, Opcode.Dequantize, Opcode.Softmax, Opcode.Quantize, Opcode.Mul, Opcode.Sub, Opcode.Add, Opcode.Dequantize],
            quantized.Nodes.Select(node => node.Opcode));
        Assert.Equal(TensorType.Float32, quantized.Nodes[3].Input(0).Type);
        Assert.Equal(TensorType.Int8, quantized.Nodes[5].Input(0).Type);
    }

    [Fact]
    public void A_model_without_layers_has_the_precision_of_its_operators_in_graph_and_file()
    {
        Graph graph = Build((b, x) => b.Activation(ActivationKind.Tanh, x), out _);
        Graph quantized = Quantizer.Quantize(PreparedGraph.From(graph, Rows()), _ => Precision.Int8);
        Assert.Equal(Precision.Int8, quantized.Metadata.Precision);
        Assert.Equal(Precision.Int8, Graph.CommonPrecision(ModelFile.Read(new ModelBytes(ModelWriter.Write(quantized)))));
    }

    [Theory]
    [InlineData(Precision.Int8, Precision.Int8, "int8")]
    [InlineData(Precision.Int16, Precision.Int16, "int16")]
    [InlineData(Precision.Float32, Precision.Float32, "float32")]
    [InlineData(Precision.Int8, Precision.Float32, "mixed")]
    [InlineData(Precision.Int16, Precision.Int8, "mixed")]
    public void The_precision_of_a_model_is_that_of_its_layers(Precision first, Precision second, string expected)
    {
        Graph graph = Build((b, x) => Dense(b, b.Activation(ActivationKind.Tanh, Dense(b, x, 1f)), 2f), out _);
        PreparedGraph prepared = PreparedGraph.From(graph, Rows());
        var groups = new LayerGroups(prepared.Graph);
        Graph quantized = Quantizer.Quantize(prepared, node => groups.IndexOf(node) == 0 ? first : second);
        Assert.Equal(expected, PrecisionText.Of(quantized.Metadata.Precision));
        Assert.Equal(
            [TypeOf(first), TypeOf(second)],
            quantized.Nodes.Where(node => node.Opcode == Opcode.Dense).Select(node => node.Input(0).Type));

        static TensorType TypeOf(Precision precision) => precision switch { Precision.Int8 => TensorType.Int8, Precision.Int16 => TensorType.Int16, _ => TensorType.Float32 };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_scale_for_each_row_or_one_for_all_is_what_the_option_says(bool perChannel)
    {
        Graph graph = Build((b, x) => b.Dense(b.Activation(ActivationKind.Tanh, x), Value.Constant("w", [1f, 0, 0, 0, 2, 0, 0, 0], 2, Width), null), out _);
        Graph quantized = Quantizer.Quantize(graph, Rows(), Precision.Int8, new QuantizationOptions { PerChannel = perChannel });
        Node layer = quantized.Nodes.Single(node => node.Opcode == Opcode.Dense);
        sbyte[] weights = (sbyte[])layer.Input(1).Data!;
        Assert.Equal(perChannel ? [1f / 127, 2f / 127] : null, layer.Input(1).Quantization!.Scales);
        Assert.Equal(perChannel ? 127 : 64, weights[0]);
        Assert.Equal(127, weights[4]);
        Assert.True(new QuantizationOptions() is { PerChannel: true, BiasCorrection: true, Method: RangeMethod.MinMax });
    }

    [Fact]
    public void Bias_correction_takes_back_the_mean_error_of_rounded_weights()
    {
        // The input's mean is 0.5 in the second channel, whose weight 0.3/32,639 is rounded to 0: a bias of 0.15/32,639.
        float[][] rows = [[0f, 0.25f, 0f, 1f], [0f, 0.75f, 1f, 0f]];
        Graph graph = Build((b, x) => b.Dense(b.Activation(ActivationKind.ReLU, x), Value.Constant("w", [1f, 0.3f / 32639, 0f, 0f], 1, Width), null), out _);
        long[] Bias(bool correct) => (long[])Quantizer.Quantize(graph, rows, Precision.Int16, new QuantizationOptions { BiasCorrection = correct }).Nodes.Single(node => node.Opcode == Opcode.Dense).Input(2).Data!;
        Assert.Equal([0L], Bias(false));

        // The input's scale is twice its range of 1 over 32,767 and the weights' 1/32,639.
        Assert.Equal([(long)Math.Round(0.3 / 32639 * 0.5 / (2.0 / 32767 / 32639))], Bias(true));
    }

    [Fact]
    public void Features_of_several_readers_are_standardised_by_Quantize()
    {
        // (x − 10) / 4 · 2 + 1, from 6 to 14: −1 to 3 in steps of 4/255, so x in steps of 8/255 around 8.
        float[][] rows = [[6f, 10f, 14f, 8f]];
        Graph quantized = Quantize(
            (b, x) =>
            {
                Value scaled = b.Arithmetic(Opcode.Mul, b.Arithmetic(Opcode.Div, b.Arithmetic(Opcode.Sub, x, Value.Constant("m", [10f], 1)), Value.Constant("d", [4f], 1)), Value.Constant("f", [2f], 1));
                Value z = b.Arithmetic(Opcode.Add, scaled, Value.Constant("s", [1f], 1));
                return b.Concat(1, b.Activation(ActivationKind.Tanh, z), b.Activation(ActivationKind.Sigmoid, z));
            },
            Precision.Int8,
            out _,
            rows: rows);
        Node quantize = quantized.Nodes.First(node => node.Opcode == Opcode.Quantize);
        Assert.Same(quantized.Inputs[0], quantize.Input(0));
        Assert.All(quantize.Input(1).Floats, offset => Assert.Equal(8f, offset));
        Assert.All(quantize.Input(2).Floats, scale => Assert.Equal(8f / 255, scale, 1e-8f));
        Assert.Equal(-64, quantize.Output.Quantization!.ZeroPoint);
    }

    [Fact]
    public void A_standardisation_by_a_negative_factor_stays_in_float32()
    {
        Graph quantized = Quantize(
            (b, x) =>
            {
                Value z = b.Arithmetic(Opcode.Mul, x, Value.Constant("f", [-2f], 1));
                return b.Concat(1, b.Activation(ActivationKind.Tanh, z), b.Activation(ActivationKind.Sigmoid, z));
            },
            Precision.Int8,
            out _);
        Assert.Equal([Opcode.Mul, Opcode.Quantize], quantized.Nodes.Take(2).Select(node => node.Opcode));
        Assert.Single(quantized.Nodes[1].Inputs);
    }

    [Fact]
    public void A_saturating_function_spends_its_entries_where_it_is_curved()
    {
        // Tanh within half of 1/128 of 1 begins at atanh(1 − 1/256) = 3.119; the range is looked at in 512ths.
        UnaryFunction tanh = UnaryFunction.Of(ActivationKind.Tanh);
        ValueRange cut = ActivationRange.Input(tanh, new ValueRange(-10f, 20f), 1.0 / 128);
        Assert.InRange(cut.High, 3.119f, 3.119f + (20f / 512));
        Assert.InRange(cut.Low, -3.119f - (10f / 512), -3.119f);

        // What moves to its end is not cut, and 0 is always held.
        var line = new UnaryFunction(x => x);
        Assert.Equal(new ValueRange(-1f, 1f), ActivationRange.Input(line, new ValueRange(-1f, 1f), 1e-6));
        Assert.Equal(new ValueRange(0f, 2f), ActivationRange.Input(line, new ValueRange(1f, 2f), 1e-6));
        Assert.Equal(new ValueRange(-2f, 0f), ActivationRange.Input(line, new ValueRange(-2f, -1f), 1e-6));

        // Exactly half a step is within it: a line of slope 1 may lose half a step and no more.
        Assert.Equal(new ValueRange(0f, 510f), ActivationRange.Input(line, new ValueRange(0f, 512f), 4));
        Assert.Equal(new ValueRange(0f, 511f), ActivationRange.Input(line, new ValueRange(0f, 512f), 3.9));
    }

    [Fact]
    public void Int16_has_room_for_twice_the_calibrated_range()
    {
        Graph graph = Build((b, x) => b.Softmax(b.Activation(ActivationKind.LeakyReLU, x, 0.5f)), out _);
        Node table = Quantizer.Quantize(graph, [[-8f, 3f, 2f, 1f]], Precision.Int16).Nodes.Single(node => node.Opcode == Opcode.Table);
        Assert.Equal((float)(16.0 / 32767), table.Input(0).Quantization!.Scale);
        Assert.Equal((float)(8.0 / 32767), table.Output.Quantization!.Scale);
    }

    [Fact]
    public void Constants_of_arithmetic_have_a_scale_of_their_own()
    {
        Graph graph = Build((b, x) => b.Arithmetic(Opcode.Add, b.Activation(ActivationKind.Tanh, x), Value.Constant("c", [-1f, 0.51f, 2f, 1.49f], Width)), out _);
        Value small = Quantizer.Quantize(graph, Rows(), Precision.Int8).Nodes.Single(node => node.Opcode == Opcode.Add).Input(1);
        Assert.Equal((float)(3.0 / 255), small.Quantization!.Scale);
        Assert.Equal(new sbyte[] { -128, 0, 127, 84 }, (sbyte[])small.Data!);
        Value wide = Quantizer.Quantize(graph, Rows(), Precision.Int16).Nodes.Single(node => node.Opcode == Opcode.Add).Input(1);
        Assert.Equal((float)(2.0 / 32767), wide.Quantization!.Scale);
        Assert.Equal(new short[] { -16384, 8356, 32767, 24411 }, (short[])wide.Data!);

        // A scale of 1 and a zero point of -1: halves go away from zero.
        Graph halves = Build((b, x) => b.Arithmetic(Opcode.Add, b.Activation(ActivationKind.Tanh, x), Value.Constant("c", [-127f, 0.5f, 128f, 2.5f], Width)), out _);
        Assert.Equal(new sbyte[] { -128, 0, 127, 2 }, (sbyte[])Quantizer.Quantize(halves, Rows(), Precision.Int8).Nodes.Single(node => node.Opcode == Opcode.Add).Input(1).Data!);
    }

    private static Value Quantized(float scale, TensorType type) => new("v", type, 1) { Quantization = new Quantization(scale, 0) };

    private static Node Factors(Opcode opcode, Value a, Value b, Quantization output) =>
        BinaryQuantizer.SetFactors(new Node(opcode, "n", [a, b], new Value("o", a.Type, 1)), a, b, output);

    private static Value Dense(GraphBuilder builder, Value x, float size) => builder.Dense(
        x,
        Value.Constant(builder.Name + "w", [.. Enumerable.Range(0, Width * Width).Select(i => size * ((i * 7 % 11) - 5) / 5)], Width, Width),
        Value.Constant(builder.Name + "b", [0.5f, -0.5f, 1f, -1f], Width));

    private static float[][] Rows()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, Width).Select(_ => (random.NextSingle() * 4) - 2).ToArray())];
    }

    private static Graph Build(Func<GraphBuilder, Value, Value> model, out Value output)
    {
        var graph = new Graph();
        var x = new Value("input", TensorType.Float32, 1, Width);
        graph.Inputs.Add(x);
        output = model(new GraphBuilder(graph) { Name = "node" }, x);
        graph.Outputs.Add(output);
        return graph;
    }

    // The source is the graph's output, or that of its activation of a kind.
    private static Graph Quantize(Func<GraphBuilder, Value, Value> model, Precision precision, out Value source, ActivationKind? output = null, float[][]? rows = null)
    {
        Graph graph = Build(model, out Value last);
        source = output is null ? last : graph.Nodes.Single(node => node.Opcode == Opcode.Activation && node.Parameters[ActivationRule.Kind] == (int)output).Output;
        int number = 0;
        foreach (Value value in graph.Nodes.SelectMany(node => node.Outputs))
        {
            value.Name = $"v{number++}";
        }

        return Quantizer.Quantize(graph, rows ?? Rows(), precision);
    }
}
