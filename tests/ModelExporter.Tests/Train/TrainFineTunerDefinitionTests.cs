using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>The rounded network of fine-tuning against plain loops: what int8 does to features, weights and activations, and the gradient through it.</summary>
public sealed class TrainFineTunerDefinitionTests
{
    private const int Features = 3;

    private const int Hidden = 5;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in new[] { "Linear", "ReLU", "ReLU6", "PReLU", "LeakyReLU", "Tanh", "Sigmoid", "HardSigmoid", "Softsign", "SiLU", "ELU" })
            {
                cases.Add(name, 2);
                cases.Add(name, 3);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Features_weights_and_activations_are_rounded_as_int8_rounds_them(string activation, int classes)
    {
        TrainedModel model = Model(ActivationFunctions.Find(activation)!.Kind, classes);
        var tuner = new FineTuner(model);
        Func<float[], double[]> expected = Reference(model);
        for (int row = 0; row < model.Table.Rows.Count; row++)
        {
            double[] probabilities = tuner.RoundedProbabilities(row);
            Assert.All(expected(model.Table.Rows[row]).Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        }
    }

    // A constant feature is silenced, so that every weight of the first layer is 0 and has no largest one.
    [Theory]
    [InlineData()]
    [InlineData(3)]
    public void A_unit_without_a_weight_above_0_stays_a_number(params int[] hidden)
    {
        var table = new LabelledTable(["constant"], [[2f], [2f], [2f], [2f]], [0, 0, 0, 1], ["no", "yes"]);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { HiddenSizes = hidden, ValidationFraction = 0, Epochs = 400, LearningRate = 0.05, L2 = 0, BatchSize = 4 });
        TrainedModel tuned = Trainer.FineTune(model, new FineTuningOptions { Epochs = 3, BatchSize = 4 });
        Assert.All(tuned.Parameters, parameter => Assert.True(double.IsFinite(parameter)));

        // One row of four is of the class, and nothing tells which.
        Assert.Equal(0.25, tuned.Probabilities([2f])[1], 0.02);
        Assert.Equal(0.25, new FineTuner(model).RoundedProbabilities(0)[1], 0.02);
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("PReLU")]
    public void A_gradient_passes_straight_through_rounding_in_every_layer_but_not_where_it_clips(string activation)
    {
        ActivationKind kind = ActivationFunctions.Find(activation)!.Kind;
        bool isPReLU = kind == ActivationKind.PReLU;
        var random = new Random(6);
        var network = new Network(Features, [Hidden], kind, 3);
        double[] p = [.. Enumerable.Range(0, network.ParameterCount).Select(_ => (2.4 * random.NextDouble()) - 1.2)];
        double[][] rows = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, Features).Select(_ => (2 * random.NextDouble()) - 1).ToArray())];
        int[] labels = [.. Enumerable.Range(0, rows.Length).Select(i => i % 3)];
        (double Scale, int Zero)[] own = [(0.01, 10), (0.006, -20), (0.012, 5)];
        FakeQuantizer[] quantizers = [.. own.Select(q => new FakeQuantizer(new Quantization((float)q.Scale, q.Zero)))];
        network.Quantizers = [new LayerQuantizer(Hidden, quantizers[0], quantizers[1]), new LayerQuantizer(3, null, quantizers[2])];
        var actual = new double[p.Length];
        double loss = network.Gradient(p, rows, labels, [.. Enumerable.Range(0, rows.Length)], 0, actual);

        (LayerLayout first, LayerLayout last) = (network.Layers[0], network.Layers[1]);
        var expected = new double[p.Length];
        double expectedLoss = 0;
        int[] clipped = new int[3];
        for (int row = 0; row < rows.Length; row++)
        {
            var z = new double[Hidden];
            var a = new double[Hidden];
            var passes = new bool[Hidden];
            for (int u = 0; u < Hidden; u++)
            {
                double exact = p[first.Bias + u] + Enumerable.Range(0, Features).Sum(i => rows[row][i] * p[first.Weights + (i * Hidden) + u]);
                z[u] = Rounded(exact, 0, out bool before);
                a[u] = Rounded(isPReLU ? z[u] < 0 ? z[u] * p[first.Slopes + u] : z[u] : Math.Tanh(z[u]), 1, out bool after);
                passes[u] = before && after;
                clipped[0] += before ? 0 : 1;
                clipped[1] += after ? 0 : 1;
            }

            var logits = new double[3];
            var passesLast = new bool[3];
            for (int k = 0; k < 3; k++)
            {
                logits[k] = Rounded(p[last.Bias + k] + Enumerable.Range(0, Hidden).Sum(u => a[u] * p[last.Weights + (u * 3) + k]), 2, out passesLast[k]);
                clipped[2] += passesLast[k] ? 0 : 1;
            }

            double sum = logits.Sum(Math.Exp);
            expectedLoss -= Math.Log(Math.Exp(logits[labels[row]]) / sum) / rows.Length;
            double[] delta = [.. logits.Select((logit, k) => passesLast[k] ? ((Math.Exp(logit) / sum) - (k == labels[row] ? 1 : 0)) / rows.Length : 0)];
            for (int k = 0; k < 3; k++)
            {
                expected[last.Bias + k] += delta[k];
                for (int u = 0; u < Hidden; u++)
                {
                    expected[last.Weights + (u * 3) + k] += a[u] * delta[k];
                }
            }

            for (int u = 0; u < Hidden; u++)
            {
                double back = passes[u] ? Enumerable.Range(0, 3).Sum(k => delta[k] * p[last.Weights + (u * 3) + k]) : 0;
                double inner = back * (isPReLU ? z[u] < 0 ? p[first.Slopes + u] : 1 : 1 - (Math.Tanh(z[u]) * Math.Tanh(z[u])));
                expected[first.Bias + u] += inner;
                if (isPReLU && z[u] < 0)
                {
                    expected[first.Slopes + u] += back * z[u];
                }

                for (int i = 0; i < Features; i++)
                {
                    expected[first.Weights + (i * Hidden) + u] += inner * rows[row][i];
                }
            }
        }

        // Else nothing would be seen of what clips.
        Assert.All(clipped, count => Assert.InRange(count, 1, 30));
        Assert.Equal(expectedLoss, loss, 1e-12);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

        double Rounded(double x, int which, out bool holds)
        {
            double scale = (float)own[which].Scale;
            double q = (x / scale) + own[which].Zero;
            holds = q is >= -128.5 and <= 127.5;
            return Math.Clamp(Math.Round(x / scale, MidpointRounding.AwayFromZero) + own[which].Zero, -128, 127) * scale - (own[which].Zero * scale);
        }
    }

    // Rows kept out lie outside the range of the others; the second feature is bounded at 0, where a third of the rows lie.
    private static TrainedModel Model(ActivationKind kind, int classes)
    {
        var random = new Random(21);
        const int Count = 48;
        float[][] rows = [.. Enumerable.Range(0, Count).Select(i =>
        {
            float wide = i % 4 == 3 ? 2.5f : 1f;
            return new[] { wide * ((20 * random.NextSingle()) - 4), i % 3 == 0 ? 0f : wide * random.NextSingle() * 0.01f, wide * ((2 * random.NextSingle()) - 1) };
        })];
        var table = new LabelledTable(["a", "b", "c"], rows, [.. Enumerable.Range(0, Count).Select(i => i % classes)], [.. Enumerable.Range(0, classes).Select(i => $"{i}")]);
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => i % 4 == 3)];
        int[] training = [.. Enumerable.Range(0, Count).Except(kept)];
        var network = new Network(Features, [Hidden], kind, classes == 2 ? 1 : classes);
        double[] parameters = [.. network.Initialize(new Xoshiro256(3)).Select(value => value + (0.3 * ((2 * random.NextDouble()) - 1)))];
        return new TrainedModel(table, network, parameters, EdgeInference.ModelTraining.Encoding.FeatureEncoding.Fit(table, training, EdgeInference.ModelTraining.Encoding.EncodingKind.Standard), [], 0, training, kept);
    }

    private static Func<float[], double[]> Reference(TrainedModel model)
    {
        (double Mean, double Deviation)[] moments = [.. Enumerable.Range(0, Features).Select(f =>
        {
            double[] values = [.. model.TrainingIndices.Select(i => (double)model.Table.Rows[i][f])];
            double mean = values.Average();
            return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        })];

        // A range half as wide again on each side, but not past a bound.
        (float Middle, float Step)[] inputs = [.. Enumerable.Range(0, Features).Select(f =>
        {
            double low = model.TrainingIndices.Min(i => model.Table.Rows[i][f]);
            double high = model.TrainingIndices.Max(i => model.Table.Rows[i][f]);
            double half = (high - low) / 2;
            low -= f == 1 ? 0 : half / 2;
            high += half / 2;
            return ((float)((low + high) / 2), (float)((high - low) / 2 / 127));
        })];
        double[] Standardised(float[] row) => [.. row.Select((value, f) => (value - moments[f].Mean) / moments[f].Deviation)];
        LayerLayout[] layers = model.Network.Layers;
        double[] exact = model.Parameters;
        double[] weights = [.. exact];
        for (int l = 0; l < 2; l++)
        {
            for (int unit = 0; unit < layers[l].Outputs; unit++)
            {
                int[] at = [.. Enumerable.Range(0, layers[l].Inputs).Select(j => layers[l].Weights + (j * layers[l].Outputs) + unit)];
                double[] factors = [.. Enumerable.Range(0, layers[l].Inputs).Select(j => l == 0 ? inputs[j].Step / moments[j].Deviation : 1)];
                double step = at.Select((place, j) => Math.Abs(exact[place] * factors[j])).Max() / 127;
                for (int j = 0; j < at.Length; j++)
                {
                    weights[at[j]] = Math.Round(exact[at[j]] * factors[j] / step, MidpointRounding.AwayFromZero) * step / factors[j];
                }
            }
        }

        double[] Product(double[] p, int l, double[] x) =>
            [.. Enumerable.Range(0, layers[l].Outputs).Select(unit => p[layers[l].Bias + unit] + x.Select((value, j) => value * p[layers[l].Weights + (j * layers[l].Outputs) + unit]).Sum())];
        double Activated(double z, int unit) => layers[0].Activation switch
        {
            ActivationKind.Linear => z,
            ActivationKind.ReLU => Math.Max(z, 0),
            ActivationKind.ReLU6 => Math.Clamp(z, 0, 6),
            ActivationKind.PReLU => z < 0 ? z * exact[layers[0].Slopes + unit] : z,
            ActivationKind.LeakyReLU => z < 0 ? z * 0.01f : z,
            ActivationKind.Tanh => Math.Tanh(z),
            ActivationKind.Sigmoid => Sigmoid(z),
            ActivationKind.HardSigmoid => Math.Clamp((z * (1f / 6)) + 0.5, 0, 1),
            ActivationKind.Softsign => z / (1 + Math.Abs(z)),
            ActivationKind.SiLU => z * Sigmoid(z),
            ActivationKind.ELU => z < 0 ? Math.Exp(z) - 1 : z,
            _ => throw new ArgumentOutOfRangeException(nameof(unit)),
        };
        double[][] before = [.. model.TrainingIndices.Select(i => Product(exact, 0, Standardised(model.Table.Rows[i])))];
        double[][] after = [.. before.Select(z => z.Select(Activated).ToArray())];
        double[][] logits = [.. after.Select(a => Product(exact, 1, a))];
        Func<double, double>? hiddenBefore = null;
        Func<double, double> hiddenAfter = Int8(Span(after));
        switch (layers[0].Activation)
        {
            case ActivationKind.Linear or ActivationKind.ReLU or ActivationKind.ReLU6:
                break;
            case ActivationKind.PReLU:
                hiddenBefore = Int8(Span(before));
                break;
            case ActivationKind.Tanh or ActivationKind.Softsign:
                hiddenBefore = Int8(Curved(z => Activated(z, 0), Span(before), 1.0 / 128));
                hiddenAfter = value => Math.Clamp(Math.Round(value * 128, MidpointRounding.AwayFromZero), -128, 127) / 128;
                break;
            case ActivationKind.Sigmoid or ActivationKind.HardSigmoid:
                hiddenBefore = Int8(Curved(z => Activated(z, 0), Span(before), 1.0 / 256));
                hiddenAfter = value => Math.Clamp(Math.Round(value * 256, MidpointRounding.AwayFromZero), 0, 255) / 256;
                break;
            default:
                hiddenBefore = Int8(Curved(z => Activated(z, 0), Span(before), Step(Span(after))));
                break;
        }

        // One logit is read by a table of the sigmoid, whose int16 output has steps of 2⁻¹⁵.
        bool isOne = layers[1].Outputs == 1;
        Func<double, double> end = Int8(isOne ? Curved(Sigmoid, Span(logits), 1.0 / 32768) : Span(logits));
        return row =>
        {
            float[] rounded = [.. row.Select((value, f) => (float)((Math.Clamp(Math.Round(((double)value - inputs[f].Middle) / inputs[f].Step, MidpointRounding.AwayFromZero), -128, 127) * inputs[f].Step) + inputs[f].Middle))];
            double[] z = Product(weights, 0, Standardised(rounded));
            double[] a = [.. (hiddenBefore is null ? z : z.Select(hiddenBefore)).Select(Activated).Select(hiddenAfter)];
            double[] last = [.. Product(weights, 1, a).Select(end)];
            double sum = last.Sum(Math.Exp);
            return isOne ? [1 - Sigmoid(last[0]), Sigmoid(last[0])] : [.. last.Select(logit => Math.Exp(logit) / sum)];
        };
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    // The range of all values, and of 0.
    private static (float Low, float High) Span(double[][] values) => ((float)Math.Min(0, values.Min(row => row.Min())), (float)Math.Max(0, values.Max(row => row.Max())));

    private static float Step((float Low, float High) range) => (float)(((double)range.High - range.Low) / 255);

    private static Func<double, double> Int8((float Low, float High) range)
    {
        double step = Step(range);
        double zero = Math.Clamp(Math.Round(-128 - (range.Low / step), MidpointRounding.AwayFromZero), -128, 127);
        return value => (Math.Clamp(Math.Round(value / step, MidpointRounding.AwayFromZero) + zero, -128, 127) - zero) * step;
    }

    // Each end is cut to the part, of 512, from which on the function moves by more than half an output step.
    private static (float Low, float High) Curved(Func<double, double> function, (float Low, float High) range, double outputStep)
    {
        double Cut(double end)
        {
            int part = 512;
            while (part > 0 && Math.Abs(function(end * (part - 1) / 512) - function(end)) <= outputStep / 2)
            {
                part--;
            }

            return end * part / 512;
        }

        return ((float)Cut(range.Low), (float)Cut(range.High));
    }
}
