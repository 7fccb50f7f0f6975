using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>
/// Each quantized operator on its own: what its integers stand for is the operator's definition in double precision, on the numbers
/// that the quantized inputs stand for, to half a step of the output. Weights and biases are such that integers hold them exactly.
/// </summary>
public class QuantizedOperatorTests
{
    private const int Width = 16;
    private const int Rows = 60;

    private delegate double[] Definition(double[][] inputs);

    private sealed record Case(Func<GraphBuilder, Value, Value, Value> Build, Definition Expect, double Steps = 0.5, bool Int16 = true);

    public static TheoryData<string, Precision> Cases =>
    [
        .. from name in cases.Keys
           from precision in new[] { Precision.Int8, Precision.Int16 }
           where precision == Precision.Int8 || cases[name].Int16
           select (name, precision),
    ];

    // Both operands are [1, 16]. The larger bound is that of operators that round more than once.
    private static readonly Dictionary<string, Case> cases = new()
    {
        ["add"] = new((b, x, y) => b.Arithmetic(Opcode.Add, x, y), v => Zip(v, (p, q) => p + q)),
        ["sub"] = new((b, x, y) => b.Arithmetic(Opcode.Sub, x, y), v => Zip(v, (p, q) => p - q)),
        ["mul"] = new((b, x, y) => b.Arithmetic(Opcode.Mul, x, y), v => Zip(v, (p, q) => p * q)),
        ["sub, the other way round"] = new((b, x, y) => b.Arithmetic(Opcode.Sub, y, x), v => Zip(v, (p, q) => q - p)),
        ["add, then relu"] = new((b, x, y) => b.Activation(ActivationKind.ReLU, b.Arithmetic(Opcode.Add, x, y)), v => Zip(v, (p, q) => Math.Max(0, p + q))),
        ["mul, then relu6"] = new((b, x, y) => b.Activation(ActivationKind.ReLU6, b.Arithmetic(Opcode.Mul, x, b.Arithmetic(Opcode.Mul, y, Constant(4f)))), v => Zip(v, (p, q) => Math.Clamp(4 * p * q, 0, 6)), 1.5),
        ["add a constant"] = new((b, x, y) => b.Arithmetic(Opcode.Add, x, Constant(-1.5f)), v => Map(v, p => p - 1.5)),
        ["a constant less"] = new((b, x, y) => b.Arithmetic(Opcode.Sub, Constant(2f), x), v => Map(v, p => 2 - p)),
        ["mul by a constant"] = new((b, x, y) => b.Arithmetic(Opcode.Mul, x, Constant(-3f)), v => Map(v, p => -3 * p)),
        ["div by a constant"] = new((b, x, y) => b.Arithmetic(Opcode.Div, x, Constant(-4f)), v => Map(v, p => p / -4)),
        ["concat"] = new((b, x, y) => b.Concat(1, x, y), v => [.. v[0], .. v[1]], 1),
        ["reshape"] = new((b, x, y) => b.Reshape(x, 1, 4, 4), v => v[0], 0),
        ["transpose"] = new((b, x, y) => b.Transpose(b.Reshape(x, 1, 4, 4), 0, 2, 1), v => At(v, i => (i % 4 * 4) + (i / 4)), 0),
        ["slice"] = new((b, x, y) => b.Slice(x, [0, 3], [1, 2], [1, 5]), v => [.. Enumerable.Range(0, 5).Select(i => v[0][3 + (2 * i)])], 0),
        ["expand"] = new((b, x, y) => b.Expand(b.Reshape(x, 1, 1, Width), 1, 3, Width), v => [.. v[0], .. v[0], .. v[0]], 0),
        ["gather"] = new((b, x, y) => b.Gather(x, Value.Constant("places", [3f, 0f, 15f], 3), 1), v => [v[0][3], v[0][0], v[0][15]], 0),
        ["pad with 0"] = new((b, x, y) => b.Pad(x, [0, 2], [0, 1], PadMode.Constant), v => [0, 0, .. v[0], 0], 0),
        ["pad with 0.5"] = new((b, x, y) => b.Pad(x, [0, 1], [0, 1], PadMode.Constant, 0.5f), v => [0.5, .. v[0], 0.5], 0.5),
        ["pad with the edge"] = new((b, x, y) => b.Pad(x, [0, 1], [0, 2], PadMode.Edge), v => [v[0][0], .. v[0], v[0][^1], v[0][^1]], 0),
        ["max pool"] = new((b, x, y) => Pool(b, Opcode.MaxPool, x), v => Windows(v[0], values => values.Max()), 0),
        ["average pool"] = new((b, x, y) => Pool(b, Opcode.AveragePool, x), v => Windows(v[0], values => values.Average())),
        ["sum"] = new((b, x, y) => b.Reduce(ReduceKind.Sum, b.Reshape(x, 1, 4, 4), [1], false), v => Columns(v[0], values => values.Sum()), 0.75),
        ["mean"] = new((b, x, y) => b.Reduce(ReduceKind.Mean, b.Reshape(x, 1, 4, 4), [1], false), v => Columns(v[0], values => values.Average()), 0.75),
        ["max"] = new((b, x, y) => b.Reduce(ReduceKind.Max, b.Reshape(x, 1, 4, 4), [1], false), v => Columns(v[0], values => values.Max()), 0),
        ["min"] = new((b, x, y) => b.Reduce(ReduceKind.Min, b.Reshape(x, 1, 4, 4), [1], false), v => Columns(v[0], values => values.Min()), 0),
        ["prelu"] = new((b, x, y) => b.PReLU(x, Value.Constant("slopes", [.. Enumerable.Range(0, Width).Select(i => (i - 4) / 8f)], Width)), v => [.. v[0].Select((p, i) => p < 0 ? (i - 4) / 8.0 * p : p)], Int16: false),
        ["abs"] = Unary(UnaryKind.Abs, Math.Abs),
        ["neg"] = Unary(UnaryKind.Neg, p => -p),
        ["exp"] = Unary(UnaryKind.Exp, Math.Exp),
        ["square"] = Unary(UnaryKind.Square, p => p * p),
        ["erf"] = Unary(UnaryKind.Erf, p => Math.Sign(p) * SeriesOfErf(Math.Abs(p))),
        ["sqrt"] = new((b, x, y) => b.Unary(UnaryKind.Sqrt, b.Activation(ActivationKind.Sigmoid, x)), v => Map(v, p => Math.Sqrt(1 / (1 + Math.Exp(-p)))), 0.51),
        ["log"] = new((b, x, y) => b.Unary(UnaryKind.Log, b.Activation(ActivationKind.Sigmoid, x)), v => Map(v, p => Math.Log(1 / (1 + Math.Exp(-p)))), 0.51),
        ["clip"] = new((b, x, y) => b.Unary(UnaryKind.Clip, x, -0.5f, 0.75f), v => Map(v, p => Math.Clamp(p, -0.5, 0.75)), 0.51),
        ["tanh"] = new((b, x, y) => b.Activation(ActivationKind.Tanh, x), v => Map(v, Math.Tanh), 0.51),
        ["sigmoid"] = new((b, x, y) => b.Activation(ActivationKind.Sigmoid, x), v => Map(v, p => 1 / (1 + Math.Exp(-p))), 0.51),
        ["dense"] = new((b, x, y) => Dense(b, x), v => Dense(v[0], p => p)),
        ["dense, then relu"] = new((b, x, y) => b.Activation(ActivationKind.ReLU, Dense(b, x)), v => Dense(v[0], p => Math.Max(0, p))),
        ["dense, then relu6"] = new((b, x, y) => b.Activation(ActivationKind.ReLU6, Dense(b, x)), v => Dense(v[0], p => Math.Clamp(p, 0, 6))),
        ["dense without bias"] = new((b, x, y) => b.Dense(x, Value.Constant("w", Weights(), Units, Width), null), v => Dense(v[0], p => p, hasBias: false)),
        ["conv"] = new((b, x, y) => Conv(b, x), v => Conv(v[0]), Int16: false),
    };

    private const int Units = 3;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_integers_stand_for_its_definition(string name, Precision precision)
    {
        Case it = cases[name];
        var graph = new Graph();
        var input = new Value("input", TensorType.Float32, 1, 2 * Width);
        graph.Inputs.Add(input);
        var builder = new GraphBuilder(graph) { Name = "node" };

        // Functions of the input's halves that are quantized on their own, with a zero point other than 0.
        Value x = builder.Activation(ActivationKind.LeakyReLU, builder.Slice(input, 1, 0, Width), 0.125f);
        Value y = builder.Activation(ActivationKind.ELU, builder.Slice(input, 1, Width, Width), 0.75f);

        // Floor is read by nothing that is quantized, so that no table and no clamp is taken along.
        Value result = it.Build(builder, x, y);
        (x.Name, y.Name, result.Name) = ("x", "y", "result");
        graph.Outputs.Add(builder.Concat(1, [.. new[] { x, y, result }.Select(value => builder.Reshape(value, 1, value.Elements)).Select(value => builder.Unary(UnaryKind.Floor, value))]));
        float[][] rows = [.. Enumerable.Range(0, Rows).Select(Row)];
        Graph quantized = Quantizer.Quantize(graph, rows, precision);
        Value[] watched = [Find(quantized, x), Find(quantized, y), Find(quantized, result)];
        TensorType type = precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16;
        Assert.All(watched, value => Assert.Equal(type, value.Type));
        float scale = watched[2].Quantization!.Scale;
        int zeroPoint = watched[2].Quantization!.ZeroPoint;
        (int low, int high) = precision == Precision.Int8 ? (-128, 127) : (-32768, 32767);
        var seen = new HashSet<int>();
        using var runner = new GraphRunner(quantized, watched);
        foreach (float[] row in rows)
        {
            runner.Run(row);
            double[] expected = it.Expect([Doubles(runner.Values(0)), Doubles(runner.Values(1))]);
            double[] actual = Doubles(runner.Values(2));
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < actual.Length; i++)
            {
                double steps = Math.Clamp((expected[i] / scale) + zeroPoint, low, high);
                double q = (actual[i] / scale) + zeroPoint;
                Assert.True(Math.Abs(q - steps) <= it.Steps + Slack(precision, name), $"row {row[0]}, element {i}: {q} for {steps}");
                seen.Add((int)Math.Round(q));
            }
        }

        Assert.True(seen.Count > 20, $"{seen.Count} outputs");
    }

    // What the multipliers' rounding, and a 16-bit multiplier, move an output by.
    private static double Slack(Precision precision, string name) =>
        precision == Precision.Int8 ? 0.03 : name.StartsWith("dense", StringComparison.Ordinal) ? 0.6 : name.Contains("constant", StringComparison.Ordinal) ? 0.8 : 0.05;

    private static Value Find(Graph quantized, Value source) =>
        quantized.Nodes.SelectMany(node => node.Outputs).Single(value => value.Name == source.Name && value.Type != TensorType.Float32);

    private static Case Unary(UnaryKind kind, Func<double, double> function) => new((b, x, y) => b.Unary(kind, x), v => Map(v, function), 0.51);

    // Maclaurin's series.
    private static double SeriesOfErf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    // One largest weight of 127/64 in each unit: steps of 1/64, 1/32 and 1/128.
    private static float[] Weights()
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, Units * Width).Select(i => (i % Width == 5 ? 127 : random.Next(-127, 128)) * Step(i / Width))];
    }

    private static float Step(int unit) => unit switch { 0 => 1f / 64, 1 => 1f / 32, _ => 1f / 128 };

    private static float[] Biases() => [0.5f, -1.25f, 2f];

    private static Value Dense(GraphBuilder builder, Value x) => builder.Dense(x, Value.Constant("w", Weights(), Units, Width), Value.Constant("b", Biases(), Units));

    private static double[] Dense(double[] x, Func<double, double> after, bool hasBias = true) =>
        [.. Enumerable.Range(0, Units).Select(unit => after(x.Select((value, i) => value * Weights()[(unit * Width) + i]).Sum() + (hasBias ? Biases()[unit] : 0)))];

    // [1, 2, 2, 4] to [1, 2, 2, 3], windows of 2 with one pad before: 2 groups of rows of weights would need 4 units.
    private static Value Conv(GraphBuilder builder, Value x)
    {
        var window = new Window(2, 1, 1, 1, 0, 2);
        return builder.Conv(builder.Reshape(x, 1, 2, 2, 4), Value.Constant("w", Weights(), Units, 2, 2, 4), Value.Constant("b", Biases(), Units), window, window, 1);
    }

    private static double[] Conv(double[] x)
    {
        float[] w = Weights();
        var y = new double[2 * 2 * Units];
        for (int i = 0; i < y.Length; i++)
        {
            (int row, int column, int unit) = (i / Units / 2, i / Units % 2, i % Units);
            y[i] = Biases()[unit];
            for (int k = 0; k < 16; k++)
            {
                (int top, int left, int channel) = (row - 1 + (k / 8), column - 1 + (k / 4 % 2), k % 4);
                y[i] += top < 0 || left < 0 ? 0 : x[(((top * 2) + left) * 4) + channel] * w[(unit * Width) + k];
            }
        }

        return y;
    }

    private static Value Pool(GraphBuilder builder, Opcode opcode, Value x)
    {
        var window = new Window(2, 2, 1, 0, 0, 2);
        return builder.Pool(opcode, builder.Reshape(x, 1, 4, 4, 1), window, window);
    }

    private static double[] Windows(double[] x, Func<IEnumerable<double>, double> of) =>
        [.. Enumerable.Range(0, 4).Select(i => ((i / 2 * 8) + (i % 2 * 2)) is var first ? of([x[first], x[first + 1], x[first + 4], x[first + 5]]) : 0)];

    private static double[] Columns(double[] x, Func<IEnumerable<double>, double> of) =>
        [.. Enumerable.Range(0, 4).Select(column => of(Enumerable.Range(0, 4).Select(row => x[(row * 4) + column])))];

    private static double[] Zip(double[][] v, Func<double, double, double> function) => [.. v[0].Zip(v[1], function)];

    private static double[] Map(double[][] v, Func<double, double> function) => Array.ConvertAll(v[0], value => function(value));

    private static double[] At(double[][] v, Func<int, int> place) => [.. Enumerable.Range(0, v[0].Length).Select(i => v[0][place(i)])];

    private static Value Constant(float value) => Value.Constant("c", [value], 1);

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    private static float[] Row(int row)
    {
        var random = new Random(row);
        return [.. Enumerable.Range(0, 2 * Width).Select(_ => (random.NextSingle() * 5) - 2)];
    }
}
