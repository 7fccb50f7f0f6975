using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining;

/// <summary>
/// A network over encoded features as a float32 graph on raw ones. A mere standardisation is folded into the first layer in double
/// precision, but for the subtraction of the means where a fold would lose more than 1e-5, as for an air pressure of 101325 ± 1 Pa; any
/// other encoding is an operator. Input "input" [1, features]; output "output": [1, 1], the probability of class 1, for two classes, else
/// [1, classes].
/// </summary>
internal sealed class NetworkGraph(LabelledTable table, FeatureEncoding encoding, LayerLayout[] layers, double[] parameters)
{
    internal Graph Build()
    {
        var graph = new Graph
        {
            Metadata = new GraphMetadata { Labels = table.Classes, InputNames = table.Names, InputCategories = table.Categories, OutputRoles = [EdgeInference.ModelFormat.OutputRole.Probability], AcceptsMissing = !encoding.IsPlain },
        };
        var input = new Value("input", TensorType.Float32, 1, table.Names.Count);
        graph.Inputs.Add(input);
        float[] centre = new float[encoding.Length];
        Value value = encoding.Standardisation is { } standardisation ? Centred(graph, input, standardisation, ref centre) : encoding.ToGraph(graph, input);
        for (int i = 0; i < layers.Length; i++)
        {
            bool last = i == layers.Length - 1;
            value = AddLayer(graph, value, centre, i, last && layers[i].Outputs == 1 ? ActivationKind.Sigmoid : layers[i].Activation);
        }

        if (layers[^1].Outputs > 1)
        {
            var probabilities = new Value("output", TensorType.Float32, value.Shape);
            graph.Nodes.Add(new Node(Opcode.Softmax, "softmax", [value], probabilities).With(SoftmaxRule.Beta, 1f));
            value = probabilities;
        }

        value.Name = "output";
        graph.Outputs.Add(value);
        return graph;
    }

    private Value Centred(Graph graph, Value input, Standardisation standardisation, ref float[] centre)
    {
        double[] scale = Array.ConvertAll(standardisation.Deviations, deviation => 1 / deviation);
        double[] shift = [.. standardisation.Means.Zip(scale, (mean, factor) => -mean * factor)];
        if (StandardisationFold.Centre(FirstWeights(), layers[0].Outputs, (_, i) => i, scale, shift) is not { } means)
        {
            return input;
        }

        centre = means;
        var value = new Value("centred", TensorType.Float32, input.Shape);
        graph.Nodes.Add(new Node(Opcode.Sub, "centre", [input, Value.Constant("means", centre, centre.Length)], value));
        return value;
    }

    private Value AddLayer(Graph graph, Value input, float[] centre, int index, ActivationKind activation)
    {
        LayerLayout layer = layers[index];
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

        float[] slopes = [.. parameters.AsSpan(layer.Slopes, layer.Outputs).ToArray().Select(slope => (float)slope)];
        var activated = new Value(name + ".activated", TensorType.Float32, 1, layer.Outputs);
        graph.Nodes.Add(new Node(Opcode.Activation, name + ".prelu", [output, Value.Constant(name + ".slopes", slopes, layer.Outputs)], activated)
            .WithActivation(ActivationRule.Kind, activation));
        return activated;
    }

    // [units, features], as StandardisationFold reads them.
    private double[] FirstWeights()
    {
        LayerLayout layer = layers[0];
        var weights = new double[layer.WeightCount];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = parameters[layer.Weights + (i % layer.Inputs * layer.Outputs) + (i / layer.Inputs)];
        }

        return weights;
    }

    // w·(x − m)/s + b = (w/s)·(x − c) + (b − Σ w·(m − c)/s), c being what is subtracted before; a file's weights are [output, input].
    private (float[] Weights, float[] Bias) Folded(int index, float[] centre)
    {
        LayerLayout layer = layers[index];
        var weights = new float[layer.WeightCount];
        var bias = new float[layer.Outputs];
        for (int unit = 0; unit < layer.Outputs; unit++)
        {
            double sum = parameters[layer.Bias + unit];
            for (int i = 0; i < layer.Inputs; i++)
            {
                double weight = parameters[layer.Weights + (i * layer.Outputs) + unit];
                if (index == 0 && encoding.Standardisation is { } standardisation)
                {
                    weight /= standardisation.Deviations[i];
                    sum -= weight * (standardisation.Means[i] - centre[i]);
                }

                weights[(unit * layer.Inputs) + i] = (float)weight;
            }

            bias[unit] = (float)sum;
        }

        return (weights, bias);
    }
}
