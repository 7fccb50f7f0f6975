using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Import.Onnx;

namespace EdgeInference.Benchmarks.Quantized;

/// <summary>
/// A float32 ONNX model with QuantizeLinear and DequantizeLinear around what ONNX Runtime computes in int8: uint8
/// activations whose ranges come from calibration rows, int8 weights with a scale for each output, int32 bias. The form is
/// that of ONNX Runtime's own static quantization (onnxruntime.ai, "Quantize ONNX Models").
/// </summary>
internal sealed class QdqModel
{
    private static readonly string[] weighted = ["Conv", "Gemm", "MatMul"];
    private static readonly string[] moved = ["MaxPool", "Flatten", "Reshape", "Squeeze", "Transpose"];
    private static readonly string[] others = ["Add", "AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid"];
    private static readonly string[] clipped = ["Relu", "Clip"];

    private readonly OnnxGraph graph;
    private readonly Dictionary<string, OnnxTensor> constants;
    private readonly Dictionary<string, (float Low, float High)> ranges;
    private readonly Dictionary<string, string> dequantized = [];
    private readonly Dictionary<string, float> scales = [];
    private readonly List<OnnxNode> nodes = [];

    private QdqModel(OnnxGraph graph, Dictionary<string, (float Low, float High)> ranges)
    {
        this.graph = graph;
        this.ranges = ranges;
        constants = graph.Initializers.ToDictionary(tensor => tensor.Name);
    }

    /// <exception cref="PeerException">The model has a layer that ONNX Runtime does not run in int8.</exception>
    internal static byte[] Write(byte[] onnx, IReadOnlyList<float[]> rows)
    {
        OnnxModel model = OnnxParser.Parse(onnx, "model");
        if (model.Graph.Nodes.FirstOrDefault(node => node.OpType is "LSTM" or "GRU" or "RNN") is { } recurrent)
        {
            throw new PeerException($"it has no {recurrent.OpType} in int8 that takes QDQ");
        }

        HashSet<string> names = [.. Quantized(model.Graph)];
        Dictionary<string, (float Low, float High)> ranges = TensorRanges.Of(onnx, names, rows);
        foreach (OnnxNode node in model.Graph.Nodes.Where(node => moved.Contains(node.OpType) && ranges.ContainsKey(node.Inputs[0])))
        {
            // What only moves numbers keeps their scale.
            ranges[node.Outputs[0]] = ranges[node.Inputs[0]];
        }

        new QdqModel(model.Graph, ranges).Rewrite();
        return OnnxFile.Write(model);
    }

    // Inputs and outputs of what is computed in int8, but for what a ReLU alone reads: that is one step with it.
    private static IEnumerable<string> Quantized(OnnxGraph graph)
    {
        HashSet<string> constants = [.. graph.Initializers.Select(tensor => tensor.Name)];
        foreach (OnnxNode node in graph.Nodes.Where(node => IsInteger(node, constants) || IsFused(graph, node)))
        {
            OnnxNode[] readers = [.. graph.Nodes.Where(other => other.Inputs.Contains(node.Outputs[0]))];
            if (!(readers is [var only] && clipped.Contains(only.OpType) && !clipped.Contains(node.OpType)))
            {
                yield return node.Outputs[0];
            }

            if (!clipped.Contains(node.OpType))
            {
                foreach (string input in node.Inputs.Take(node.OpType == "Add" ? 2 : 1))
                {
                    yield return input;
                }
            }
        }
    }

    private static bool IsInteger(OnnxNode node, HashSet<string> constants) => weighted.Contains(node.OpType)
        ? constants.Contains(node.Inputs[1])
        : moved.Contains(node.OpType) || (others.Contains(node.OpType) && !node.Inputs.Exists(constants.Contains));

    private static bool IsFused(OnnxGraph graph, OnnxNode node) => clipped.Contains(node.OpType)
        && graph.Nodes.Exists(other => other.Outputs.Contains(node.Inputs[0]) && (weighted.Contains(other.OpType) || other.OpType == "Add"));

    private void Rewrite()
    {
        foreach (OnnxValueInfo input in graph.Inputs.Where(input => ranges.ContainsKey(input.Name)))
        {
            Quantize(input.Name, input.Name, input.Name + "_dq");
        }

        HashSet<string> results = [.. graph.Outputs.Select(port => port.Name)];
        foreach (OnnxNode source in graph.Nodes)
        {
            OnnxNode node = source.Copy();
            if (weighted.Contains(node.OpType) && dequantized.ContainsKey(node.Inputs[0]) && constants.ContainsKey(node.Inputs[1]))
            {
                Weights(node);
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = dequantized.GetValueOrDefault(node.Inputs[i], node.Inputs[i]);
            }

            nodes.Add(node);
            string output = node.Outputs[0];
            if (ranges.ContainsKey(output))
            {
                bool isResult = results.Contains(output);
                node.Outputs[0] = isResult ? output + "_raw" : output;
                Quantize(output, node.Outputs[0], isResult ? output : output + "_dq");
            }
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(nodes);
    }

    private void Quantize(string name, string raw, string result)
    {
        (float low, float high) = ranges[name];
        float scale = high == low ? 1 : (high - low) / 255;
        scales[name] = scale;
        graph.Initializers.Add(QuantizedTensors.Scalar(name + "_scale", scale));
        graph.Initializers.Add(QuantizedTensors.Scalar(name + "_zero", (byte)Math.Clamp(MathF.Round(-low / scale), 0, 255)));
        string[] steps = [name + "_scale", name + "_zero"];
        nodes.Add(Node("QuantizeLinear", [raw, .. steps], name + "_q"));
        nodes.Add(Node("DequantizeLinear", [name + "_q", .. steps], result));
        dequantized[name] = result;
    }

    private void Weights(OnnxNode node)
    {
        string name = node.Inputs[1];
        int axis = node.OpType switch
        {
            "Conv" => 0,
            "Gemm" when node.Attributes.Exists(attribute => attribute is { Name: "transB", Int: 1 }) => 0,
            _ => 1,
        };
        (OnnxTensor codes, float[] steps) = QuantizedTensors.Weights(node.Outputs[0] + "_w", constants[name], axis);
        graph.Initializers.Add(codes);
        node.Inputs[1] = Constant(node.Outputs[0] + "_w", steps, QuantizedTensors.Zeros(node.Outputs[0] + "_w_zero", steps.Length), axis);
        if (node.Inputs.Count > 2 && constants.TryGetValue(node.Inputs[2], out OnnxTensor? bias))
        {
            float[] products = [.. steps.Select(step => step * scales[node.Inputs[0]])];
            graph.Initializers.Add(QuantizedTensors.Bias(node.Outputs[0] + "_b", bias.ToFloats("model"), products));
            node.Inputs[2] = Constant(node.Outputs[0] + "_b", products, QuantizedTensors.ZeroBias(node.Outputs[0] + "_b_zero", steps.Length), 0);
        }
    }

    private string Constant(string name, float[] steps, OnnxTensor zeros, int axis)
    {
        graph.Initializers.Add(QuantizedTensors.Scales(name + "_scale", steps));
        graph.Initializers.Add(zeros);
        OnnxNode node = Node("DequantizeLinear", [name, name + "_scale", zeros.Name], name + "_dq");
        node.Attributes.Add(new OnnxAttribute { Name = "axis", Kind = OnnxAttributeKind.Int, Int = axis });
        nodes.Add(node);
        return name + "_dq";
    }

    private static OnnxNode Node(string type, string[] inputs, string output)
    {
        var node = new OnnxNode { Name = output, OpType = type };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add(output);
        return node;
    }
}
