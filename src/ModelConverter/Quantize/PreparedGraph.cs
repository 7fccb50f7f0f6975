using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A float graph made ready for quantization: activations stand on their own, and every tensor has been calibrated.</summary>
internal sealed class PreparedGraph
{
    private PreparedGraph(Graph graph, Calibration calibration)
    {
        Graph = graph;
        Calibration = calibration;
        Parts = new CalibratedParts(calibration);
    }

    /// <summary>The float graph without fused activations.</summary>
    public Graph Graph { get; }

    /// <summary>What calibration saw of its tensors.</summary>
    public Calibration Calibration { get; }

    /// <summary>What follows from <see cref="Calibration"/>, computed once.</summary>
    internal CalibratedParts Parts { get; }

    /// <summary>Prepares a copy of a graph.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="rows">Calibration rows.</param>
    /// <param name="equalize">Whether channels between layers are evened out first.</param>
    /// <exception cref="InputException">The calibration rows do not fit the model.</exception>
    public static PreparedGraph From(Graph graph, IReadOnlyList<float[]> rows, bool equalize = false)
    {
        Graph copy = RowRounding.Remove(GraphCopy.Copy(graph));
        SeparateActivations(copy);
        if (equalize)
        {
            CrossLayerEqualization.Apply(copy);
        }

        return new PreparedGraph(copy, Calibration.Collect(copy, rows));
    }

    // A table needs the range before the activation as well as the one after it.
    private static void SeparateActivations(Graph graph)
    {
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (!OperatorDefinitions.Of(node.Opcode).IsLayer || node.Parameters[DenseRule.Activation] == (int)ActivationKind.Linear)
            {
                continue;
            }

            Value output = node.Output;
            var before = new Value(output.Name + ".before_activation", TensorType.Float32, output.Shape);
            var activation = new Node(Opcode.Activation, node.Name + ".activation", [before], output)
                .WithActivation(ActivationRule.Kind, (ActivationKind)node.Parameters[DenseRule.Activation], node.Float(DenseRule.Alpha), node.Float(DenseRule.Beta));
            node.Outputs[0] = before;
            node.WithActivation(DenseRule.Activation, ActivationKind.Linear);
            graph.Nodes.InsertAfter(node, activation);
        }
    }
}
