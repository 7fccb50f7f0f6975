using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelTraining;

/// <summary>A trained multilayer perceptron with its standardisation.</summary>
internal sealed class TrainedModel
{
    internal TrainedModel(LabelledTable table, Network network, double[] parameters, Standardisation standardisation, IReadOnlyList<TrainingProgress> history, int bestEpoch, int[] training, int[] validation)
    {
        Table = table;
        Network = network;
        Parameters = parameters;
        Standardisation = standardisation;
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
        CrossEntropy.Probabilities(Network.Logits(Parameters, Standardisation.Apply(row)));

    /// <summary>
    /// The model as a float32 graph on raw features: the standardisation is folded into the first layer in double
    /// precision, but for the subtraction of the means where a fold would lose more than 1e-5, as for an air pressure of
    /// 101325 ± 1 Pa. Input "input" [1, features]; output "output": [1, 1], the probability of class 1, for two classes, else
    /// [1, classes].
    /// </summary>
    public Graph ToGraph()
    {
        var graph = new Graph
        {
            Metadata = new GraphMetadata { Labels = Table.Classes, InputNames = Table.Names, InputCategories = Table.Categories, OutputRoles = [EdgeInference.ModelFormat.OutputRole.Probability] },
        };
        var input = new Value("input", TensorType.Float32, 1, Network.Layers[0].Inputs);
        graph.Inputs.Add(input);
        double[] scale = Array.ConvertAll(Standardisation.Deviations, deviation => 1 / deviation);
        double[] shift = [.. Standardisation.Means.Zip(scale, (mean, factor) => -mean * factor)];
        Value value = input;
        if (StandardisationFold.Centre(FirstWeights(), Network.Layers[0].Outputs, (_, i) => i, scale, shift) is { } centre)
        {
            value = new Value("centred", TensorType.Float32, input.Shape);
            graph.Nodes.Add(new Node(Opcode.Sub, "centre", [input, Value.Constant("means", centre, centre.Length)], value));
        }
        else
        {
            centre = new float[scale.Length];
        }

        for (int i = 0; i < Network.Layers.Length; i++)
        {
            bool last = i == Network.Layers.Length - 1;
            value = AddLayer(graph, value, centre, i, last && Network.Layers[i].Outputs == 1 ? ActivationKind.Sigmoid : Network.Layers[i].Activation);
        }

        if (Network.Layers[^1].Outputs > 1)
        {
            var probabilities = new Value("output", TensorType.Float32, value.Shape);
            graph.Nodes.Add(new Node(Opcode.Softmax, "softmax", [value], probabilities).With(SoftmaxRule.Beta, 1f));
            value = probabilities;
        }

        value.Name = "output";
        graph.Outputs.Add(value);
        return graph;
    }

    /// <summary>All rows that were given to the trainer.</summary>
    internal LabelledTable Table { get; }

    /// <summary>The network; shared, so that one thread at a time may use a model.</summary>
    internal Network Network { get; }

    /// <summary>Its parameters, for standardised features.</summary>
    internal double[] Parameters { get; }

    /// <summary>The standardisation of features.</summary>
    internal Standardisation Standardisation { get; }

    /// <summary>Indices of the rows that weights were fitted to.</summary>
    internal int[] TrainingIndices { get; }

    /// <summary>Indices of the rows that were kept out.</summary>
    internal int[] ValidationIndices { get; }

    private LabelledTable Part(int[] indices)
    {
        int[] sorted = [.. indices.Order()];
        return Table with { Rows = [.. sorted.Select(i => Table.Rows[i])], Labels = [.. sorted.Select(i => Table.Labels[i])] };
    }

    private Value AddLayer(Graph graph, Value input, float[] centre, int index, ActivationKind activation)
    {
        LayerLayout layer = Network.Layers[index];
        string name = $"dense{index + 1}";
        (float[] weights, float[] bias) = Folded(index, centre);
        var output = new Value(name + ".output", TensorType.Float32, 1, layer.Outputs);
        bool prelu = activation == ActivationKind.PReLU;
        graph.Nodes.Add(new Node(
            Opcode.Dense,
            name,
            [input, Value.Constant(name + ".weights", weights, layer.Outputs, layer.Inputs), Value.Constant(name + ".bias", bias, layer.Outputs)],
            output).WithActivation(DenseRule.Activation, prelu ? ActivationKind.Linear : activation));
        if (!prelu)
        {
            return output;
        }

        float[] slopes = [.. Parameters.AsSpan(layer.Slopes, layer.Outputs).ToArray().Select(slope => (float)slope)];
        var activated = new Value(name + ".activated", TensorType.Float32, 1, layer.Outputs);
        graph.Nodes.Add(new Node(Opcode.Activation, name + ".prelu", [output, Value.Constant(name + ".slopes", slopes, layer.Outputs)], activated)
            .WithActivation(ActivationRule.Kind, activation));
        return activated;
    }

    // [units, features], as StandardisationFold reads them.
    private double[] FirstWeights()
    {
        LayerLayout layer = Network.Layers[0];
        var weights = new double[layer.WeightCount];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Parameters[layer.Weights + (i % layer.Inputs * layer.Outputs) + (i / layer.Inputs)];
        }

        return weights;
    }

    // w·(x − m)/s + b = (w/s)·(x − c) + (b − Σ w·(m − c)/s), c being what is subtracted before; a file's weights are [output, input].
    private (float[] Weights, float[] Bias) Folded(int index, float[] centre)
    {
        LayerLayout layer = Network.Layers[index];
        var weights = new float[layer.WeightCount];
        var bias = new float[layer.Outputs];
        for (int unit = 0; unit < layer.Outputs; unit++)
        {
            double sum = Parameters[layer.Bias + unit];
            for (int i = 0; i < layer.Inputs; i++)
            {
                double weight = Parameters[layer.Weights + (i * layer.Outputs) + unit];
                if (index == 0)
                {
                    weight /= Standardisation.Deviations[i];
                    sum -= weight * (Standardisation.Means[i] - centre[i]);
                }

                weights[(unit * layer.Inputs) + i] = (float)weight;
            }

            bias[unit] = (float)sum;
        }

        return (weights, bias);
    }
}
