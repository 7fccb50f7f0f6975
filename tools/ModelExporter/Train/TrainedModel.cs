using ModelExporter.Data;
using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Train;

/// <summary>A trained multilayer perceptron with its standardisation.</summary>
public sealed class TrainedModel
{
    private readonly LabelledTable table;
    private readonly Network network;
    private readonly double[] parameters;
    private readonly Standardisation standardisation;

    internal TrainedModel(LabelledTable table, Network network, double[] parameters, Standardisation standardisation, IReadOnlyList<TrainingProgress> history, int bestEpoch, int[] training, int[] validation)
    {
        this.table = table;
        this.network = network;
        this.parameters = parameters;
        this.standardisation = standardisation;
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
    public int ParameterCount => parameters.Length;

    /// <summary>The probability of each class for a row of raw features, in double precision.</summary>
    public double[] Probabilities(ReadOnlySpan<float> row) =>
        CrossEntropy.Probabilities(network.Logits(parameters, standardisation.Apply(row)));

    /// <summary>
    /// The model as a float32 graph on raw features: the standardisation is folded into the first layer in double
    /// precision. Input "input" [1, features]; output "output": [1, 1], the probability of class 1, for two classes, else
    /// [1, classes].
    /// </summary>
    public Graph ToGraph()
    {
        var graph = new Graph
        {
            Metadata = new GraphMetadata { Labels = table.Classes, InputNames = table.Names },
        };
        var input = new Value("input", TensorType.Float32, 1, network.Layers[0].Inputs);
        graph.Inputs.Add(input);
        Value value = input;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            bool last = i == network.Layers.Length - 1;
            value = AddLayer(graph, value, i, last && network.Layers[i].Outputs == 1 ? ActivationKind.Sigmoid : network.Layers[i].Activation);
        }

        if (network.Layers[^1].Outputs > 1)
        {
            var probabilities = new Value("output", TensorType.Float32, value.Shape);
            graph.Nodes.Add(new Node(Opcode.Softmax, "softmax", [value], probabilities).With(SoftmaxRule.Beta, 1f));
            value = probabilities;
        }

        value.Name = "output";
        graph.Outputs.Add(value);
        return graph;
    }

    private LabelledTable Part(int[] indices)
    {
        int[] sorted = [.. indices.Order()];
        return table with { Rows = [.. sorted.Select(i => table.Rows[i])], Labels = [.. sorted.Select(i => table.Labels[i])] };
    }

    private Value AddLayer(Graph graph, Value input, int index, ActivationKind activation)
    {
        LayerLayout layer = network.Layers[index];
        string name = $"dense{index + 1}";
        (float[] weights, float[] bias) = Folded(index);
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

        float[] slopes = [.. parameters.AsSpan(layer.Slopes, layer.Outputs).ToArray().Select(slope => (float)slope)];
        var activated = new Value(name + ".activated", TensorType.Float32, 1, layer.Outputs);
        graph.Nodes.Add(new Node(Opcode.Activation, name + ".prelu", [output, Value.Constant(name + ".slopes", slopes, layer.Outputs)], activated)
            .WithActivation(ActivationRule.Kind, activation));
        return activated;
    }

    // w·(x − m)/s + b = (w/s)·x + (b − Σ w·m/s); a file's weights are [output, input].
    private (float[] Weights, float[] Bias) Folded(int index)
    {
        LayerLayout layer = network.Layers[index];
        var weights = new float[layer.WeightCount];
        var bias = new float[layer.Outputs];
        for (int unit = 0; unit < layer.Outputs; unit++)
        {
            double sum = parameters[layer.Bias + unit];
            for (int i = 0; i < layer.Inputs; i++)
            {
                double weight = parameters[layer.Weights + (i * layer.Outputs) + unit];
                if (index == 0)
                {
                    weight /= standardisation.Deviations[i];
                    sum -= weight * standardisation.Means[i];
                }

                weights[(unit * layer.Inputs) + i] = (float)weight;
            }

            bias[unit] = (float)sum;
        }

        return (weights, bias);
    }
}
