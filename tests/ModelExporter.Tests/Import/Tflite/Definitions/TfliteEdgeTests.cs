using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>Single numbers of an import, worked by hand: multipliers at their limits, clamps beyond a type, what is said about the file.</summary>
public class TfliteEdgeTests
{
    private const TfliteType Real = TfliteType.Float32;
    private const TfliteType Small = TfliteType.Int8;
    private const TfliteType Wide = TfliteType.Int16;

    // A mean's multiplier m · 2^(s - 31) takes in 1 / count as (m << k) / count and s - k, k the bits of count, but s - k is no
    // less than -31. The ratio 2^-e is 2^30 with s = 1 - e.
    [Theory]
    [InlineData(0, 16, 1 << 30, -3)]
    [InlineData(27, 16, 1 << 30, -30)]
    [InlineData(28, 16, 1 << 30, -31)]
    [InlineData(29, 16, 1 << 29, -31)]
    [InlineData(31, 16, 1 << 27, -31)]
    [InlineData(32, 16, 1 << 26, -31)]
    [InlineData(0, 5, 858993459, -1)]
    [InlineData(30, 5, 858993459, -31)]
    [InlineData(31, 5, 429496729, -31)]
    [InlineData(0, 1, 1 << 30, 1)]
    public void A_mean_takes_its_count_into_the_multiplier_and_no_shift_beyond_31(int exponent, int count, int multiplier, int shift)
    {
        var m = new TfliteModelBuilder();
        m.Operator(TfliteOperatorCode.MEAN, [m.Input(Small, [2, count], MathF.Pow(2, -exponent)), TfliteCase.Int32(m, 1)], [m.Output(Small, [2], 1f)], 27);
        int[] parameters = Only(m).Parameters;
        Assert.Equal((multiplier, shift), (parameters[ReduceRule.Multiplier], parameters[ReduceRule.Shift]));
    }

    [Fact]
    public void A_sum_takes_in_no_count()
    {
        var m = new TfliteModelBuilder();
        m.Operator(TfliteOperatorCode.SUM, [m.Input(Small, [2, 16], 0.5f), TfliteCase.Int32(m, 1)], [m.Output(Small, [2], 1f)], 27);
        Assert.Equal((1 << 30, 0), (Only(m).Parameters[ReduceRule.Multiplier], Only(m).Parameters[ReduceRule.Shift]));
    }

    // RELU6 ends at zero point + 6 / scale, RELU_N1_TO_1 at zero point ± 1 / scale, both within the type.
    [Theory]
    [InlineData(false, 0.1f, 0, 3, 0, 60)]
    [InlineData(false, 0.1f, 100, 3, 100, 127)]
    [InlineData(false, 0.01f, -128, 3, -128, 127)]
    [InlineData(false, 1e-9f, 5, 3, 5, 127)]
    [InlineData(false, 0.1f, -120, 2, -128, -110)]
    [InlineData(false, 0.1f, 120, 2, 110, 127)]
    [InlineData(false, 1e-10f, 3, 2, -128, 127)]
    [InlineData(false, 0.1f, 127, 1, 127, 127)]
    [InlineData(false, 0.1f, 4, 0, -128, 127)]
    [InlineData(true, 0.001f, 0, 3, 0, 6000)]
    [InlineData(true, 0.0001f, 0, 3, 0, 32767)]
    [InlineData(true, 0.001f, 0, 2, -1000, 1000)]
    [InlineData(true, 0.1f, 0, 0, -32768, 32767)]
    [InlineData(true, 1e-9f, 0, 2, -32768, 32767)]
    public void A_fused_activation_is_a_range_within_the_type(bool wide, float scale, int zero, int activation, int low, int high)
    {
        var m = new TfliteModelBuilder();
        TfliteType type = wide ? Wide : Small;
        m.Operator(
            TfliteOperatorCode.MAX_POOL_2D, [m.Input(type, [1, 2, 2, 1], scale, zero)], [m.Output(type, [1, 2, 2, 1], scale, zero)], 5, (1, 1), (2, 1), (3, 1), (4, 1), (5, (byte)activation));
        int[] parameters = Only(m).Parameters;
        Assert.Equal((low, high), (parameters[PoolRule.Min], parameters[PoolRule.Min + 1]));
    }

    // uint8 layers and rows of one scale multiply scales in single precision, all others in double; the division is in double.
    [Theory]
    [InlineData(Layer.Rows, false, 1, true)]
    [InlineData(Layer.Rows, false, 2, false)]
    [InlineData(Layer.Rows, true, 1, true)]
    [InlineData(Layer.Image, false, 1, false)]
    [InlineData(Layer.Image, false, 2, false)]
    [InlineData(Layer.Image, true, 1, true)]
    public void Scales_are_multiplied_in_the_precision_of_the_kernel(Layer layer, bool unsigned, int scales, bool single)
    {
        const float In = 0.1f;
        const float Out = 0.3f;
        float[] weights = scales == 1 ? [0.1f] : [0.1f, 0.7f];
        TfliteType type = unsigned ? TfliteType.UInt8 : Small;
        bool rows = layer == Layer.Rows;
        int[] shape = rows ? [2, 1] : [2, 1, 1, 1];
        var m = new TfliteModelBuilder();
        m.Operator(
            rows ? TfliteOperatorCode.FULLY_CONNECTED : TfliteOperatorCode.CONV_2D,
            [m.Input(type, rows ? [1, 1] : [1, 1, 1, 1], In, unsigned ? 128 : 0), m.Raw(type, shape, unsigned ? [129, 130] : [1, 2], weights, [.. weights.Select(_ => unsigned ? 128L : 0L)])],
            [m.Output(type, rows ? [1, 2] : [1, 1, 1, 2], Out, unsigned ? 128 : 0)],
            rows ? 8 : 1,
            rows ? [] : [(1, 1), (2, 1)]);
        int[] expected = Array.ConvertAll(weights, scale => Multiplier((single ? (double)(float)(In * scale) : (double)In * scale) / Out));
        Assert.NotEqual(Multiplier((double)(float)(In * 0.1f) / Out), Multiplier((double)In * 0.1f / Out));
        Assert.NotEqual(Multiplier((double)(float)(In * 0.1f) / Out), Multiplier(In * 0.1f / Out));
        Assert.Equal(expected, (int[])Only(m).Inputs[3]!.Data!);
    }

    // ADD and MUL divide in double, SUB in single.
    [Fact]
    public void Products_and_sums_have_the_precision_of_their_kernels()
    {
        const float A = 0.1f;
        const float B = 0.7f;
        const float Out = 0.3f;
        int[] product = Joined(TfliteOperatorCode.MUL, 21);
        Assert.Equal(Multiplier((double)A * B / Out), product[BinaryRule.Multiplier]);
        Assert.NotEqual(Multiplier((double)(float)(A * B) / Out), product[BinaryRule.Multiplier]);
        int[] sum = Joined(TfliteOperatorCode.ADD, 11);
        Assert.Equal(Multiplier(A / (2.0 * B)), sum[BinaryRule.MultiplierA]);
        Assert.Equal(Multiplier(2.0 * B / ((1 << 20) * (double)Out)), sum[BinaryRule.Multiplier]);
        int[] difference = Joined(TfliteOperatorCode.SUB, 28);
        Assert.Equal(Multiplier((float)(A / (2f * B))), difference[BinaryRule.MultiplierA]);
        Assert.Equal(Multiplier((float)(2f * B / (float)((1 << 20) * Out))), difference[BinaryRule.Multiplier]);
        Assert.NotEqual(sum[BinaryRule.MultiplierA], difference[BinaryRule.MultiplierA]);

        static int[] Joined(TfliteOperatorCode code, int options)
        {
            var m = new TfliteModelBuilder();
            m.Operator(code, [m.Input(Small, [4], A), m.Input(Small, [4], B)], [m.Output(Small, [4], Out)], options);
            return Only(m).Parameters;
        }
    }

    // The shapes of constants and the number of nodes: weights less their zero point up to 127 need no copies of the input.
    [Theory]
    [InlineData(0, 127, 1)]
    [InlineData(0, -128, 1)]
    [InlineData(1, 127, 1)]
    [InlineData(-1, 127, 2)]
    [InlineData(-127, 127, 2)]
    [InlineData(-128, 127, 3)]
    public void Weights_with_a_zero_point_are_as_many_parts_as_they_need(int zero, int largest, int parts)
    {
        var m = new TfliteModelBuilder();
        m.Operator(TfliteOperatorCode.FULLY_CONNECTED, [m.Input(Small, [1, 2], 0.1f), m.Constant([1, 2], new sbyte[] { (sbyte)zero, (sbyte)largest }, [0.1f], 0, zero)], [m.Output(Small, [1, 1], 0.1f)], 8);
        Graph graph = TfliteImporter.Import(m.Build(), "x.tflite");
        Assert.Equal(2 * parts, graph.Nodes[^1].Inputs[1]!.Elements);
        Assert.Equal(parts == 1 ? 1 : 2, graph.Nodes.Count);
        int sum = ((sbyte[])graph.Nodes[^1].Inputs[1]!.Data!).Sum(value => value);
        Assert.Equal(largest - zero, sum);
    }

    // x · ReLU6(x + 3) / 6; the rule has 16 bits, so that it is within a step. Scales below 0.0117 shift the gate down.
    [Theory]
    [InlineData(0.002f, 0, 0.002f, 0)]
    [InlineData(0.004f, -30, 0.003f, 20)]
    [InlineData(0.02f, 10, 0.02f, -60)]
    [InlineData(0.09f, 0, 0.05f, -120)]
    public void A_hard_swish_is_within_a_step_of_the_function(float inScale, int inZero, float outScale, int outZero) =>
        Near(TfliteOperatorCode.HARD_SWISH, 0, [], inScale, inZero, outScale, outZero, 1.01, x => x * Math.Min(6, Math.Max(0, x + 3)) / 6);

    // The rule rounds twice.
    [Theory]
    [InlineData(0.3f, 0.031f, 4, 0.027f, -9)]
    [InlineData(-0.3f, 0.031f, 4, 0.027f, -9)]
    [InlineData(-1.7f, 0.031f, -40, 0.05f, 60)]
    [InlineData(0f, 0.031f, 4, 0.027f, -9)]
    public void A_leaky_slope_has_its_sign(float alpha, float inScale, int inZero, float outScale, int outZero) =>
        Near(TfliteOperatorCode.LEAKY_RELU, 75, [(0, alpha)], inScale, inZero, outScale, outZero, 0.8, x => x < 0 ? alpha * x : x);

    [Theory]
    [InlineData(TfliteOperatorCodes.Relu, 0, double.PositiveInfinity)]
    [InlineData(TfliteOperatorCodes.Relu6, 0, 6)]
    [InlineData(TfliteOperatorCodes.ReluN1To1, -1, 1)]
    public void A_rectifier_of_integers_is_a_range(TfliteOperatorCodes code, double low, double high)
    {
        foreach ((float inScale, int inZero, float outScale, int outZero) in new[] { (0.05f, 9, 0.05f, 9), (0.1f, -100, 0.07f, -128), (0.011f, 3, 0.013f, 40), (0.05f, 0, 1e-7f, 0) })
        {
            Near((TfliteOperatorCode)(int)code, 0, [], inScale, inZero, outScale, outZero, 1.01, x => Math.Min(high, Math.Max(low, x)));
        }
    }

    [Fact]
    public void Slopes_of_integers_have_a_zero_point()
    {
        var m = new TfliteModelBuilder();
        m.Operator(TfliteOperatorCode.PRELU, [m.Input(Small, [2, 3], 0.05f, -4), m.Constant([3], new sbyte[] { 20, -30, 7 }, [0.02f], 0, 7)], [m.Output(Small, [2, 3], 0.04f, 5)]);
        (double[] x, double[] y) = Integers(m, [-128, -50, -128, 100, 30, -4]);
        for (int i = 0; i < x.Length; i++)
        {
            double real = 0.05 * (x[i] + 4);
            double slope = 0.02 * (new[] { 20, -30, 7 }[i % 3] - 7);
            Assert.InRange(y[i], Saturated(((real < 0 ? slope * real : real) / 0.04) + 5 - 0.51), Saturated(((real < 0 ? slope * real : real) / 0.04) + 5 + 0.51));
        }
    }

    // Integers of 64 bits, as newer converters write them; those beyond 32 bits are the nearest there are.
    [Fact]
    public void Indices_of_64_bits_are_clamped()
    {
        var m = new TfliteModelBuilder();
        m.Operator(
            TfliteOperatorCode.STRIDED_SLICE,
            [m.Input(Real, [5]), m.Constant([1], [1L]), m.Constant([1], [long.MaxValue]), m.Constant([1], [2L])],
            [m.Output(Real, [2])],
            32);
        Assert.Equal([2f, 4f], Keras.KerasArrays.Run(TfliteImporter.Import(m.Build(), "x.tflite"), [1f, 2f, 3f, 4f, 5f]));
        m = new TfliteModelBuilder();
        m.Operator(
            TfliteOperatorCode.STRIDED_SLICE,
            [m.Input(Real, [5]), m.Constant([1], [-1L]), m.Constant([1], [long.MinValue]), m.Constant([1], [-2L])],
            [m.Output(Real, [3])],
            32);
        Assert.Equal([5f, 3f, 1f], Keras.KerasArrays.Run(TfliteImporter.Import(m.Build(), "x.tflite"), [1f, 2f, 3f, 4f, 5f]));
    }

    [Fact]
    public void What_nothing_needs_is_not_in_the_graph()
    {
        var m = new TfliteModelBuilder();
        int input = m.Input(Real, [2]);
        int unused = m.Tensor(Real, [2]);
        m.Operator(TfliteOperatorCode.CEIL, [input], [m.Output(Real, [2])]);
        m.Operator(TfliteOperatorCode.FLOOR, [input], [unused]);
        m.Operator(TfliteOperatorCode.ABS, [unused], [m.Tensor(Real, [2])]);
        Graph graph = TfliteImporter.Import(m.Build(), "folder/name.of.tflite");
        Assert.Equal((int)UnaryKind.Ceil, Assert.Single(graph.Nodes).Parameters[UnaryRule.Kind]);
        Assert.Equal([("ABS", 1), ("CEIL", 1), ("FLOOR", 1)], graph.SourceOperators.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void The_file_is_named_hashed_and_counted()
    {
        var m = new TfliteModelBuilder { Nameless = true };
        int middle = m.Tensor(Real, [2]);
        m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2])], [middle]);
        m.Operator(TfliteOperatorCode.CEIL, [middle], [m.Output(Real, [2])]);
        byte[] bytes = m.Build();
        Graph graph = TfliteImporter.Import(bytes, "folder/name.of.tflite");
        Assert.Equal("name.of", graph.Metadata.Name);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), graph.Metadata.SourceHash);
        Assert.Equal([("CEIL", 2)], graph.SourceOperators.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(("tensor 1", "tensor 2"), (graph.Inputs[0].Name, graph.Outputs[0].Name));
    }

    // Only what LOGISTIC and SOFTMAX write is a probability, and a table between two scales carries it on.
    [Fact]
    public void Ends_are_hinted_by_their_operator()
    {
        foreach ((TfliteOperatorCode code, int options, DecisionHead head) in new[] { (TfliteOperatorCode.LOGISTIC, 0, DecisionHead.Sigmoid), (TfliteOperatorCode.SOFTMAX, 9, DecisionHead.Softmax) })
        {
            var m = new TfliteModelBuilder();
            int probability = m.Tensor(Small, [1, 4], 1f / 256, -128);
            m.Operator(code, [m.Input(Small, [1, 4], 0.1f)], [probability], options, options == 0 ? [] : [(0, 1f)]);
            m.Operator(TfliteOperatorCode.QUANTIZE, [probability], [m.Output(Small, [1, 4], 1f / 128, 0)]);
            Graph graph = TfliteImporter.Import(m.Build(), "x.tflite");
            OutputHint end = graph.Hints[graph.Outputs[0]];
            Assert.Equal((OutputRole.Probability, (DecisionHead?)head), (graph.Hints[end.Same!].Role, graph.Hints[end.Same!].Head));
            Assert.Equal(2, graph.Hints.Count);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-128, false)]
    [InlineData(127, false)]
    [InlineData(5, true)]
    public void A_variable_of_int8_starts_with_one_number(int value, bool mixed)
    {
        var m = new TfliteModelBuilder();
        int handle = m.Tensor(TfliteType.Resource, [1]);
        int old = m.Output(Small, [3], 0.1f);
        int next = m.Tensor(Small, [3], 0.1f);
        int input = m.Input(Small, [3], 0.1f);
        m.Initialize("v", [3], (sbyte)value, 0.1f, mixed ? (sbyte)1 : null);
        m.Operator(TfliteOperatorCode.CALL_ONCE, [], [], 103, (0, 1));
        m.Operator(TfliteOperatorCode.VAR_HANDLE, [], [handle], 111, (0, ""), (1, "v"));
        m.Operator(TfliteOperatorCode.READ_VARIABLE, [handle], [old], 112);
        m.Operator(TfliteOperatorCode.RELU, [input], [next]);
        m.Operator(TfliteOperatorCode.ASSIGN_VARIABLE, [handle, next], [], 113);
        int again = m.Output(Small, [3], 0.1f);
        m.Operator(TfliteOperatorCode.READ_VARIABLE, [handle], [again], 112);
        if (mixed)
        {
            Assert.Contains("starts variable 'v' with elements other than zero", Assert.Throws<InputException>(() => TfliteImporter.Import(m.Build(), "x.tflite")).Message, StringComparison.Ordinal);
            return;
        }

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(m.Build(), "x.tflite")));
        using Session session = model.CreateSession(KernelSet.Reference);
        sbyte[] before = [(sbyte)value, (sbyte)value, (sbyte)value];
        foreach (sbyte[] x in new sbyte[][] { [1, 2, 3], [100, 0, 127] })
        {
            x.CopyTo(session.Input<sbyte>());
            session.Run();
            Assert.Equal(before, session.Output<sbyte>(0).ToArray());
            Assert.Equal(x, session.Output<sbyte>(1).ToArray());
            before = x;
        }
    }

    // The variable is in the second subgraph; types are int16, float32 and int8, and only int8 is kept less its first number.
    [Theory]
    [InlineData(7, 0, true)]
    [InlineData(7, 1, false)]
    [InlineData(0, 0, true)]
    [InlineData(0, 1, false)]
    [InlineData(9, 1, true)]
    public void Variables_of_other_types_start_at_zero(int code, int first, bool taken)
    {
        var type = (TfliteType)code;
        int size = type == Real ? 4 : type == Wide ? 2 : 1;
        var data = new byte[3 * size];
        for (int i = 0; i < data.Length; i += size)
        {
            data[i] = (byte)first;
        }

        var m = new TfliteModelBuilder();
        m.Raw(type, [3], data, type == Real ? [] : [0.1f], type == Real ? [] : [0L]);
        var file = new TfliteFile(m.Build(), "x.tflite");
        Value constant = new TfliteConstants(file).Read(file.Subgraphs[0].Tensors[0]);
        Exception? refused = Record.Exception(() => new TfliteVariables().Initialize("v", constant));
        Assert.Equal(taken ? null : typeof(UnsupportedOperatorException), refused?.GetType());
    }

    [Fact]
    public void A_variable_that_is_only_read_is_refused_whatever_it_starts_with()
    {
        foreach (sbyte value in new sbyte[] { 0, -37 })
        {
            var m = new TfliteModelBuilder();
            int handle = m.Tensor(TfliteType.Resource, [1]);
            m.Initialize("v", [3], value, 0.1f);
            m.Operator(TfliteOperatorCode.CALL_ONCE, [], [], 103, (0, 1));
            m.Operator(TfliteOperatorCode.VAR_HANDLE, [], [handle], 111, (0, ""), (1, "v"));
            m.Operator(TfliteOperatorCode.READ_VARIABLE, [handle], [m.Output(Small, [3], 0.1f)], 112);

            // Another variable is assigned, so that the file knows the operator.
            int other = m.Tensor(TfliteType.Resource, [1]);
            m.Operator(TfliteOperatorCode.VAR_HANDLE, [], [other], 111, (0, ""), (1, "w"));
            m.Operator(TfliteOperatorCode.ASSIGN_VARIABLE, [other, m.Input(Small, [3], 0.1f)], [], 113);
            Assert.Contains("variable 'v' is never assigned", Assert.Throws<InputException>(() => TfliteImporter.Import(m.Build(), "x.tflite")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_extremum_with_one_constant_on_either_side_is_a_table(bool first)
    {
        var m = new TfliteModelBuilder();
        int constant = m.Constant([], new sbyte[] { 5 }, [0.1f]);
        int input = m.Input(Small, [4], 0.1f);
        m.Operator(TfliteOperatorCode.MAXIMUM, first ? [constant, input] : [input, constant], [m.Output(Small, [4], 0.1f)], 39);
        Assert.Equal(Opcode.Table, Only(m).Opcode);
    }

    /// <summary>A layer of rows, or of an image.</summary>
    public enum Layer
    {
        Rows,
        Image,
    }

    /// <summary>Codes of the schema that rows name.</summary>
    public enum TfliteOperatorCodes
    {
        Relu = 19,
        ReluN1To1 = 20,
        Relu6 = 21,
    }

    private static Node Only(TfliteModelBuilder m) => Assert.Single(TfliteImporter.Import(m.Build(), "x.tflite").Nodes);

    // The 31 bits of a real factor behind its leading power of two.
    private static int Multiplier(double factor)
    {
        double fraction = factor;
        while (fraction < 0.5)
        {
            fraction *= 2;
        }

        while (fraction >= 1)
        {
            fraction /= 2;
        }

        return (int)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
    }

    private static double Saturated(double value) => Math.Min(127, Math.Max(-128, value));

    // Every int8 input of a function, at most so many steps of the output from what it is in real numbers.
    private static void Near(TfliteOperatorCode code, int optionsType, (int, object)[] options, float inScale, int inZero, float outScale, int outZero, double steps, Func<double, double> function)
    {
        var m = new TfliteModelBuilder();
        m.Operator(code, [m.Input(Small, [256], inScale, inZero)], [m.Output(Small, [256], outScale, outZero)], optionsType, options);
        (double[] x, double[] y) = Integers(m, [.. Enumerable.Range(-128, 256)]);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = (function((double)inScale * (x[i] - inZero)) / outScale) + outZero;
            Assert.True(y[i] >= Saturated(expected - steps) && y[i] <= Saturated(expected + steps), $"{code} of {x[i]} is {y[i]} and not {expected}");
        }
    }

    private static (double[] X, double[] Y) Integers(TfliteModelBuilder m, int[] x)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(TfliteImporter.Import(m.Build(), "x.tflite")));
        using Session session = model.CreateSession(KernelSet.Reference);
        Array.ConvertAll(x, value => (sbyte)value).CopyTo(session.Input<sbyte>());
        session.Run();
        return (Array.ConvertAll(x, value => (double)value), [.. session.Output<sbyte>().ToArray().Select(value => (double)value)]);
    }
}
