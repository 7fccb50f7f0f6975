using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Import.Weights;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Keras.Definitions;

namespace EdgeInference.Tool.Tests.Import.Weights;

/// <summary>The layers of a layer file by the formulas of torch.nn, each setting left out in turn so that its default is held; tensors of each kind of file.</summary>
public sealed class WeightLayerTests : IDisposable
{
    private static readonly Case[] cases =
    [
        new("Linear", """{"transposed": false}""", [4], [("weight", [3, 4]), ("bias", [3])], (_, x, w) => Nd.Make([3], at => Enumerable.Range(0, 4).Sum(i => x.Data[i] * w[0][at[0], i]) + w[1].Data[at[0]])),
        new("Linear", """{"transposed": true}""", [4], [("weight", [4, 3]), ("bias", [3])], (_, x, w) => Nd.Make([3], at => Enumerable.Range(0, 4).Sum(i => x.Data[i] * w[0][i, at[0]]) + w[1].Data[at[0]]), ["transposed"]),
        new("Conv1d", """{"stride": 2, "padding": 1, "dilation": 2, "groups": 2}""", [4, 9], [("weight", [6, 2, 3]), ("bias", [6])], (s, x, w) => Conv(s, x, w), ["groups"]),
        new("Conv1d", """{"stride": 1, "padding": "valid"}""", [2, 7], [("weight", [3, 2, 3]), ("bias", [3])], (s, x, w) => Conv(s.With("padding", 0), x, w)),
        new("Conv2d", """{"stride": [2, 1], "padding": [1, 2], "dilation": [1, 2]}""", [3, 7, 9], [("weight", [4, 3, 3, 2]), ("bias", [4])], (s, x, w) => Conv(s, x, w)),
        new("Conv2d", """{"groups": 3, "padding": 1}""", [3, 5, 6], [("weight", [6, 1, 2, 3])], (s, x, w) => Conv(s, x, w), ["groups"]),
        new("ConvTranspose1d", """{"stride": 2, "padding": 1, "output_padding": 1}""", [3, 5], [("weight", [3, 2, 3]), ("bias", [2])], (s, x, w) => Transposed(s, x, w), ["stride"]),
        new("ConvTranspose2d", """{"stride": [2, 3], "padding": [1, 0], "dilation": [2, 1]}""", [3, 4, 3], [("weight", [3, 2, 2, 3]), ("bias", [2])], (s, x, w) => Transposed(s, x, w)),
        new("BatchNorm", """{"eps": 0.25}""", [3, 4], [("weight", [3]), ("bias", [3]), ("running_mean", [3]), ("running_var", [3])], (s, x, w) =>
            Nd.Make([3, 4], at => (w[0].Data[at[0]] * (x[at] - w[2].Data[at[0]]) / Math.Sqrt(w[3].Data[at[0]] + s.Number("eps", 1e-5))) + w[1].Data[at[0]])),
        new("BatchNorm", """{"eps": 0.25}""", [3, 4], [("running_mean", [3]), ("running_var", [3])], (s, x, w) => Nd.Make([3, 4], at => (x[at] - w[0].Data[at[0]]) / Math.Sqrt(w[1].Data[at[0]] + s.Number("eps", 1e-5)))),
        new("LayerNorm", """{"eps": 0.25, "axes": 1}""", [3, 4], [("weight", [4]), ("bias", [4])], (s, x, w) => Norm(s, x, w, 4)),
        new("LayerNorm", """{"axes": 2}""", [3, 4], [("weight", [3, 4]), ("bias", [3, 4])], (s, x, w) => Norm(s, x, w, 12), ["axes"]),
        new("MaxPool2d", """{"kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "ceil_mode": true}""", [2, 6, 7], [], (s, x, _) => Pool(s, x, true), ["kernel_size"]),
        new("AvgPool2d", """{"kernel_size": [3, 2], "stride": [2, 3], "padding": 1, "count_include_pad": false}""", [2, 6, 7], [], (s, x, _) => Pool(s, x, false), ["kernel_size"]),
        new("AvgPool1d", """{"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": true}""", [2, 7], [], (s, x, _) => Pool(s, x, false), ["kernel_size"]),
        new("MaxPool1d", """{"kernel_size": 2, "stride": 3}""", [2, 7], [], (s, x, _) => Pool(s, x, true), ["kernel_size"]),
        new("GlobalAvgPool", "{}", [2, 3, 4], [], (_, x, _) => Nd.Make([2, 1, 1], at => x.Data.Skip(at[0] * 12).Take(12).Average())),
        new("GlobalMaxPool", "{}", [2, 3, 4], [], (_, x, _) => Nd.Make([2, 1, 1], at => x.Data.Skip(at[0] * 12).Take(12).Max())),
        new("Flatten", "{}", [2, 3], [], (_, x, _) => x),
        new("Reshape", """{"shape": [3, -1]}""", [2, 3], [], (_, x, _) => x, ["shape"]),
        new("Permute", """{"dims": [2, 3, 1]}""", [2, 3, 4], [], (_, x, _) => x.Permute(1, 2, 0), ["dims"]),
        new("Standardize", """{"mean": [1.0, -2.0, 0.5], "std": [0.5, 2.0, 4.0]}""", [2, 3], [], (s, x, _) => Nd.Make([2, 3], at => (x[at] - s.Doubles("mean")![at[1]]) / s.Doubles("std")![at[1]]), ["mean", "std"]),
        new("PReLU", "{}", [2, 3], [("weight", [2])], (_, x, w) => Nd.Make([2, 3], at => x[at] < 0 ? x[at] * w[0].Data[at[0]] : x[at])),
        new("LeakyReLU", """{"negative_slope": 0.4}""", [9], [], (s, x, _) => x.Map(value => value < 0 ? value * s.Number("negative_slope", 0.01) : value)),
        new("ELU", """{"alpha": 0.4}""", [9], [], (s, x, _) => x.Map(value => value < 0 ? s.Number("alpha", 1) * (Math.Exp(value) - 1) : value)),
        new("CELU", """{"alpha": 0.4}""", [9], [], (s, x, _) => x.Map(value => value < 0 ? s.Number("alpha", 1) * (Math.Exp(value / s.Number("alpha", 1)) - 1) : value)),
        new("Hardshrink", """{"lambd": 0.4}""", [9], [], (s, x, _) => x.Map(value => Math.Abs(value) > s.Number("lambd", 0.5) ? value : 0)),
        new("Softshrink", """{"lambd": 0.4}""", [9], [], (s, x, _) => x.Map(value => Math.Sign(value) * Math.Max(0, Math.Abs(value) - s.Number("lambd", 0.5)))),
        new("GELU", """{"approximate": "tanh"}""", [9], [], (s, x, _) => s.Has("approximate") ? x.Map(value => 0.5 * value * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (value + (0.044715 * value * value * value))))) : Functions.Apply("gelu", x, 3)),
        new("Softmax", """{"dim": 2}""", [2, 3], [], (s, x, _) => Functions.Softmax(x, (int)s.Number("dim", 1) - 1)),
        new("LogSoftmax", """{"dim": -1}""", [2, 3], [], (s, x, _) => Functions.Softmax(x, s.Has("dim") ? 1 : 0).Map(Math.Log)),
        .. new[] { ("ReLU", "relu"), ("ReLU6", "relu6"), ("SELU", "selu"), ("SiLU", "silu"), ("Mish", "mish"), ("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("Softplus", "softplus"), ("Softsign", "softsign"), ("Hardswish", "hard_swish"), ("Hardsigmoid", "hard_sigmoid") }
            .Select(pair => new Case(pair.Item1, "{}", [9], [], (_, x, _) => Functions.Apply(pair.Item2, x, 3))),
        .. new[] { "RNN", "GRU", "LSTM" }.SelectMany(kind => new[]
        {
            new Case(kind, """{"output": "last"}""", [4, 2], Cells(kind, [""]), (s, x, w) => Sequence(kind, s, x, w, 1)),
            new Case(kind, """{"bidirectional": true, "output": "last"}""", [4, 2], Cells(kind, ["", "_reverse"]), (s, x, w) => Sequence(kind, s, x, w, 2), ["bidirectional"]),
        }),
        new("RNN", """{"nonlinearity": "relu"}""", [4, 2], Cells("RNN", [""]), (s, x, w) => Sequence("RNN", s, x, w, 1)),
        new("Embedding", "{}", [4], [("weight", [5, 3])], (_, x, w) => Nd.Make([4, 3], at => w[0][(int)x.Data[at[0]], at[1]])) { Whole = 5 },
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-weight-layers-").FullName;

    public static TheoryData<int, string> Cases => [.. cases.Select((entry, i) => (i, $"{entry.Type} {entry.Settings}"))];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_type_has_a_formula() =>
        Assert.Equal(LayerTypes.All.Keys.Order(StringComparer.Ordinal), cases.Select(entry => entry.Type).Concat(["Add", "Sub", "Mul", "Concat"]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_is_what_torch_nn_defines_with_each_setting_left_out_too(int index, string name)
    {
        Case entry = cases[index];
        var whole = (JsonObject)JsonNode.Parse(entry.Settings)!;
        foreach (string? left in whole.Select(pair => pair.Key).Where(key => entry.Required?.Contains(key) != true).Prepend((string?)null))
        {
            var settings = (JsonObject)whole.DeepClone();
            if (left is not null)
            {
                settings.Remove(left);
            }

            var random = new Random(index);
            Nd x = Nd.Make(entry.Input, _ => entry.Whole is { } count ? random.Next(count) : (4f * random.NextSingle()) - 2f);
            Nd[] weights = [.. entry.Weights.Select(weight => Nd.Make(weight.Shape, _ => weight.Name == "running_var" ? 0.2f + random.NextSingle() : random.NextSingle() - 0.5f))];
            double[] expected = entry.Define(new Settings(settings, 3), x, weights).Data;
            var layer = (JsonObject)settings.DeepClone();
            layer["type"] = entry.Type;
            layer["name"] = "l";
            var file = new SafetensorsBuilder();
            foreach (((string role, int[] shape), Nd value) in entry.Weights.Zip(weights))
            {
                file.Add("l." + role, shape, [.. value.Data.Select(element => (float)element)]);
            }

            float[] actual = Run(file, new JsonObject { ["input"] = new JsonArray([.. entry.Input.Select(size => (JsonNode)size)]), ["layers"] = new JsonArray(layer) }, [.. x.Data.Select(value => (float)value)]);
            Assert.True(expected.Length == actual.Length, $"{name}, without {left}: {actual.Length} outputs and not {expected.Length}");
            double bound = 1e-5 * Math.Max(1, expected.Max(Math.Abs));
            Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound, $"{name}, without {left}: {pair.Second} and not {pair.First}"));
        }
    }

    [Theory]
    [InlineData("Add", new[] { 5f, 7f, 9f })]
    [InlineData("Sub", new[] { -3f, -3f, -3f })]
    [InlineData("Mul", new[] { 4f, 10f, 18f })]
    [InlineData("Concat", new[] { 1f, 2f, 3f, 4f, 5f, 6f })]
    public void Layers_join_what_from_names_in_its_order(string type, float[] expected)
    {
        var net = (JsonObject)JsonNode.Parse($$"""{"inputs": {"a": [3], "b": [3]}, "layers": [{"type": "{{type}}", "from": ["a", "b"]}]}""")!;
        Assert.Equal(expected, Run(new SafetensorsBuilder(), net, [1f, 2f, 3f, 4f, 5f, 6f]));
    }

    [Fact]
    public void Concat_joins_along_its_dim()
    {
        var net = (JsonObject)JsonNode.Parse("""{"inputs": {"a": [2, 1], "b": [2, 1]}, "layers": [{"type": "Concat", "from": ["a", "b"], "dim": 2}]}""")!;
        Assert.Equal([1f, 3f, 2f, 4f], Run(new SafetensorsBuilder(), net, [1f, 2f, 3f, 4f]));
    }

    [Theory]
    [InlineData("begins at byte 4 of the data, expected 0", """{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [4, 8]}}""", 8)]
    [InlineData("has 12 bytes of data but its tensors need 8", """{"l.weight": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}""", 12)]
    [InlineData("begins at byte 4 of the data, expected 8", """{"l.weight": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}, "x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""", 8)]
    [InlineData("is at [0, 16] of 8 bytes", """{"l.weight": {"dtype": "F32", "shape": [1, 4], "data_offsets": [0, 16]}}""", 8)]
    [InlineData("is at [8, 0] of 8 bytes", """{"l.weight": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 0]}}""", 8)]
    [InlineData("is at [-4, 4] of 8 bytes", """{"l.weight": {"dtype": "F32", "shape": [1, 2], "data_offsets": [-4, 4]}}""", 8)]
    [InlineData("has 8 bytes; write", """{"l.weight": {"dtype": "F32", "shape": [1, 3], "data_offsets": [0, 8]}}""", 8)]
    [InlineData("has 8 bytes; write", """{"l.weight": {"dtype": "F32", "shape": [65536, 65536, 65536, 65536], "data_offsets": [0, 8]}}""", 8)]
    [InlineData("elements of type 'F31'", """{"l.weight": {"dtype": "F31", "shape": [1, 2], "data_offsets": [0, 8]}}""", 8)]
    public void A_header_that_does_not_fit_is_refused(string expected, string header, int bytes)
    {
        string path = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(path, SafetensorsBuilder.Build(header, new byte[bytes]));
        Assert.Contains(expected, Assert.Throws<InputException>(() => WeightImporter.Import(path, Net("""{"input": [2], "layers": [{"type": "Linear", "name": "l"}]}"""))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uses the tensor 'other'", "other")]
    [InlineData("", "l.num_batches_tracked")]
    [InlineData("", "num_batches_tracked")]
    [InlineData("uses the tensor 'my_num_batches_tracked'", "my_num_batches_tracked")]
    [InlineData("", "left")]
    public void A_tensor_that_no_layer_reads_is_refused_but_for_counters_and_those_named(string expected, string tensor)
    {
        string path = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(path, new SafetensorsBuilder().Add("l.weight", [1, 2], 1f, 2f).Add(tensor, [1], 1f).Build());
        string net = Net("""{"input": [2], "unused": ["left"], "layers": [{"type": "Linear", "name": "l"}]}""");
        if (expected.Length == 0)
        {
            Assert.Equal([5f], KerasArrays.Run(WeightImporter.Import(path, net), [1f, 2f]));
            return;
        }

        Assert.Contains(expected, Assert.Throws<InputException>(() => WeightImporter.Import(path, net)).Message, StringComparison.Ordinal);
    }

    private float[] Run(SafetensorsBuilder weights, JsonObject net, float[] input)
    {
        string path = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(path, weights.Header.Count > 0 ? weights.Build() : SafetensorsBuilder.Build("""{"none": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", new byte[4]));
        if (weights.Header.Count == 0)
        {
            net["unused"] = "none";
        }

        return KerasArrays.Run(WeightImporter.Import(path, Net(net.ToJsonString())), input);
    }

    private string Net(string text)
    {
        string path = Path.Combine(folder, "net.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static (string, int[])[] Cells(string kind, string[] suffixes)
    {
        int gates = kind == "LSTM" ? 4 : kind == "GRU" ? 3 : 1;
        return [.. suffixes.SelectMany(suffix => new (string, int[])[] { ($"weight_ih_l0{suffix}", [gates * 3, 2]), ($"weight_hh_l0{suffix}", [gates * 3, 3]), ($"bias_ih_l0{suffix}", [gates * 3]), ($"bias_hh_l0{suffix}", [gates * 3]) })];
    }

    // torch.nn: LSTM's gates i f g o, GRU's r z n with the reset after the matrix and its bias.
    private static Nd Sequence(string kind, Settings s, Nd x, Nd[] w, int ways)
    {
        int steps = x.Shape[0];
        var y = new Nd(steps, 3 * ways);
        double[] last = new double[3 * ways];
        for (int way = 0; way < ways; way++)
        {
            (Nd wi, Nd wh, Nd bi, Nd bh) = (w[4 * way], w[(4 * way) + 1], w[(4 * way) + 2], w[(4 * way) + 3]);
            double[] h = new double[3];
            double[] c = new double[3];
            for (int t = 0; t < steps; t++)
            {
                int step = way == 0 ? t : steps - 1 - t;
                double OfInput(int row) => Enumerable.Range(0, 2).Sum(i => x[step, i] * wi[row, i]) + bi.Data[row];
                double[] before = h;
                double OfState(int row) => Enumerable.Range(0, 3).Sum(i => before[i] * wh[row, i]) + bh.Data[row];
                double Both(int gate, int u) => OfInput((gate * 3) + u) + OfState((gate * 3) + u);
                double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
                if (kind == "LSTM")
                {
                    double[] old = c;
                    c = [.. Enumerable.Range(0, 3).Select(u => (Sigmoid(Both(1, u)) * old[u]) + (Sigmoid(Both(0, u)) * Math.Tanh(Both(2, u))))];
                    h = [.. Enumerable.Range(0, 3).Select(u => Sigmoid(Both(3, u)) * Math.Tanh(c[u]))];
                }
                else if (kind == "GRU")
                {
                    h = [.. Enumerable.Range(0, 3).Select(u =>
                    {
                        double candidate = Math.Tanh(OfInput(6 + u) + (Sigmoid(Both(0, u)) * OfState(6 + u)));
                        double update = Sigmoid(Both(1, u));
                        return ((1 - update) * candidate) + (update * before[u]);
                    })];
                }
                else
                {
                    h = [.. Enumerable.Range(0, 3).Select(u => s.Text("nonlinearity", "tanh") == "relu" ? Math.Max(0, Both(0, u)) : Math.Tanh(Both(0, u)))];
                }

                for (int u = 0; u < 3; u++)
                {
                    y[step, (3 * way) + u] = h[u];
                }
            }

            h.CopyTo(last, 3 * way);
        }

        return s.Text("output", "all") == "last" ? new Nd([3 * ways], last) : y;
    }

    private static int[] Pair(Settings s, string key, int axes, int missing, int ahead) => axes == 2 ? s.Ints(key, 2, missing) : [ahead, s.Ints(key, 1, missing)[0]];

    private static Nd Wide(Nd x, int lead) => x.Shape.Length == lead + 1 ? x.Reshape([.. x.Shape[..lead], 1, x.Shape[^1]]) : x;

    private static Nd Conv(Settings s, Nd input, Nd[] w)
    {
        int axes = input.Shape.Length - 1;
        Nd x = Wide(input, 1);
        Nd k = Wide(w[0], 2);
        (int[] stride, int[] pad, int[] dilation) = (Pair(s, "stride", axes, 1, 1), Pair(s, "padding", axes, 0, 0), Pair(s, "dilation", axes, 1, 1));
        int groups = (int)s.Number("groups", 1);
        int Places(int axis) => ((x.Shape[1 + axis] + (2 * pad[axis]) - ((k.Shape[2 + axis] - 1) * dilation[axis]) - 1) / stride[axis]) + 1;
        return Nd.Make([k.Shape[0], Places(0), Places(1)], at =>
        {
            double sum = w.Length > 1 ? w[1].Data[at[0]] : 0;
            for (int i = 0; i < k.Shape[1] * k.Shape[2] * k.Shape[3]; i++)
            {
                int[] place = [i / (k.Shape[2] * k.Shape[3]), i / k.Shape[3] % k.Shape[2], i % k.Shape[3]];
                int row = (at[1] * stride[0]) + (place[1] * dilation[0]) - pad[0];
                int column = (at[2] * stride[1]) + (place[2] * dilation[1]) - pad[1];
                bool inside = row >= 0 && row < x.Shape[1] && column >= 0 && column < x.Shape[2];
                sum += inside ? x[(at[0] / (k.Shape[0] / groups) * k.Shape[1]) + place[0], row, column] * k[at[0], place[0], place[1], place[2]] : 0;
            }

            return sum;
        });
    }

    private static Nd Transposed(Settings s, Nd input, Nd[] w)
    {
        int axes = input.Shape.Length - 1;
        Nd x = Wide(input, 1);
        Nd k = Wide(w[0], 2);
        (int[] stride, int[] pad, int[] dilation, int[] extra) = (Pair(s, "stride", axes, 1, 1), Pair(s, "padding", axes, 0, 0), Pair(s, "dilation", axes, 1, 1), Pair(s, "output_padding", axes, 0, 0));
        int Places(int axis) => ((x.Shape[1 + axis] - 1) * stride[axis]) - (2 * pad[axis]) + (dilation[axis] * (k.Shape[2 + axis] - 1)) + extra[axis] + 1;
        Nd y = Nd.Make([k.Shape[1], Places(0), Places(1)], at => w[1].Data[at[0]]);
        for (int i = 0; i < x.Data.Length; i++)
        {
            int[] at = x.At(i);
            for (int j = 0; j < k.Data.Length; j++)
            {
                int[] place = k.At(j);
                int row = (at[1] * stride[0]) + (place[2] * dilation[0]) - pad[0];
                int column = (at[2] * stride[1]) + (place[3] * dilation[1]) - pad[1];
                if (place[0] == at[0] && row >= 0 && row < y.Shape[1] && column >= 0 && column < y.Shape[2])
                {
                    y[place[1], row, column] += x.Data[i] * k.Data[j];
                }
            }
        }

        return y;
    }

    private static Nd Pool(Settings s, Nd input, bool largest)
    {
        int axes = input.Shape.Length - 1;
        Nd x = Wide(input, 1);
        int[] kernel = Pair(s, "kernel_size", axes, 1, 1);
        int[] stride = s.Has("stride") ? Pair(s, "stride", axes, 1, 1) : kernel;
        int[] pad = Pair(s, "padding", axes, 0, 0);
        int Places(int axis)
        {
            int span = x.Shape[1 + axis] + (2 * pad[axis]) - kernel[axis];
            int places = ((span + (s.Flag("ceil_mode", false) ? stride[axis] - 1 : 0)) / stride[axis]) + 1;

            // The last window must begin within the input or its left padding.
            return (places - 1) * stride[axis] >= x.Shape[1 + axis] + pad[axis] ? places - 1 : places;
        }

        return Nd.Make([x.Shape[0], Places(0), Places(1)], at =>
        {
            var seen = new List<double>();
            for (int i = 0; i < kernel[0]; i++)
            {
                for (int j = 0; j < kernel[1]; j++)
                {
                    int row = (at[1] * stride[0]) + i - pad[0];
                    int column = (at[2] * stride[1]) + j - pad[1];
                    if (row >= 0 && row < x.Shape[1] && column >= 0 && column < x.Shape[2])
                    {
                        seen.Add(x[at[0], row, column]);
                    }
                }
            }

            return largest ? seen.Max() : seen.Sum() / (s.Flag("count_include_pad", true) ? kernel[0] * kernel[1] : seen.Count);
        });
    }

    private static Nd Norm(Settings s, Nd x, Nd[] w, int size) => new(x.Shape, [.. x.Data.Select((value, i) =>
    {
        double[] group = x.Data[(i / size * size)..((i / size * size) + size)];
        double mean = group.Average();
        double variance = group.Select(other => (other - mean) * (other - mean)).Average();
        return (w[0].Data[i % size] * (value - mean) / Math.Sqrt(variance + s.Number("eps", 1e-5))) + w[1].Data[i % size];
    })]);

    private sealed record Case(string Type, string Settings, int[] Input, (string Name, int[] Shape)[] Weights, Func<Settings, Nd, Nd[], Nd> Define, string[]? Required = null)
    {
        internal int? Whole { get; init; }
    }
}
