using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>
/// Models after <c>model.quantize("int8")</c>. The reference is the formula of Keras' sources in double precision:
/// s = 127 / (max|x| + 1e-7) for each row, q = clip(round(x·s)), y = q·K / (s·scale) + bias.
/// </summary>
public class QuantizedLayerTests
{
    private const string Int8 = """{"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_quantized_model_equals_the_formula_of_Keras(bool optimized)
    {
        string path = KerasArrays.Handed("int8.keras");
        double[][] weights = [.. from layer in new[] { "dense", "dense_1" } from i in Enumerable.Range(0, 3) select KerasArrays.Read(path, $"layers/{layer}/vars/{i}")];
        Graph graph = optimized ? GraphOptimizer.Optimize(KerasImporter.Import(path)) : KerasImporter.Import(path);

        double unrounded = 0;
        var random = new Random(4);
        for (int row = 0; row < 50; row++)
        {
            float[] x = [.. Enumerable.Range(0, 4).Select(_ => (random.NextSingle() * 6f) - 3f)];
            double[] hidden = [.. Dense([.. x], weights[0], weights[1], weights[2]).Select(value => Math.Max(0, value))];
            double expected = KerasArrays.Sigmoid(Dense(hidden, weights[3], weights[4], weights[5])[0]);
            float actual = Assert.Single(KerasArrays.Run(graph, x));
            Assert.Equal(expected, actual, 2e-6);

            double[] free = [.. KerasArrays.Dense([.. x], Divided(weights[0], weights[2]), weights[1]).Select(value => Math.Max(0, value))];
            unrounded = Math.Max(unrounded, Math.Abs(actual - KerasArrays.Sigmoid(KerasArrays.Dense(free, Divided(weights[3], weights[5]), weights[4])[0])));
        }

        // Else a model that rounds nothing would pass too.
        Assert.True(unrounded > 1e-4, $"rounding moved the result by {unrounded} at the most");
    }

    // A row of zeros behind the ReLU makes s 127 / 1e-7: with a fixed scale for s every result was the same. In fixed point the
    // product is that of the weights which the integers stand for, up to the rounding of weights to 8 bits: the logits reach 26.
    [Theory]
    [InlineData(Precision.Int8, 0.06)]
    [InlineData(Precision.Int16, 0.03)]
    public void In_fixed_point_a_product_is_that_of_the_weights_themselves(Precision precision, double tolerance)
    {
        string path = KerasArrays.Handed("int8.keras");
        double[][] weights = [.. from layer in new[] { "dense", "dense_1" } from i in Enumerable.Range(0, 3) select KerasArrays.Read(path, $"layers/{layer}/vars/{i}")];
        var random = new Random(5);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 4).Select(_ => (random.NextSingle() * 6f) - 3f).ToArray())];
        Graph quantized = Quantizer.Quantize(GraphOptimizer.Optimize(KerasImporter.Import(path)), rows, precision);
        float[][] actual = GraphRunner.RunAll(quantized, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            double[] hidden = [.. KerasArrays.Dense([.. rows[i]], Divided(weights[0], weights[2]), weights[1]).Select(value => Math.Max(0, value))];
            double expected = KerasArrays.Sigmoid(KerasArrays.Dense(hidden, Divided(weights[3], weights[5]), weights[4])[0]);
            Assert.Equal(expected, actual[i][0], tolerance);
        }
    }

    [Theory]
    [InlineData("null", 127, true)]
    [InlineData("""{"class_name": "Int8QuantizationConfig", "config": {"weight_quantizer": null, "activation_quantizer": {"class_name": "AbsMaxQuantizer", "config": {"value_range": [-15, 15], "epsilon": 1e-7, "output_dtype": "int8"}}}}""", 15, true)]
    [InlineData("""{"class_name": "Int8QuantizationConfig", "config": {"weight_quantizer": null, "activation_quantizer": null}}""", 0, false)]
    public void Inputs_are_rounded_row_by_row_as_the_settings_say(string settings, int highest, bool rounds)
    {
        sbyte[,] kernel = { { 100, -127 }, { 7, 33 }, { -128, 1 } };
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2, 3]}""")
            .Layer("Dense", "dense", $$"""{"units": 2, "use_bias": false, "dtype": "int8_from_float32", "quantization_config": {{settings}}}""")
            .Weights("dense", kernel, new[] { 50f, 80f })
            .Import();
        float[] x = [0.3f, -1.7f, 0.9f, 20f, 0.1f, -13.3f];
        double[] integers = [.. kernel.Cast<sbyte>().Select(value => (double)value)];
        double[] expected = [.. x.Chunk(3).SelectMany(row => rounds
            ? Dense([.. row], integers, [0, 0], [50, 80], highest)
            : KerasArrays.Dense([.. row], Divided(integers, [50, 80]), [0, 0]))];
        AssertNear(expected, KerasArrays.Run(graph, x));
    }

    [Fact]
    public void Rows_of_a_quantized_embedding_are_divided_by_their_scales()
    {
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("Embedding", "e", $$"""{"input_dim": 3, "output_dim": 2, "dtype": {{Int8}}}""")
            .Weights("embedding", new sbyte[,] { { 1, 2 }, { 10, -20 }, { 100, -127 } }, new[] { 1f, 4f, 8f })
            .Import();
        Assert.Equal([12.5f, -15.875f, 2.5f, -5f], KerasArrays.Run(graph, [2f, 1f]));
    }

    [Theory]
    [InlineData("abc,cd->abd", "d", new[] { 3, 4 }, new[] { 4 })]
    [InlineData("...c,dc->...d", "d", new[] { 4, 3 }, new[] { 4 })]
    [InlineData("abc,cde->abde", "e", new[] { 3, 2, 2 }, new[] { 2 })]
    [InlineData("abc,cde->abed", "ed", new[] { 3, 2, 5 }, new[] { 5, 2 })]
    [InlineData("abc,bd->adc", "d", new[] { 2, 4 }, new[] { 4, 1 })]
    [InlineData("abc,bcd->ad", null, new[] { 2, 3, 4 }, new int[0])]
    public void An_einsum_equals_its_definition(string equation, string? biasAxes, int[] kernelShape, int[] biasShape)
    {
        Array kernel = Filled(kernelShape, i => MathF.Sin(i + 1));
        Array bias = Filled(biasShape.Length == 0 ? [1] : biasShape, i => i - 0.5f);
        float[] x = [.. Enumerable.Range(0, 6).Select(i => MathF.Cos(2 * i))];
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2, 3]}""")
            .Layer("EinsumDense", "e", $$"""{"equation": "{{equation}}", "bias_axes": {{(biasAxes is null ? "null" : $"\"{biasAxes}\"")}}, "activation": "linear"}""")
            .Weights("einsum_dense", biasAxes is null ? [kernel] : [kernel, bias])
            .Import();
        double[] expected = Einsum(equation.Replace("...", "yz", StringComparison.Ordinal), [.. x], [1, 2, 3], [.. kernel.Cast<float>()], kernelShape, out int[] shape);
        if (biasAxes is not null)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += bias.Cast<float>().ElementAt(Broadcast(i, shape, biasShape));
            }
        }

        Assert.Equal(shape, graph.Outputs[0].Shape);
        AssertNear(expected, KerasArrays.Run(graph, x));
    }

    [Fact]
    public void A_quantized_einsum_rounds_over_the_axes_that_it_sums()
    {
        sbyte[,,] kernel = { { { 127, -5 }, { 3, 64 } }, { { 9, 9 }, { -100, 31 } }, { { 50, 1 }, { 2, -77 } } };
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 3, 2]}""")
            .Layer("EinsumDense", "e", $$"""{"equation": "abc,bcd->ad", "bias_axes": null, "activation": "linear", "dtype": {{Int8}}}""")
            .Weights("einsum_dense", kernel, new[,] { { 30f, 40f } })
            .Import();
        float[] x = [0.11f, -2.7f, 1.9f, 0.3f, 0.77f, -0.2f];
        AssertNear(Dense([.. x], [.. kernel.Cast<sbyte>().Select(value => (double)value)], [0, 0], [30, 40]), KerasArrays.Run(graph, x));
    }

    [Theory]
    [InlineData("ab,ab->ab")]
    [InlineData("abc,bcd->abd")]
    [InlineData("ab,c->abc")]
    [InlineData("ab->ab")]
    [InlineData("ab,bbc->ac")]
    [InlineData("ab,bc->acc")]
    [InlineData("ab,bc->acd")]
    [InlineData("ab,cd->ad")]
    [InlineData("abcd,de->abce")]
    public void An_einsum_that_is_no_matrix_product_is_refused(string equation) =>
        Assert.Contains("must be a matrix product", Assert.Throws<InputException>(() => new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("EinsumDense", "e", $$"""{"equation": "{{equation}}"}""")
            .Weights("einsum_dense", new[] { 1f, 2f })
            .Import()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"class_name": "QuantizedFloat8DTypePolicy", "config": {"mode": "float8", "source_name": "float32"}}""", "float8")]
    [InlineData("""{"class_name": "Int4DTypePolicy", "config": {"mode": "int4/128", "source_name": "float32"}}""", "int4/128")]
    [InlineData("""{"class_name": "GPTQDTypePolicy", "config": {"mode": "gptq/4/128", "source_name": "float32"}}""", "gptq/4/128")]
    public void Other_quantizations_are_refused(string policy, string mode) =>
        Assert.Contains($"is quantized as '{mode}'", Refusal(policy, new float[2, 1]), StringComparison.Ordinal);

    [Fact]
    public void Integers_without_quantization_and_quantization_without_integers_are_refused()
    {
        Assert.Contains("has int8 weights but no quantization", Refusal("\"float32\"", new sbyte[2, 1]), StringComparison.Ordinal);
        Assert.Contains("no int8 weights", Refusal(Int8, new float[2, 1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_scale_by_which_nothing_can_be_divided_is_refused(float scale) =>
        Assert.Contains("not above 0 and finite", Refusal(Int8, new sbyte[2, 1], scale), StringComparison.Ordinal);

    private const string InputQuantizer = """{"class_name": "Int8QuantizationConfig", "config": {"activation_quantizer": {"class_name": "%", "config": {@}}}}""";

    // A range that is not symmetric clips below; an epsilon of 0.5 is as large as the inputs; what is left out is Keras' default.
    [Theory]
    [InlineData("\"value_range\": [-10, 20], \"epsilon\": 0.5", -10, 20, 0.5)]
    [InlineData("\"value_range\": [-10, 20]", -10, 20, 1e-7)]
    [InlineData("\"epsilon\": 0.5, \"output_dtype\": \"int8\"", -127, 127, 0.5)]
    [InlineData("", -127, 127, 1e-7)]
    public void The_quantizer_of_inputs_has_its_range_and_its_epsilon(string settings, double lowest, double highest, double epsilon)
    {
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2, 2]}""")
            .Layer("Dense", "dense", $$"""{"units": 2, "activation": "tanh", "dtype": "int8_from_bfloat16", "quantization_config": {{InputQuantizer.Replace("%", "AbsMaxQuantizer", StringComparison.Ordinal).Replace("@", settings, StringComparison.Ordinal)}}}""")
            .Weights("dense", new sbyte[,] { { 3, -5 }, { 7, 2 } }, new[] { 0.25f, -0.5f }, new[] { 8f, 16f })
            .Import();
        float[] x = [0.4f, -0.9f, 0f, 0f];
        double[] expected = [.. x.Chunk(2).SelectMany(row =>
        {
            double s = highest / (row.Max(value => Math.Abs((double)value)) + epsilon);
            double[] q = [.. row.Select(value => Math.Clamp(Math.Round(value * s), lowest, highest))];
            return new[] { Math.Tanh((((q[0] * 3) + (q[1] * 7)) / (s * 8)) + 0.25), Math.Tanh((((q[0] * -5) + (q[1] * 2)) / (s * 16)) - 0.5) };
        })];
        AssertNear(expected, KerasArrays.Run(graph, x));
    }

    [Theory]
    [InlineData("rounds its inputs with a custom quantizer", "MyQuantizer", "")]
    [InlineData("rounds its inputs with a custom quantizer", "AbsMaxQuantizer", "\"output_dtype\": \"int4\"")]
    public void Another_quantizer_of_inputs_is_refused(string expected, string kind, string settings) => Assert.Contains(
        expected,
        Assert.Throws<InputException>(() => new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("Dense", "d", $$"""{"use_bias": false, "dtype": {{Int8}}, "quantization_config": {{InputQuantizer.Replace("%", kind, StringComparison.Ordinal).Replace("@", settings, StringComparison.Ordinal)}}}""")
            .Weights("dense", new sbyte[2, 1], new[] { 1f })
            .Import()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_quantized_layer_has_one_tensor_of_integers_and_a_scale_for_each_unit()
    {
        string Message(string settings, params Array[] weights) => Assert.Throws<InputException>(() => new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("Dense", "d", settings)
            .Weights("dense", weights)
            .Import()).Message;
        string quantized = $$"""{"units": 1, "use_bias": false, "dtype": {{Int8}}}""";
        Assert.Contains("no int8 weights", Message(quantized, new sbyte[2, 1], new sbyte[2, 1], new[] { 1f }), StringComparison.Ordinal);
        Assert.Contains("needs 2 weights but the file has 1", Message(quantized, new sbyte[2, 1]), StringComparison.Ordinal);
        Assert.Contains("has weights of [2], expected [1]", Message(quantized, new sbyte[2, 1], new[] { 1f, 1f }), StringComparison.Ordinal);
        Assert.Contains("has int8 weights but no quantization", Message("""{"units": 1}""", new float[2, 1], new sbyte[1]), StringComparison.Ordinal);
        Assert.Contains("has int8 weights but no quantization", Message("""{"units": 1, "dtype": "mixed_float16"}""", new sbyte[2, 1], new float[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantized_einsum_has_a_bias_before_its_scale()
    {
        Graph graph = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("EinsumDense", "e", $$"""{"equation": "ab,bc->ac", "bias_axes": "c", "activation": "relu", "dtype": {{Int8}}}""")
            .Weights("einsum_dense", new sbyte[,] { { 3, -5 }, { 7, 2 } }, new[] { 0.25f, -0.5f }, new[,] { { 8f, 16f } })
            .Import();
        AssertNear([.. Dense([0.5, 1], [3, -5, 7, 2], [0.25, -0.5], [8, 16]).Select(value => Math.Max(0, value))], KerasArrays.Run(graph, [0.5f, 1f]));
        string message = Assert.Throws<InputException>(() => new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
            .Layer("EinsumDense", "e", """{"equation": "ab,bc->ac", "bias_axes": "c"}""")
            .Weights("einsum_dense", new float[2, 2], new short[2])
            .Import()).Message;
        Assert.Contains("has a bias of [2] for an output of [1, 2]", message, StringComparison.Ordinal);
    }

    private static string Refusal(string policy, Array kernel, float scale = 1f) => Assert.Throws<InputException>(() => new KerasArchiveBuilder()
        .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""")
        .Layer("Dense", "d", $$"""{"units": 1, "use_bias": false, "dtype": {{policy}}}""")
        .Weights("dense", kernel, new[] { scale })
        .Import()).Message;

    private static double[] Dense(double[] x, double[] kernel, double[] bias, double[] scale, int highest = 127)
    {
        double s = highest / (x.Max(Math.Abs) + 1e-7);
        double[] rounded = [.. x.Select(value => Math.Clamp(Math.Round(value * s), -highest, highest))];
        return [.. KerasArrays.Dense(rounded, kernel, new double[bias.Length]).Select((value, i) => (value / (s * scale[i])) + bias[i])];
    }

    private static double[] Divided(double[] kernel, double[] scale) => [.. kernel.Select((value, i) => value / scale[i % scale.Length])];

    // Sums over every assignment of the letters.
    private static double[] Einsum(string equation, double[] x, int[] shape, double[] kernel, int[] kernelShape, out int[] resultShape)
    {
        string[] terms = equation.Split([",", "->"], StringSplitOptions.None);
        char[] letters = [.. (terms[0] + terms[1]).Distinct()];
        int Size(char letter) => terms[0].Contains(letter, StringComparison.Ordinal) ? shape[terms[0].IndexOf(letter, StringComparison.Ordinal)] : kernelShape[terms[1].IndexOf(letter, StringComparison.Ordinal)];
        resultShape = [.. terms[2].Select(Size)];
        var result = new double[resultShape.Aggregate(1, (product, size) => product * size)];
        int all = letters.Aggregate(1, (product, letter) => product * Size(letter));
        for (int n = 0; n < all; n++)
        {
            int rest = n;
            var at = new Dictionary<char, int>();
            foreach (char letter in letters)
            {
                at[letter] = rest % Size(letter);
                rest /= Size(letter);
            }

            int Index(string term) => term.Aggregate(0, (index, letter) => (index * Size(letter)) + at[letter]);
            result[Index(terms[2])] += x[Index(terms[0])] * kernel[Index(terms[1])];
        }

        return result;
    }

    private static int Broadcast(int index, int[] shape, int[] smaller)
    {
        int result = 0;
        int stride = 1;
        for (int axis = 1; axis <= smaller.Length; axis++)
        {
            result += smaller[^axis] == 1 ? 0 : index % shape[^axis] * stride;
            index /= shape[^axis];
            stride *= smaller[^axis];
        }

        return result;
    }

    private static Array Filled(int[] shape, Func<int, float> value)
    {
        var result = Array.CreateInstance(typeof(float), shape);
        float[] flat = [.. Enumerable.Range(0, result.Length).Select(value)];
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(float));
        return result;
    }

    private static void AssertNear(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-6 * largest);
        }
    }
}
