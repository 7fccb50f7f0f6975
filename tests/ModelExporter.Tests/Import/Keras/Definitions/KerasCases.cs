namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>Every layer with settings that are not its defaults.</summary>
internal static partial class KerasCases
{
    internal static KerasCase[] All { get; } = [.. Core(), .. Activations(), .. Shapes(), .. Merges(), .. Convolutions(), .. Pools(), .. Normalizations(), .. Categories(), .. Sequences()];

    private static Weight[] None(Settings s) => [];

    private static IEnumerable<KerasCase> Core()
    {
        Weight[] Dense(Settings s, int depth) => s.Flag("use_bias", true) ? [new("", [depth, 4]), new("", [4])] : [new("", [depth, 4])];
        Nd[] Define(Settings s, Nd[] x, Nd[] w) =>
        [
            Functions.Apply(s.Text("activation", "linear"), Nd.Make([.. x[0].Shape[..^1], 4], at =>
                Enumerable.Range(0, x[0].Last).Sum(i => x[0][[.. at[..^1], i]] * w[0][i, at[^1]]) + (s.Flag("use_bias", true) ? w[1].Data[at[^1]] : 0)), s.Version),
        ];
        foreach (int[] shape in new int[][] { [3], [5, 3], [2, 5, 3] })
        {
            yield return new("Dense", """{"units": 4, "activation": "relu", "use_bias": false}""", [shape], s => Dense(s, 3), Define);
            yield return new("Dense", """{"units": 4, "activation": null, "use_bias": true}""", [shape], s => Dense(s, 3), Define);
        }

        yield return new("Embedding", """{"input_dim": 5, "output_dim": 3, "mask_zero": false}""", [[4]], _ => [new("", [5, 3])],
            (_, x, w) => [Nd.Make([4, 3], at => w[0][(int)x[0].Data[at[0]], at[1]])]) { Whole = 5 };
        yield return new("EinsumDense", """{"equation": "abc,cd->abd", "output_shape": [null, 4], "bias_axes": "d", "activation": "tanh"}""", [[2, 3]], s => s.Has("bias_axes") ? [new("", [3, 4]), new("", [4])] : [new("", [3, 4])],
            (s, x, w) => [Functions.Apply(s.Text("activation", "linear"), Nd.Make([2, 4], at => Enumerable.Range(0, 3).Sum(c => x[0][at[0], c] * w[0][c, at[1]]) + (s.Has("bias_axes") ? w[1].Data[at[1]] : 0)), s.Version)], ["equation", "output_shape"]);
        yield return new("EinsumDense", """{"equation": "abcd,cde->aeb", "output_shape": [5, 2], "bias_axes": "e"}""", [[2, 3, 4]], _ => [new("", [3, 4, 5]), new("", [5, 1])],
            (_, x, w) => [Nd.Make([5, 2], at => Enumerable.Range(0, 12).Sum(i => x[0][at[1], i / 4, i % 4] * w[0][i / 4, i % 4, at[0]]) + w[1].Data[at[0]])], ["equation", "output_shape", "bias_axes"]);
        yield return new("EinsumDense", """{"equation": "...x,yx->...y", "output_shape": [4]}""", [[2, 3]], _ => [new("", [4, 3])],
            (_, x, w) => [Nd.Make([2, 4], at => Enumerable.Range(0, 3).Sum(i => x[0][at[0], i] * w[0][at[1], i]))], ["equation"]);
        yield return new("TimeDistributed", """{"layer": {"class_name": "Dense", "config": {"units": 4, "activation": "tanh"}}}""", [[5, 3]], _ => [new("layer", [3, 4]), new("layer", [4])],
            (s, x, w) => Define(s.Inner("layer"), x, w), ["layer"]);
        yield return new("TimeDistributed", """{"layer": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.4}}}""", [[5, 3]], None, (_, x, _) => [x[0].Map(value => value < 0 ? 0.4 * value : value)], ["layer"]);
    }

    private static IEnumerable<KerasCase> Activations()
    {
        foreach (string name in Functions.Names)
        {
            yield return new("Activation", $$"""{"activation": "{{name}}"}""", [[3, 5]], None, (s, x, _) => [Functions.Apply(s.Text("activation", "linear"), x[0], s.Version)]);
        }

        foreach (string most in new[] { "null", "6.0", "1.25", "0.75" })
        {
            foreach (string slope in new[] { "0.0", "0.35" })
            {
                foreach (string threshold in new[] { "0.0", "0.5" })
                {
                    yield return new("ReLU", $$"""{"max_value": {{most}}, "negative_slope": {{slope}}, "threshold": {{threshold}}}""", [[3, 40]], None, (s, x, _) =>
                        [x[0].Map(value => value >= (s.NumberOrNull("max_value") ?? double.PositiveInfinity) ? s.Number("max_value", 0)
                            : value >= s.Number("threshold", 0) ? value
                            : s.Number("negative_slope", 0) * (value - s.Number("threshold", 0)))]);
                }
            }
        }

        Nd[] Leaky(Settings s, Nd[] x, Nd[] w) => [x[0].Map(value => value < 0 ? (s.NumberOrNull("alpha") ?? s.Number("negative_slope", 0.3)) * value : value)];
        yield return new("LeakyReLU", """{"negative_slope": 0.45}""", [[9]], None, Leaky);
        yield return new("LeakyReLU", """{"alpha": 0.45}""", [[9]], None, Leaky);
        yield return new("ThresholdedReLU", """{"theta": 0.5}""", [[40]], None, (s, x, _) => [x[0].Map(value => value > s.Number("theta", 1) ? value : 0)]);
        yield return new("ELU", """{"alpha": 0.5}""", [[9]], None, (s, x, _) => [x[0].Map(value => value < 0 ? s.Number("alpha", 1) * (Math.Exp(value) - 1) : value)]);
        Nd[] PReLU(Settings s, Nd[] x, Nd[] w) => [Nd.Make(x[0].Shape, at => x[0][at] < 0 ? x[0][at] * w[0][[.. at.Select((i, axis) => w[0].Shape[axis] == 1 ? 0 : i)]] : x[0][at])];
        yield return new("PReLU", """{"shared_axes": null}""", [[4]], _ => [new("", [4])], PReLU);
        yield return new("PReLU", """{"shared_axes": null}""", [[3, 4]], _ => [new("", [3, 4])], PReLU);
        yield return new("PReLU", """{"shared_axes": [1, 2]}""", [[2, 3, 4]], _ => [new("", [1, 1, 4])], PReLU);
        yield return new("PReLU", """{"shared_axes": [2, 3]}""", [[2, 3, 4]], _ => [new("", [2, 1, 1])], PReLU);
        foreach (string axis in new[] { "-1", "1", "2", "[-2]", "-3" })
        {
            yield return new("Softmax", $$"""{"axis": {{axis}}}""", [[2, 3, 4]], None, (s, x, _) => [Functions.Softmax(x[0], s.Ints("axis", 1, -1)[0] is < 0 and int axis ? axis + 3 : s.Ints("axis", 1, -1)[0] - 1)]);
        }
    }

    private static IEnumerable<KerasCase> Merges()
    {
        foreach ((string kind, Func<IEnumerable<double>, double> join) in new (string, Func<IEnumerable<double>, double>)[]
        {
            ("Add", values => values.Sum()), ("Multiply", values => values.Aggregate((a, b) => a * b)), ("Maximum", values => values.Max()), ("Minimum", values => values.Min()), ("Average", values => values.Average()),
        })
        {
            yield return new(kind, "{}", [[2, 3], [2, 3]], None, (_, x, _) => [Nd.Make([2, 3], at => join(x.Select(value => value[at])))]);
            yield return new(kind, "{}", [[2, 3], [2, 3], [2, 3]], None, (_, x, _) => [Nd.Make([2, 3], at => join(x.Select(value => value[at])))]);
            yield return new(kind, "{}", [[2, 3], [1, 3]], None, (_, x, _) => [Nd.Make([2, 3], at => join([x[0][at], x[1][0, at[1]]]))]);
        }

        yield return new("Subtract", "{}", [[2, 3], [2, 3]], None, (_, x, _) => [Nd.Make([2, 3], at => x[0][at] - x[1][at])]);
        foreach ((string axis, int place) in new[] { ("-1", 2), ("2", 1), ("1", 0), ("-2", 1) })
        {
            yield return new("Concatenate", $$"""{"axis": {{axis}}}""", [[2, 2, 2], [2, 2, 2]], None, (s, x, _) =>
            {
                int joined = s.Has("axis") ? place : 2;
                return [Nd.Make([.. Enumerable.Range(0, 3).Select(i => i == joined ? 4 : 2)], at => x[at[joined] / 2][[.. at.Select((i, a) => a == joined ? i % 2 : i)]])];
            });
        }
    }

    private static IEnumerable<KerasCase> Normalizations()
    {
        foreach (bool scale in new[] { true, false })
        {
            foreach (bool center in new[] { true, false })
            {
                foreach (int axis in new[] { -1, 1, 2 })
                {
                    int Place(Settings s) => (int)s.Number("axis", -1) is < 0 ? 2 : (int)s.Number("axis", -1) - 1;
                    yield return new("BatchNormalization", $$"""{"axis": {{axis}}, "momentum": 0.9, "epsilon": 0.05, "center": {{(center ? "true" : "false")}}, "scale": {{(scale ? "true" : "false")}}}""", [[2, 3, 4]],
                        s => [.. Affine(s, [2 + Place(s)]), new("", [2 + Place(s)]), new("", [2 + Place(s)], true)],
                        (s, x, w) => [Nd.Make(x[0].Shape, at =>
                        {
                            int channel = at[Place(s)];
                            (double gamma, double beta) = Parts(s, w, channel);
                            return (gamma * (x[0][at] - w[^2].Data[channel]) / Math.Sqrt(w[^1].Data[channel] + s.Number("epsilon", 1e-3))) + beta;
                        })]);
                }

                foreach ((string axes, int last) in new[] { ("-1", 1), ("[2, 3]", 2), ("[3]", 1), ("[-1, -2, -3]", 3) })
                {
                    yield return new("LayerNormalization", $$"""{"axis": {{axes}}, "epsilon": 0.05, "center": {{(center ? "true" : "false")}}, "scale": {{(scale ? "true" : "false")}}}""", [[2, 3, 4]],
                        s => Affine(s, [.. new[] { 2, 3, 4 }[(3 - (s.Has("axis") ? last : 1))..]]),
                        (s, x, w) =>
                        {
                            int size = new[] { 0, 4, 12, 24 }[s.Has("axis") ? last : 1];
                            return [new Nd([2, 3, 4], [.. x[0].Data.Select((value, i) =>
                            {
                                double[] group = x[0].Data[(i / size * size)..((i / size * size) + size)];
                                double mean = group.Average();
                                double variance = group.Select(other => (other - mean) * (other - mean)).Average();
                                (double gamma, double beta) = Parts(s, w, i % size);
                                return (gamma * (value - mean) / Math.Sqrt(variance + s.Number("epsilon", 1e-3))) + beta;
                            })])];
                        });
                }
            }
        }

        foreach (string invert in new[] { "true", "false" })
        {
            Nd Normal(Settings s, Nd x, double[] mean, double[] variance, int[]? channels) => Nd.Make(x.Shape, at =>
            {
                int channel = mean.Length == 1 ? 0 : channels is null ? at[^1] : channels.Aggregate(0, (index, axis) => (index * x.Shape[axis]) + at[axis]);
                double deviation = Math.Max(Math.Sqrt(variance[channel]), 1e-7);
                return s.Flag("invert", false) ? (x[at] * deviation) + mean[channel] : (x[at] - mean[channel]) / deviation;
            });
            yield return new("Normalization", $$"""{"axis": [-1], "mean": [0.5, -1.5, 2.0], "variance": [4.0, 0.25, 0.0625], "invert": {{invert}}}""", [[2, 3]], None,
                (s, x, _) => [Normal(s, x[0], s.Doubles("mean")!, s.Doubles("variance")!, null)], ["mean", "variance"]);
            yield return new("Normalization", $$"""{"axis": [1], "invert": {{invert}}}""", [[2, 3]], _ => [new("", [2]), new("", [2], true)], (s, x, w) => [Normal(s, x[0], w[0].Data, w[1].Data, [0])], ["axis"]);
            yield return new("Normalization", $$"""{"axis": [1, 2], "invert": {{invert}}}""", [[2, 3, 2]], _ => [new("", [2, 3, 1]), new("", [2, 3, 1], true)], (s, x, w) => [Normal(s, x[0], w[0].Data, w[1].Data, [0, 1])], ["axis"]);
            yield return new("Normalization", $$"""{"axis": null, "mean": 0.75, "variance": 2.25, "invert": {{invert}}}""", [[2, 3]], None, (s, x, _) => [Normal(s, x[0], s.Doubles("mean")!, s.Doubles("variance")!, null)], ["mean", "variance"]);
        }

        // A deviation below keras.config.epsilon() is that; what is given in part comes from the weights as a whole.
        yield return new("Normalization", """{"axis": [-1], "mean": [0.5, -1.5, 2.0], "variance": [1e-16, 0.0, 4.0]}""", [[2, 3]], None,
            (s, x, _) => [Nd.Make([2, 3], at => (x[0][at] - new[] { 0.5, -1.5, 2 }[at[1]]) / new[] { 1e-7, 1e-7, 2 }[at[1]])], ["mean", "variance"]);
        foreach (string part in new[] { "\"mean\": [9.0, 9.0]", "\"variance\": [9.0, 9.0]" })
        {
            yield return new("Normalization", $$"""{"axis": [1], {{part}}}""", [[2, 3]], _ => [new("", [2]), new("", [2], true)],
                (_, x, w) => [Nd.Make([2, 3], at => (x[0][at] - w[0].Data[at[0]]) / Math.Sqrt(w[1].Data[at[0]]))], ["axis"]);
        }

        yield return new("Rescaling", """{"scale": 0.25, "offset": [1.5, -1.0, 3.0]}""", [[2, 3]], None,
            (s, x, _) => [Nd.Make([2, 3], at => (x[0][at] * s.Number("scale", 1)) + (s.Doubles("offset")?[at[1]] ?? 0))]);
        yield return new("Rescaling", """{"scale": [0.25, 0.5, 2.0], "offset": 3.0}""", [[2, 3]], None,
            (s, x, _) => [Nd.Make([2, 3], at => (x[0][at] * (s.Doubles("scale")?[at[1]] ?? 1)) + s.Number("offset", 0))]);
        yield return new("Rescaling", """{"scale": 0.25, "offset": -1.5}""", [[2, 3]], None, (s, x, _) => [x[0].Map(value => (value * s.Number("scale", 1)) + s.Number("offset", 0))]);
        yield return new("Rescaling", """{"scale": [0.25, 0.5, 2.0], "offset": [1.5, -1.0, 3.0]}""", [[2, 3]], None,
            (s, x, _) => [Nd.Make([2, 3], at => (x[0][at] * (s.Doubles("scale")?[at[1]] ?? 1)) + (s.Doubles("offset")?[at[1]] ?? 0))]);
    }

    private static Weight[] Affine(Settings s, int[] shape) =>
        [.. s.Flag("scale", true) ? [new Weight("", shape)] : Array.Empty<Weight>(), .. s.Flag("center", true) ? [new Weight("", shape)] : Array.Empty<Weight>()];

    private static (double Gamma, double Beta) Parts(Settings s, Nd[] w, int channel) =>
        (s.Flag("scale", true) ? w[0].Data[channel] : 1, s.Flag("center", true) ? w[s.Flag("scale", true) ? 1 : 0].Data[channel] : 0);

    private static IEnumerable<KerasCase> Sequences()
    {
        Weight[] Cell(string kind, Settings s, string path)
        {
            int gates = kind == "LSTM" ? 4 : kind == "GRU" ? 3 : 1;
            Weight bias = new(path, kind == "GRU" && s.Flag("reset_after", false) ? [2, gates * 3] : [gates * 3]);
            return [new(path, [2, gates * 3]), new(path, [3, gates * 3]), .. s.Flag("use_bias", true) ? [bias] : Array.Empty<Weight>()];
        }

        // Those with a slope have it inside the cell too.
        foreach (string name in new[] { "leaky_relu", "elu", "selu", "relu6", "silu", "softplus", "linear" })
        {
            yield return new("SimpleRNN", $$"""{"units": 3, "activation": "{{name}}", "return_sequences": true}""", [[4, 2]], s => Cell("SimpleRNN", s, "cell"), (s, x, w) => Recurrent.Run("SimpleRNN", s, x[0], w));
        }

        foreach (string kind in new[] { "SimpleRNN", "GRU", "LSTM" })
        {
            foreach (string settings in new[]
            {
                """{"units": 3, "activation": "softsign", "recurrent_activation": "hard_sigmoid", "use_bias": false, "return_sequences": true, "return_state": false, "go_backwards": true, "reset_after": true}""",
                """{"units": 3, "activation": "relu", "recurrent_activation": "tanh", "use_bias": true, "return_sequences": false, "return_state": true, "go_backwards": false, "reset_after": false}""",
                """{"units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "return_sequences": true, "return_state": true, "go_backwards": true, "reset_after": true}""",
                """{"units": 3, "activation": null, "recurrent_activation": "sigmoid", "unit_forget_bias": true, "dropout": 0.5, "stateful": false}""",
                """{"units": 3, "go_backwards": true}""",
            })
            {
                yield return new(kind, settings, [[4, 2]], s => Cell(kind, s, "cell"), (s, x, w) => Recurrent.Run(kind, s, x[0], w));
                foreach (string mode in new[] { "\"concat\"", "\"sum\"", "\"mul\"", "\"ave\"", "null" })
                {
                    yield return new("Bidirectional", $$"""{"layer": {"class_name": "{{kind}}", "config": {{settings}}}, "merge_mode": {{mode}}}""", [[4, 2]],
                        s => [.. Cell(kind, s.Inner("layer"), "forward_layer/cell"), .. Cell(kind, s.Inner("layer"), "backward_layer/cell")], (s, x, w) => Both(s, x, w), ["layer"]);
                }
            }

            int states = kind == "LSTM" ? 2 : 1;
            yield return new(kind, """{"units": 3, "return_sequences": true}""", [[4, 2], .. Enumerable.Repeat<int[]>([3], states)], s => Cell(kind, s, "cell"), (s, x, w) => Recurrent.Run(kind, s, x[0], w, x[1..]));
        }

        string own = """{"class_name": "GRU", "config": {"units": 3, "activation": "relu", "go_backwards": true, "return_sequences": true}}""";
        yield return new("Bidirectional", $$$"""{"layer": {"class_name": "GRU", "config": {"units": 3, "return_sequences": true}}, "backward_layer": {{{own}}} }""", [[4, 2]],
            s => [.. Cell("GRU", s.Inner("layer"), "forward_layer/cell"), .. Cell("GRU", s.Inner("layer"), "backward_layer/cell")], (s, x, w) => Both(s, x, w), ["layer"]);
    }

    private static Nd[] Both(Settings s, Nd[] x, Nd[] w) => Recurrent.Bidirectional(s, x[0], w);
}
