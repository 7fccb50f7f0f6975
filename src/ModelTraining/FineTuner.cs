using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Trains a model with everything rounded as <see cref="Quantizer"/> rounds it in int8: features by an offset and a scale
/// each, weights by a scale for each unit, activations by the ranges that the training rows show. Biases are int32 in the
/// file and stay exact here.
/// </summary>
internal sealed class FineTuner
{
    private const double WeightLimit = 127;

    private readonly TrainedModel model;
    private readonly Network network;
    private readonly double[][] exactRows;
    private readonly double[][] rows;
    private readonly double[] featureScales;

    internal FineTuner(TrainedModel model)
    {
        this.model = model;
        LayerLayout[] layers = model.Network.Layers;
        network = new Network(layers[0].Inputs, [.. layers[..^1].Select(layer => layer.Outputs)], layers[0].Activation, layers[^1].Outputs);
        exactRows = [.. model.Table.Rows.Select(row => model.Encoding.Apply(row))];
        bool isPlain = model.Encoding.IsPlain;
        float[][] raw = isPlain ? [.. model.Table.Rows] : [.. exactRows.Select(row => Array.ConvertAll(row, value => (float)value))];
        var statistics = new ValueStatistics(layers[0].Inputs);
        foreach (int row in model.TrainingIndices.Order())
        {
            statistics.AddExtremes(raw[row]);
        }

        // Rounding comes before a standardisation, which is folded into the first layer, and after any other encoding.
        var features = FeatureScales.From(statistics, Precision.Int8);
        rows = [.. raw.Select(row => Rounded(row, features)).Select(row => isPlain ? model.Encoding.Apply(row) : Array.ConvertAll(row, value => (double)value))];
        featureScales = [.. features.Scales.Select((scale, i) => model.Encoding.Standardisation is { } plain ? scale / plain.Deviations[i] : scale)];
    }

    internal TrainedModel Run(FineTuningOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        double[] parameters = [.. model.Parameters];
        var rounded = new double[parameters.Length];
        var loop = new TrainingLoop(network, rows, model.Table.Labels, model.TrainingIndices, model.ValidationIndices)
        {
            Optimizer = new Adam(options.LearningRate, parameters.Length),
            Step = options.LearningRate,
            BatchSize = options.BatchSize,
            Epochs = options.Epochs,
            L2 = options.L2,
            Patience = options.Patience,
            Round = exact => RoundWeights(exact, rounded),
            BeforeEpoch = Calibrate,
            MayKeepFirst = true,
        };
        loop.Run(parameters, new Xoshiro256(options.Seed), progress, cancellation);
        network.Quantizers = null;
        return new TrainedModel(model.Table, network, parameters, model.Encoding, loop.History, loop.BestEpoch, model.TrainingIndices, model.ValidationIndices);
    }

    /// <summary>The probabilities that the int8 model of these parameters should give, for tests.</summary>
    internal double[] RoundedProbabilities(int row)
    {
        double[] rounded = RoundWeights(model.Parameters, new double[model.Parameters.Length]);
        if (network.Quantizers is null)
        {
            Calibrate(model.Parameters);
        }

        return CrossEntropy.Probabilities(network.Logits(rounded, rows[row]));
    }

    private static float[] Rounded(float[] row, FeatureScales features)
    {
        var rounded = new float[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            double steps = Math.Round(((double)row[i] - features.Offsets[i]) / features.Scales[i], MidpointRounding.AwayFromZero);
            rounded[i] = (float)((Math.Clamp(steps, -128, 127) * features.Scales[i]) + features.Offsets[i]);
        }

        return rounded;
    }

    // The int8 weight of a feature is its weight times the feature's step; the largest of a unit is 127.
    private double[] RoundWeights(double[] exact, double[] rounded)
    {
        exact.CopyTo(rounded, 0);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            LayerLayout layer = network.Layers[i];
            for (int unit = 0; unit < layer.Outputs; unit++)
            {
                double largest = 0;
                for (int j = 0; j < layer.Inputs; j++)
                {
                    largest = Math.Max(largest, Math.Abs(exact[At(j, unit)] * Factor(j)));
                }

                double scale = largest > 0 ? largest / WeightLimit : 1;
                for (int j = 0; j < layer.Inputs; j++)
                {
                    double steps = Math.Round(exact[At(j, unit)] * Factor(j) / scale, MidpointRounding.AwayFromZero);
                    rounded[At(j, unit)] = steps * scale / Factor(j);
                }
            }

            int At(int input, int unit) => layer.Weights + (input * layer.Outputs) + unit;

            double Factor(int input) => i == 0 ? featureScales[input] : 1;
        }

        return rounded;
    }

    // Ranges of the exact model on the training rows, as the quantizer will see them: a scale that is off by a hundredth
    // already rounds large values elsewhere.
    private void Calibrate(double[] parameters)
    {
        network.Quantizers = null;
        int layers = network.Layers.Length;
        var before = new ValueRange[layers];
        var after = new ValueRange[layers];
        foreach (int row in model.TrainingIndices)
        {
            network.Logits(parameters, exactRows[row]);
            for (int i = 0; i < layers; i++)
            {
                before[i] = Widen(before[i], network.PreActivations[i]);
                after[i] = Widen(after[i], network.Activations[i]);
            }
        }

        network.Quantizers = [.. network.Layers.Select((layer, i) => QuantizerOf(layer, i == layers - 1, before[i], after[i]))];
    }

    // From 0 on, which every int8 range holds.
    private static ValueRange Widen(ValueRange range, double[] values) =>
        new(Math.Min(range.Low, (float)values.Min()), Math.Max(range.High, (float)values.Max()));

    private static LayerQuantizer QuantizerOf(LayerLayout layer, bool isLast, ValueRange before, ValueRange after)
    {
        if (isLast && layer.Outputs == 1)
        {
            Quantization output = ActivationRange.Known(ActivationKind.Sigmoid, Precision.Int16)!;
            return Table(layer.Outputs, ActivationKind.Sigmoid, before, output, roundOutput: false);
        }

        if (ActivationFunctions.Get(layer.Activation).Clamp is not null)
        {
            return new LayerQuantizer(layer.Outputs, null, new FakeQuantizer(after.ToInt8()));
        }

        return layer.Activation == ActivationKind.PReLU
            ? new LayerQuantizer(layer.Outputs, new FakeQuantizer(before.ToInt8()), new FakeQuantizer(after.ToInt8()))
            : Table(layer.Outputs, layer.Activation, before, ActivationRange.Known(layer.Activation, Precision.Int8) ?? after.ToInt8(), roundOutput: true);
    }

    private static LayerQuantizer Table(int units, ActivationKind kind, ValueRange before, Quantization output, bool roundOutput)
    {
        ValueRange input = ActivationRange.Input(UnaryFunction.Of(kind), before, output.Scale);
        return new LayerQuantizer(units, new FakeQuantizer(input.ToInt8()), roundOutput ? new FakeQuantizer(output) : null);
    }
}
