using System.Buffers.Binary;

namespace ModelExporter.Train;

/// <summary>
/// Collects the nodes and constants of an ONNX graph, and writes the model with the field numbers of onnx/onnx.proto3
/// (IR version 7, operator set 13).
/// </summary>
internal sealed class OnnxGraphBuilder
{
    private const int IrVersion = 7;
    private const int OperatorSet = 13;
    private const int FloatElement = 1;
    private const int FloatAttribute = 1;
    private const int IntegerAttribute = 2;

    private readonly ProtobufMessage graph = new();
    private int names;

    /// <summary>Adds a node with float and integer attributes, and returns its output's name.</summary>
    internal string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) => NodeTo($"t{names++}", op, inputs, attributes);

    /// <summary>Adds a node whose output has the given name, and returns that.</summary>
    internal string NodeTo(string output, string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output + "_" + op).Text(4, op);
        foreach ((string name, object value) in attributes)
        {
            ProtobufMessage attribute = new ProtobufMessage().Text(1, name);
            node.Message(5, value is float number
                ? attribute.Float(2, number).Integer(20, FloatAttribute)
                : attribute.Integer(3, (int)value).Integer(20, IntegerAttribute));
        }

        graph.Message(1, node);
        return output;
    }

    /// <summary>Adds a float32 constant, and returns its name.</summary>
    internal string Constant(ReadOnlySpan<float> data, params int[] shape)
    {
        string name = $"c{names++}";
        var tensor = new ProtobufMessage();
        foreach (int size in shape)
        {
            tensor.Integer(1, size);
        }

        byte[] raw = new byte[data.Length * 4];
        for (int i = 0; i < data.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), data[i]);
        }

        graph.Message(5, tensor.Integer(2, FloatElement).Text(8, name).Bytes(9, raw));
        return name;
    }

    /// <summary>A scalar constant.</summary>
    internal string Scalar(float value) => Constant([value]);

    /// <summary>Finishes the model: float32 input and output of [N, width].</summary>
    internal byte[] Build(string graphName, string producer, string input, int inputWidth, string output, int outputWidth)
    {
        graph.Text(2, graphName).Message(11, Port(input, inputWidth)).Message(12, Port(output, outputWidth));
        return new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, producer)
            .Message(7, graph)
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet))
            .ToArray();
    }

    private static ProtobufMessage Port(string name, int width)
    {
        ProtobufMessage shape = new ProtobufMessage()
            .Message(1, new ProtobufMessage().Text(2, "N"))
            .Message(1, new ProtobufMessage().Integer(1, width));
        ProtobufMessage tensor = new ProtobufMessage().Integer(1, FloatElement).Message(2, shape);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
