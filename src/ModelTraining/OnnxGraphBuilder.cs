using System.Buffers.Binary;
using EdgeInference.ModelConverter.Activations;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Collects the nodes and constants of an ONNX graph, and writes the model with the field numbers of onnx/onnx.proto3
/// (IR version 7, operator set 13).
/// </summary>
internal sealed class OnnxGraphBuilder : IOnnxNodes
{
    private const int IrVersion = 7;
    private const int OperatorSet = 13;
    private const int FloatElement = 1;
    private const int FloatAttribute = 1;
    private const int IntegerElement = 7;
    private const int IntegerAttribute = 2;
    private const int IntegersAttribute = 7;

    private readonly ProtobufMessage graph = new();
    private int names;

    /// <inheritdoc/>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) => NodeTo($"t{names++}", op, inputs, attributes);

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
            node.Message(5, Attribute(new ProtobufMessage().Text(1, name), value));
        }

        graph.Message(1, node);
        return output;
    }

    /// <summary>Adds a float32 constant, and returns its name.</summary>
    internal string Constant(ReadOnlySpan<float> data, params int[] shape)
    {
        byte[] raw = new byte[data.Length * 4];
        for (int i = 0; i < data.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), data[i]);
        }

        return Constant(raw, FloatElement, shape);
    }

    /// <summary>Adds a vector of int64, and returns its name.</summary>
    internal string Integers(params int[] data)
    {
        byte[] raw = new byte[data.Length * 8];
        for (int i = 0; i < data.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * 8), data[i]);
        }

        return Constant(raw, IntegerElement, data.Length);
    }

    /// <inheritdoc/>
    public string Scalar(float value) => Constant([value]);

    /// <summary>Finishes the model: float32 input and output whose first dimension is the batch, N, and whose others are given.</summary>
    internal byte[] Build(string graphName, string producer, string input, int[] inputSizes, string output, int[] outputSizes)
    {
        graph.Text(2, graphName).Message(11, Port(input, inputSizes)).Message(12, Port(output, outputSizes));
        return new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, producer)
            .Message(7, graph)
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet))
            .ToArray();
    }

    private static ProtobufMessage Attribute(ProtobufMessage attribute, object value)
    {
        switch (value)
        {
            case float number:
                return attribute.Float(2, number).Integer(20, FloatAttribute);
            case int[] numbers:
                foreach (int number in numbers)
                {
                    attribute.Integer(8, number);
                }

                return attribute.Integer(20, IntegersAttribute);
            default:
                return attribute.Integer(3, (int)value).Integer(20, IntegerAttribute);
        }
    }

    private string Constant(byte[] raw, int element, params int[] shape)
    {
        string name = $"c{names++}";
        var tensor = new ProtobufMessage();
        foreach (int size in shape)
        {
            tensor.Integer(1, size);
        }

        graph.Message(5, tensor.Integer(2, element).Text(8, name).Bytes(9, raw));
        return name;
    }

    private static ProtobufMessage Port(string name, int[] sizes)
    {
        ProtobufMessage shape = new ProtobufMessage().Message(1, new ProtobufMessage().Text(2, "N"));
        foreach (int size in sizes)
        {
            shape.Message(1, new ProtobufMessage().Integer(1, size));
        }

        ProtobufMessage tensor = new ProtobufMessage().Integer(1, FloatElement).Message(2, shape);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
