using EdgeInference.ModelConverter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Writes a float32 graph of Dense, Conv, poolings, Reshape, Activation, Softmax and the subtraction of means as an ONNX file, so that a model runs
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
                Opcode.Activation => Activation(onnx, node, ActivationRule.Kind, input),
                Opcode.Softmax when node.Output.Type == TensorType.Float32 && node.Float(SoftmaxRule.Beta) == 1f && node.Output.Shape.Length < OnnxImages.Rank => onnx.Node("Softmax", [input], ("axis", -1)),
                _ => throw new InputException($"{node} cannot be written as ONNX; write the model as it was trained, in float32."),
            };
        }

        Value output = graph.Outputs[0];
        string last = onnx.NodeTo(output.Name, "Identity", [OnnxImages.ChannelsLast(onnx, output, names[output])]);
        string name = graph.Metadata.Name.Length > 0 ? graph.Metadata.Name : "model";
        return onnx.Build(name, Producer.Text, first.Name, OnnxImages.InputSizes(first), last, output.Shape[1..]);
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
        float alpha = node.Float(parameter + 1);
        float beta = node.Float(parameter + 2);
        return (ActivationKind)node.Parameters[parameter] switch
        {
            ActivationKind.Linear => x,
            ActivationKind.Step => Step(onnx, x),
            ActivationKind.Sigmoid => onnx.Node("Sigmoid", [x]),
            ActivationKind.HardSigmoid => onnx.Node("HardSigmoid", [x], ("alpha", alpha), ("beta", beta)),
            ActivationKind.Tanh => onnx.Node("Tanh", [x]),
            ActivationKind.ReLU => onnx.Node("Relu", [x]),
            ActivationKind.ReLU6 => onnx.Node("Clip", [x, onnx.Scalar(0), onnx.Scalar(6)]),
            ActivationKind.LeakyReLU => onnx.Node("LeakyRelu", [x], ("alpha", alpha)),
            ActivationKind.PReLU => onnx.Node("PRelu", [x, onnx.Constant(node.Input(1).Floats, node.Input(1).Shape)]),
            ActivationKind.ELU => onnx.Node("Elu", [x], ("alpha", alpha)),
            ActivationKind.SELU => onnx.Node("Selu", [x], ("alpha", alpha), ("gamma", beta)),
            ActivationKind.CELU => onnx.Node("Celu", [x], ("alpha", alpha)),
            ActivationKind.GELU => GELU(onnx, x, onnx.Node("Erf", [onnx.Node("Mul", [x, onnx.Scalar((float)Math.Sqrt(0.5))])])),
            ActivationKind.GELUTanh => GELU(onnx, x, onnx.Node("Tanh", [GELUTanhArgument(onnx, x)])),
            ActivationKind.SiLU => onnx.Node("Mul", [x, onnx.Node("Sigmoid", [x])]),
            ActivationKind.HardSwish => onnx.Node("Mul", [x, onnx.Node("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f))]),
            ActivationKind.Mish => onnx.Node("Mul", [x, onnx.Node("Tanh", [onnx.Node("Softplus", [x])])]),
            ActivationKind.Softplus => onnx.Node("Softplus", [x]),
            ActivationKind.Softsign => onnx.Node("Softsign", [x]),
            ActivationKind.ThresholdedReLU => onnx.Node("ThresholdedRelu", [x], ("alpha", alpha)),
            _ => throw new InputException($"{node} has an activation that cannot be written as ONNX."),
        };
    }

    // Cast to float32 is ONNX's element type 1.
    private static string Step(OnnxGraphBuilder onnx, string x) =>
        onnx.Node("Cast", [onnx.Node("GreaterOrEqual", [x, onnx.Scalar(0)])], ("to", 1));

    private static string GELU(OnnxGraphBuilder onnx, string x, string curve) =>
        onnx.Node("Mul", [onnx.Node("Mul", [x, onnx.Scalar(0.5f)]), onnx.Node("Add", [curve, onnx.Scalar(1)])]);

    private static string GELUTanhArgument(OnnxGraphBuilder onnx, string x)
    {
        string cube = onnx.Node("Mul", [onnx.Node("Mul", [x, x]), x]);
        string sum = onnx.Node("Add", [x, onnx.Node("Mul", [cube, onnx.Scalar(0.044715f)])]);
        return onnx.Node("Mul", [sum, onnx.Scalar((float)Math.Sqrt(2 / Math.PI))]);
    }
}
