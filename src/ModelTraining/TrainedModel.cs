using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining;

/// <summary>A trained multilayer perceptron with its encoding of features.</summary>
internal sealed class TrainedModel
{
    internal TrainedModel(LabelledTable table, Network network, double[] parameters, FeatureEncoding encoding, IReadOnlyList<TrainingProgress> history, int bestEpoch, int[] training, int[] validation)
    {
        Table = table;
        Network = network;
        Parameters = parameters;
        Encoding = encoding;
        TrainingIndices = training;
        ValidationIndices = validation;
        History = history;
        BestEpoch = bestEpoch;
        TrainingRows = Part(training);
        ValidationRows = Part(validation);
    }

    /// <summary>What was reported of each epoch.</summary>
    public IReadOnlyList<TrainingProgress> History { get; }

    /// <summary>The epoch whose weights these are: that of the lowest validation loss, or the last where there were no validation rows.</summary>
    public int BestEpoch { get; }

    /// <summary>The rows that weights were fitted to, in the order of the table.</summary>
    public LabelledTable TrainingRows { get; }

    /// <summary>The rows that were kept out to decide when to stop, in the order of the table: for thresholds and calibrations. May be empty.</summary>
    public LabelledTable ValidationRows { get; }

    /// <summary>Number of trained parameters.</summary>
    public int ParameterCount => Parameters.Length;

    /// <summary>The probability of each class for a row of raw features, in double precision.</summary>
    public double[] Probabilities(ReadOnlySpan<float> row) =>
        CrossEntropy.Probabilities(Network.Logits(Parameters, Encoding.Apply(row)));

    /// <summary>The model as a float32 graph on raw features, as <see cref="NetworkGraph"/> says.</summary>
    public Graph ToGraph() => new NetworkGraph(Table, Encoding, Network.Layers, Parameters).Build();

    /// <summary>All rows that were given to the trainer.</summary>
    internal LabelledTable Table { get; }

    /// <summary>The network; shared, so that one thread at a time may use a model.</summary>
    internal Network Network { get; }

    /// <summary>Its parameters, for encoded features.</summary>
    internal double[] Parameters { get; }

    /// <summary>What the network reads instead of raw features.</summary>
    internal FeatureEncoding Encoding { get; }

    /// <summary>Indices of the rows that weights were fitted to.</summary>
    internal int[] TrainingIndices { get; }

    /// <summary>Indices of the rows that were kept out.</summary>
    internal int[] ValidationIndices { get; }

    private LabelledTable Part(int[] indices)
    {
        int[] sorted = [.. indices.Order()];
        return Table with { Rows = [.. sorted.Select(i => Table.Rows[i])], Labels = [.. sorted.Select(i => Table.Labels[i])] };
    }
}
