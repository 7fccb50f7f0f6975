using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Writes a float32 graph of Dense, Conv, poolings, Reshape, Activation, Softmax, FeatureTransform and the subtraction of means as an ONNX file, so that a model runs
/// elsewhere. Activations that operator set 13 lacks are written out in those it has. Images are channels first in ONNX, as
/// <see cref="OnnxImages"/> says.
/// </summary>
internal static class OnnxWriter
{
    /// <summary>The file's bytes. The first dimension of input and output is the batch.</summary>
    /// <exception cref="InputException">The graph has an operator that cannot be written.</exception>
    public static byte[] Write(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var onnx = new OnnxGraphBuilder();
        Value first = graph.Inputs[0];
        var names = new Dictionary<Value, string> { [first] = OnnxImages.FromInput(onnx, first) };
        foreach (Node node in graph.Nodes)
        {
            string input = names[node.Input(0)];
            names[node.Output] = node.Opcode switch
            {
                Opcode.Dense when node.Output.Type == TensorType.Float32 => Dense(onnx, node, input),
                Opcode.Conv when node.Output.Type == TensorType.Float32 => Activation(onnx, node, DenseRule.Activation, OnnxImages.Conv(onnx, node, input)),
                Opcode.MaxPool or Opcode.AveragePool when node.Output.Type == TensorType.Float32 => OnnxImages.Pool(onnx, node, input),
                Opcode.Reshape when node.Output.Type == TensorType.Float32 => OnnxImages.Reshape(onnx, node, input),
                Opcode.Sub when node.Output.Type == TensorType.Float32 && node.Input(1) is { IsConstant: true, Shape.Length: 1 } centre && node.Output.Shape.Length < OnnxImages.Rank =>
                    onnx.Node("Sub", [input, onnx.Constant(centre.Floats, centre.Shape)]),
                Opcode.FeatureTransform when node.Output.Shape.Length == 2 => OnnxFeatures.Transform(onnx, node, input),
                Opcode.Activation => Activation(onnx, node, ActivationRule.Kind, input),
                Opcode.Softmax when node.Output.Type == TensorType.Float32 && node.Float(SoftmaxRule.Beta) == 1f && node.Output.Shape.Length < OnnxImages.Rank => onnx.Node("Softmax", [input], ("axis", -1)),
                Opcode.FeatureTransform => throw new InputException($"{node} cannot be written as ONNX, which has no operator for categories, missing values and shaped numbers in one; train on complete columns of numbers for a model that can."),
                _ => throw new InputException($"{node} cannot be written as ONNX; write the model as it was trained, in float32."),
            };
        }

        Value output = graph.Outputs[0];
        string last = onnx.NodeTo(output.Name, "Identity", [OnnxImages.ChannelsLast(onnx, output, names[output])]);
        string name = graph.Metadata.Name.Length > 0 ? graph.Metadata.Name : "model";
        return onnx.Build(name, ToolVersion.Text, first.Name, OnnxImages.InputSizes(first), last, output.Shape[1..]);
    }

    private static string Dense(OnnxGraphBuilder onnx, Node node, string input)
    {
        Value weights = node.Input(1);
        var inputs = new List<string> { input, onnx.Constant(weights.Floats, weights.Shape) };
        if (node.InputOrNull(2) is { } bias)
        {
            inputs.Add(onnx.Constant(bias.Floats, bias.Shape));
        }

        return Activation(onnx, node, DenseRule.Activation, onnx.Node("Gemm", [.. inputs], ("transB", 1)));
    }

    private static string Activation(OnnxGraphBuilder onnx, Node node, int parameter, string x)
    {
        string? slopes = node.Opcode == Opcode.Activation && node.Inputs.Count > 1 ? onnx.Constant(node.Input(1).Floats, node.Input(1).Shape) : null;
        return ActivationFunctions.Get((ActivationKind)node.Parameters[parameter]).WriteOnnx(onnx, x, node.Float(parameter + 1), node.Float(parameter + 2), slopes);
    }
}
