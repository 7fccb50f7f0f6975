using EdgeInference.ModelConverter.Import.Onnx;
using Message = EdgeInference.ModelTraining.ProtobufMessage;

namespace EdgeInference.Benchmarks.Quantized;

/// <summary>Writes an <see cref="OnnxModel"/> with the field numbers of onnx/onnx.proto3.</summary>
internal static class OnnxFile
{
    private const int IrVersion = 8;

    internal static byte[] Write(OnnxModel model)
    {
        Message file = new Message().Integer(1, IrVersion).Message(7, Graph(model.Graph));
        foreach ((string domain, long version) in model.Opsets)
        {
            file.Message(8, new Message().Text(1, domain).Integer(2, version));
        }

        return file.ToArray();
    }

    private static Message Graph(OnnxGraph graph)
    {
        var message = new Message();
        graph.Nodes.ForEach(node => message.Message(1, Node(node)));
        message.Text(2, graph.Name.Length > 0 ? graph.Name : "model");
        graph.Initializers.ForEach(tensor => message.Message(5, Tensor(tensor)));
        graph.Inputs.ForEach(port => message.Message(11, Port(port)));
        graph.Outputs.ForEach(port => message.Message(12, Port(port)));
        return message;
    }

    private static Message Node(OnnxNode node)
    {
        var message = new Message();
        node.Inputs.ForEach(name => message.Text(1, name));
        node.Outputs.ForEach(name => message.Text(2, name));
        message.Text(3, node.Name).Text(4, node.OpType);
        node.Attributes.ForEach(attribute => message.Message(5, Attribute(attribute)));
        return message.Text(7, node.Domain);
    }

    private static Message Attribute(OnnxAttribute attribute)
    {
        Message message = new Message().Text(1, attribute.Name);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Float:
                message.Float(2, attribute.Float);
                break;
            case OnnxAttributeKind.Int:
                message.Integer(3, attribute.Int);
                break;
            case OnnxAttributeKind.Text:
                message.Bytes(4, attribute.Text.ToArray());
                break;
            case OnnxAttributeKind.Tensor:
                message.Message(5, Tensor(attribute.Tensor!));
                break;
            case OnnxAttributeKind.Floats:
                attribute.Floats.ForEach(value => message.Float(7, value));
                break;
            case OnnxAttributeKind.Ints:
                attribute.Ints.ForEach(value => message.Integer(8, value));
                break;
            case OnnxAttributeKind.Texts:
                attribute.Texts.ForEach(value => message.Text(9, value));
                break;
            default:
                throw new NotSupportedException($"An attribute of kind {attribute.Kind} cannot be written.");
        }

        return message.Integer(20, (int)attribute.Kind);
    }

    private static Message Tensor(OnnxTensor tensor)
    {
        var message = new Message();
        tensor.Dimensions.ForEach(size => message.Integer(1, size));
        message.Integer(2, (int)tensor.Type);
        tensor.Floats.ForEach(value => message.Float(4, value));
        int integers = tensor.Type == OnnxElementType.Int64 ? 7 : 5;
        tensor.Integers.ForEach(value => message.Integer(integers, value));
        message.Text(8, tensor.Name);
        return tensor.Raw is { } raw ? message.Bytes(9, raw.ToArray()) : message;
    }

    // An output without a type is one that the reader infers.
    private static Message Port(OnnxValueInfo port)
    {
        Message message = new Message().Text(1, port.Name);
        if (port.Type == OnnxElementType.Undefined)
        {
            return message;
        }

        var shape = new Message();
        foreach (OnnxDimension dimension in port.Shape ?? [])
        {
            shape.Message(1, dimension.Size >= 0 ? new Message().Integer(1, dimension.Size) : new Message().Text(2, dimension.Symbol));
        }

        return message.Message(2, new Message().Message(1, new Message().Integer(1, (int)port.Type).Message(2, shape)));
    }
}
