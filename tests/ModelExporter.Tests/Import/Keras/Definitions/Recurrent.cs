namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>Keras's recurrent layers, step by step.</summary>
internal static class Recurrent
{
    /// <summary>The output and the last states.</summary>
    /// <param name="kind">SimpleRNN, GRU or LSTM.</param>
    /// <param name="s">The settings.</param>
    /// <param name="x">[steps, features].</param>
    /// <param name="w">kernel, recurrent_kernel and bias.</param>
    /// <param name="states">The first states, or none.</param>
    internal static Nd[] Run(string kind, Settings s, Nd x, Nd[] w, params Nd[] states)
    {
        int units = w[1].Shape[0];
        int steps = x.Shape[0];
        double[] h = states.Length > 0 ? states[0].Data : new double[units];
        double[] c = states.Length > 1 ? states[1].Data : new double[units];
        var all = new Nd(steps, units);
        Func<double, double> f = Functions.Of(s.Text("activation", "tanh"), s.Version);
        Func<double, double> g = Functions.Of(s.Text("recurrent_activation", "sigmoid"), s.Version);
        for (int t = 0; t < steps; t++)
        {
            int step = s.Flag("go_backwards", false) ? steps - 1 - t : t;
            double[] row = [.. Enumerable.Range(0, x.Last).Select(i => x[step, i])];
            (h, c) = kind switch
            {
                "LSTM" => Lstm(s, row, h, c, w, units, f, g),
                "GRU" => (Gru(s, row, h, w, units, f, g), c),
                _ => ([.. Enumerable.Range(0, units).Select(u => f(Product(row, w[0], u) + Product(h, w[1], u) + Bias(s, w, u)))], c),
            };
            for (int u = 0; u < units; u++)
            {
                all[t, u] = h[u];
            }
        }

        Nd result = s.Flag("return_sequences", false) ? all : new Nd([units], h);
        Nd[] last = kind == "LSTM" ? [new Nd([units], h), new Nd([units], c)] : [new Nd([units], h)];
        return s.Flag("return_state", false) ? [result, .. last] : [result];
    }

    // The second direction runs backwards, and its sequence is turned round to be in the order of the input.
    internal static Nd[] Bidirectional(Settings s, Nd x, Nd[] w)
    {
        Settings forward = s.Inner("layer");
        string kind = s.Node("layer")!["class_name"]!.GetValue<string>();
        bool reversed = forward.Flag("go_backwards", false);
        Settings backward = s.Has("backward_layer") ? s.Inner("backward_layer") : forward.With("go_backwards", !reversed);
        Nd[] a = Run(kind, forward, x, w[..(w.Length / 2)]);
        Nd[] b = Run(kind, backward, x, w[(w.Length / 2)..]);
        (a[0], b[0]) = (Aligned(forward, a[0]), Aligned(backward, b[0]));
        Nd[] merged = s.Text("merge_mode", "concat") switch
        {
            "sum" => [Nd.Make(a[0].Shape, at => a[0][at] + b[0][at])],
            "mul" => [Nd.Make(a[0].Shape, at => a[0][at] * b[0][at])],
            "ave" => [Nd.Make(a[0].Shape, at => (a[0][at] + b[0][at]) / 2)],
            "concat" => [Nd.Make([.. a[0].Shape[..^1], 2 * a[0].Last], at => at[^1] < a[0].Last ? a[0][at] : b[0][[.. at[..^1], at[^1] - a[0].Last]])],
            _ => [a[0], b[0]],
        };
        return [.. merged, .. a[1..], .. b[1..]];
    }

    private static Nd Aligned(Settings s, Nd y) =>
        y.Shape.Length == 2 && s.Flag("go_backwards", false) ? Nd.Make(y.Shape, at => y[y.Shape[0] - 1 - at[0], at[1]]) : y;

    // Gates in the order input, forget, cell, output.
    private static (double[] H, double[] C) Lstm(Settings s, double[] x, double[] h, double[] c, Nd[] w, int units, Func<double, double> f, Func<double, double> g)
    {
        double Gate(int gate, int u) => Product(x, w[0], (gate * units) + u) + Product(h, w[1], (gate * units) + u) + Bias(s, w, (gate * units) + u);
        double[] cell = [.. Enumerable.Range(0, units).Select(u => (g(Gate(1, u)) * c[u]) + (g(Gate(0, u)) * f(Gate(2, u))))];
        return ([.. Enumerable.Range(0, units).Select(u => g(Gate(3, u)) * f(cell[u]))], cell);
    }

    // Gates in the order update, reset, candidate.
    private static double[] Gru(Settings s, double[] x, double[] h, Nd[] w, int units, Func<double, double> f, Func<double, double> g)
    {
        bool after = s.Flag("reset_after", false);
        bool biased = s.Flag("use_bias", true);
        double OfInput(int gate, int u) => Product(x, w[0], (gate * units) + u) + (!biased ? 0 : after ? w[2][0, (gate * units) + u] : w[2].Data[(gate * units) + u]);
        double OfState(double[] state, int gate, int u) => Product(state, w[1], (gate * units) + u) + (biased && after ? w[2][1, (gate * units) + u] : 0);
        double[] update = [.. Enumerable.Range(0, units).Select(u => g(OfInput(0, u) + OfState(h, 0, u)))];
        double[] reset = [.. Enumerable.Range(0, units).Select(u => g(OfInput(1, u) + OfState(h, 1, u)))];
        double[] gated = [.. h.Select((value, u) => value * reset[u])];
        return [.. Enumerable.Range(0, units).Select(u =>
        {
            double candidate = f(OfInput(2, u) + (after ? reset[u] * OfState(h, 2, u) : OfState(gated, 2, u)));
            return (update[u] * h[u]) + ((1 - update[u]) * candidate);
        })];
    }

    private static double Product(double[] row, Nd matrix, int column) => row.Select((value, i) => value * matrix[i, column]).Sum();

    private static double Bias(Settings s, Nd[] w, int i) => s.Flag("use_bias", true) ? w[2].Data[i] : 0;
}
