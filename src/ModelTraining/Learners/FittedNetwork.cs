using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>A network over encoded features. One thread at a time may use it.</summary>
internal sealed class FittedNetwork(LabelledTable table, FeatureEncoding encoding, Network network, double[] parameters) : IFittedClassifier
{
    /// <inheritdoc/>
    public int ParameterCount => parameters.Length;

    /// <inheritdoc/>
    public void Probabilities(ReadOnlySpan<float> row, Span<double> probabilities)
    {
        double[] all = CrossEntropy.Probabilities(network.Logits(parameters, encoding.Apply(row)));
        all.CopyTo(probabilities);
    }

    /// <inheritdoc/>
    public Graph ToGraph() => new NetworkGraph(table, encoding, network.Layers, parameters).Build();
}
