using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelFormat;

namespace EdgeInference.Benchmarks.Models;

/// <summary>Writes an <see cref="Mlp"/> as ONNX (Gemm and activations, opset 13), so that ONNX Runtime runs the same weights. Field numbers are those of onnx.proto3.</summary>
internal static class OnnxMlpFile
{
    private const int Float = 1;

    internal static byte[] Write(Mlp mlp) => Message(model =>
    {
        Int(model, 1, 8);
        Bytes(model, 7, Graph(mlp));
        Bytes(model, 8, Message(opset => Int(opset, 2, 13)));
    });

    private static byte[] Graph(Mlp mlp) => Message(graph =>
    {
        string value = "input";
        int depth = mlp.Features;
        for (int i = 0; i < mlp.Layers.Length; i++)
        {
            MlpLayer layer = mlp.Layers[i];
            Bytes(graph, 1, Node("Gemm", $"y{i}", Attribute("transB", 1), value, $"w{i}", $"b{i}"));
            value = $"y{i}";
            if (layer.Activation != ActivationKind.Linear)
            {
                string type = layer.Activation == ActivationKind.ReLU ? "Relu" : layer.Activation == ActivationKind.LeakyReLU ? "LeakyRelu" : layer.Activation.ToString();
                Bytes(graph, 1, Node(type, $"a{i}", null, value));
                value = $"a{i}";
            }

            Bytes(graph, 5, Tensor($"w{i}", mlp.Weights[i], layer.Units, depth));
            Bytes(graph, 5, Tensor($"b{i}", mlp.Biases[i], layer.Units));
            depth = layer.Units;
        }

        if (mlp.Softmax)
        {
            Bytes(graph, 1, Node("Softmax", "probabilities", null, value));
            value = "probabilities";
        }

        Text(graph, 2, mlp.Name);
        Bytes(graph, 11, ValueInfo("input", mlp.Features));
        Bytes(graph, 12, ValueInfo(value, depth));
    });

    private static byte[] Node(string type, string output, byte[]? attribute, params string[] inputs) => Message(node =>
    {
        foreach (string input in inputs)
        {
            Text(node, 1, input);
        }

        Text(node, 2, output);
        Text(node, 4, type);
        if (attribute is not null)
        {
            Bytes(node, 5, attribute);
        }
    });

    private static byte[] Attribute(string name, int value) => Message(attribute =>
    {
        Text(attribute, 1, name);
        Int(attribute, 3, value);
        Int(attribute, 20, 2);
    });

    private static byte[] Tensor(string name, float[] data, params int[] shape) => Message(tensor =>
    {
        foreach (int size in shape)
        {
            Int(tensor, 1, size);
        }

        Int(tensor, 2, Float);
        Text(tensor, 8, name);
        Bytes(tensor, 9, MemoryMarshal.AsBytes<float>(data).ToArray());
    });

    private static byte[] ValueInfo(string name, int width) => Message(info =>
    {
        byte[] shape = Message(dimensions =>
        {
            Bytes(dimensions, 1, Message(batch => Text(batch, 2, "N")));
            Bytes(dimensions, 1, Message(size => Int(size, 1, width)));
        });
        byte[] tensorType = Message(tensor =>
        {
            Int(tensor, 1, Float);
            Bytes(tensor, 2, shape);
        });
        Text(info, 1, name);
        Bytes(info, 2, Message(type => Bytes(type, 1, tensorType)));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var stream = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(stream);
        }

        return memory.ToArray();
    }

    private static void Int(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }

    private static void Text(CodedOutputStream stream, int field, string value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(value);
    }

    private static void Bytes(CodedOutputStream stream, int field, byte[] value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(ByteString.CopyFrom(value));
    }
}
