using EdgeInference.ModelConverter.Adaptation;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Prepares a draft in fixed point to learn on a device: finds its last layer, measures its hidden vector, chooses labelled self-test rows.</summary>
internal static class AdaptStep
{
    // Wider than what a logit in steps of int8 makes of a probability.
    private const double MaxDifference = 0.1;

    /// <summary>A draft whose file has record 14.</summary>
    /// <param name="draft">The draft, quantized and tuned.</param>
    /// <param name="options">What it is to learn.</param>
    /// <param name="rows">Labelled rows in the model's order of features and classes, such as those that it was trained on.</param>
    /// <exception cref="InputException">An option is out of range, or the model cannot learn.</exception>
    internal static ModelDraft Run(ModelDraft draft, AdaptableOptions options, LabelledTable rows)
    {
        AdaptableLimits.Check(options);
        LearningRecord record = Plain(draft.Graph, options);
        ModelDraft plain = draft.With(draft.Graph.Metadata with { Learning = record });
        CheckRows(rows, draft.Graph);
        HiddenVectors vectors = HiddenVectors.Of(plain.Graph, rows.Rows);
        if (vectors.Settings.Depth > AdaptationRecord.MaxDepth)
        {
            throw new InputException($"The last layer reads {vectors.Settings.Depth} values; a model that learns on a device may have {AdaptationRecord.MaxDepth}.");
        }

        CheckSame(vectors);
        return draft.With(draft.Graph.Metadata with { Learning = Limits(record, options, vectors, rows) });
    }

    /// <summary>Refuses what <see cref="Run"/> refuses of a model before it looks at rows.</summary>
    /// <exception cref="InputException">An option is out of range, or the model cannot learn.</exception>
    internal static void Check(ModelDraft draft, AdaptableOptions options)
    {
        AdaptableLimits.Check(options);
        _ = Plain(draft.Graph, options);
    }

    // The record that keeps the hidden vector, without limits that need its values.
    private static LearningRecord Plain(Graph graph, AdaptableOptions options)
    {
        if (LastLayer.Of(graph, out bool isSoftmax) is not { } layer)
        {
            throw new InputException("The model does not end in a Dense layer with a sigmoid or a softmax, so it cannot learn on a device; leave out --adaptable.");
        }

        if (layer.Input(0).Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw new InputException("A model that learns on a device needs int8 or int16, whose bits are the same on every engine; choose --precision int8 or int16.");
        }

        if (graph.Metadata.OutputRoles is not [OutputRole.Probability])
        {
            throw new InputException("A model that learns on a device needs one output of probabilities; export it with --head logits or --head probability.");
        }

        if (graph.Nodes.Any(node => node.Outputs.Any(output => output.IsState)))
        {
            throw new InputException("A model that keeps a state cannot learn on a device; export it without --stream.");
        }

        float weight = layer.Input(1).Quantization?.Scale ?? throw new InputException("The last layer's weights have no scale, so the model cannot learn on a device.");
        int multiplier = ((int[])layer.Input(3).Data!)[0];
        int shift = ((sbyte[])layer.Input(4).Data!)[0];
        double step = (double)layer.Input(0).Quantization!.Scale * weight / (multiplier * Math.Pow(2, shift - 31));
        return new LearningRecord
        {
            Heads = HeadSettings.LastLayer,
            Link = isSoftmax ? DecisionHead.Softmax : DecisionHead.Sigmoid,
            LogitStep = (float)step,
            FractionBits = 16,
        };
    }

    private static void CheckRows(LabelledTable rows, Graph graph)
    {
        int classes = Math.Max(2, graph.Outputs[0].Elements);
        int length = graph.Inputs.Sum(input => input.Elements);
        if (rows.Rows.Count == 0 || rows.Labels.Length != rows.Rows.Count || rows.Rows.Any(row => row.Length != length))
        {
            throw new InputException($"A model that is to learn needs rows of {length} values and a label for each; give one row or more.");
        }

        if (rows.Labels.Any(label => label < 0 || label >= classes))
        {
            throw new InputException($"The model has {classes} classes; give labels 0 to {classes - 1}.");
        }
    }

    // Before it has learned, the head gives what the model gives.
    private static void CheckSame(HiddenVectors vectors)
    {
        var head = new DenseHead(vectors.Settings);
        for (int i = 0; i < vectors.Vectors.Count; i++)
        {
            head.Run(vectors.Vectors[i], 0);
            for (int unit = 0; unit < head.Shares.Length; unit++)
            {
                if (Math.Abs((head.Shares[unit] / (double)LogitShares.One) - vectors.Outputs[i][unit]) > MaxDifference)
                {
                    throw new InputException("What follows the model's last layer is not a sigmoid or a softmax of its units, so it cannot learn on a device; leave out --adaptable.");
                }
            }
        }
    }

    private static LearningRecord Limits(LearningRecord record, AdaptableOptions options, HiddenVectors vectors, LabelledTable rows)
    {
        HeadSettings settings = vectors.Settings;
        double squares = Math.Max(1, vectors.Vectors.Average(vector => vector.Sum(x => (double)x * x)));
        int biasShift = (int)Math.Clamp(Math.Round(Math.Log2(Math.Sqrt(squares / settings.Depth))), 0, 14);
        double bias = Math.Pow(2, biasShift);
        int heads = (options.LastLayer ? HeadSettings.LastLayer : 0) | (options.AddedClasses > 0 ? HeadSettings.AddsClasses : 0)
            | (options.Anomalies ? HeadSettings.FindsAnomalies : 0) | (options is { LastLayer: true, Anchored: true } ? HeadSettings.Anchored : 0);
        (int[] test, int[] classes) = SelfTestRows(rows, settings.Classes, options.SelfTestSamples);
        int majority = (options.Neighbours + 1) / 2;
        if (options is { AddedClasses: > 0, Neighbours: > 0 } && Enumerable.Range(0, settings.Classes).Any(label => classes.Count(own => own == label) < majority))
        {
            throw new InputException($"With {options.Neighbours} neighbours each class needs {majority} self-test rows, so that it can be voted for; give {majority * settings.Classes} or more, and a row of each class.");
        }

        record = record with
        {
            Heads = heads,
            Passes = options.Passes,
            BiasShift = biasShift,
            Capacity = options.StoredSamples,
            AddedClasses = options.AddedClasses,
            Neighbours = options.AddedClasses > 0 ? options.Neighbours : 0,
            Quantile = (int)Math.Clamp(Math.Round(options.AnomalyQuantile * LogitShares.One), 1, short.MaxValue),
            WarmUp = options.WarmUp,
            LogitLimit = (int)Math.Clamp(Math.Round(options.MaxLogitChange * (1 << DenseHead.LogitLimitBits)), 1, ushort.MaxValue),
            SelfTestRows = [.. test.Select(row => rows.Rows[row])],
            SelfTestClasses = classes,
            Means = (heads & HeadSettings.AddsClasses) != 0 ? Means(vectors, rows.Labels) : [],
        };

        // As many fraction bits as the rate and the factory's logits leave.
        for (int bits = 30; ; bits--)
        {
            double rate = options.LearningRate * Math.Pow(2, bits - 15) / (squares + (bias * bias));
            int shift = (int)Math.Floor(Math.Log2(short.MaxValue / rate));
            double limit = Math.Floor(options.MaxLogitChange * Math.Pow(2, bits) / bias);
            bool fits = shift >= 1 && limit <= 1 << 30 && settings.Shifts.All(have => have - (bits - settings.FractionBits) >= 0);
            if (fits || bits == 16)
            {
                return record with
                {
                    FractionBits = bits,
                    RateShift = Math.Clamp(shift, 1, AdaptationRecord.MaxRateShift),
                    Rate = (int)Math.Clamp(Math.Round(rate * Math.Pow(2, Math.Clamp(shift, 1, AdaptationRecord.MaxRateShift))), 1, short.MaxValue),
                    WeightLimit = (int)Math.Clamp(limit, 1, 1 << 30),
                };
            }
        }
    }

    // Of each class as many, spread over its rows.
    private static (int[] Rows, int[] Classes) SelfTestRows(LabelledTable rows, int classes, int count)
    {
        var chosen = new List<int>();
        for (int label = 0; label < classes; label++)
        {
            int[] own = [.. Enumerable.Range(0, rows.Labels.Length).Where(row => rows.Labels[row] == label)];
            int share = Math.Min(own.Length, ((count * (label + 1)) / classes) - ((count * label) / classes));
            chosen.AddRange(Enumerable.Range(0, share).Select(i => own[(int)((long)i * own.Length / share)]));
        }

        return ([.. chosen], [.. chosen.Select(row => rows.Labels[row])]);
    }

    private static byte[] Means(HiddenVectors vectors, int[] labels)
    {
        HeadSettings settings = vectors.Settings;
        using var stream = new MemoryStream();
        for (int label = 0; label < settings.Classes; label++)
        {
            short[][] own = [.. vectors.Vectors.Where((_, row) => labels[row] == label)];
            if (own.Length == 0)
            {
                throw new InputException($"No row is of class {label}; a model that learns on a device needs a labelled row of each.");
            }

            for (int i = 0; i < settings.Depth; i++)
            {
                int mean = (int)Math.Round(own.Average(vector => (double)vector[i]), MidpointRounding.AwayFromZero) + settings.ZeroPoint;
                stream.WriteByte((byte)mean);
                if (settings.IsWide)
                {
                    stream.WriteByte((byte)(mean >> 8));
                }
            }
        }

        return stream.ToArray();
    }
}
