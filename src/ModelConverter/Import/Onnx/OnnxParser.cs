using Google.Protobuf;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>
/// Reads an ONNX file's protobuf by field number (onnx.proto3 of the ONNX specification). Unknown fields are skipped;
/// what is malformed ends in an <see cref="InputException"/>.
/// </summary>
internal static class OnnxParser
{
    // Of any array of numpy.
    private const int MostDimensions = 64;

    /// <summary>Parses a model.</summary>
    /// <param name="bytes">The file's content; the tensors of the result refer to it.</param>
    /// <param name="path">For messages.</param>
    internal static OnnxModel Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        if (bytes.Length == 0)
        {
            throw new InputException($"'{path}' is empty; export the model again.");
        }

        try
        {
            return Model(new ProtobufMessage(bytes)) ?? throw new InputException($"'{path}' is not an ONNX model: it has no graph; export the model again.");
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            // ir_version is the first field that every exporter writes: a varint with field number 1.
            bool looksRight = bytes.Span[0] == 0x08;
            throw new InputException(
                looksRight
                    ? $"'{path}' is a damaged ONNX model: {Reason(exception)}; copy or export it again."
                    : $"'{path}' is not an ONNX model; give a file that torch.onnx, tf2onnx or skl2onnx wrote.",
                exception);
        }
    }

    /// <summary>Parses a TensorProto on its own, as test data holds it.</summary>
    internal static OnnxTensor ParseTensor(ReadOnlyMemory<byte> bytes, string path)
    {
        try
        {
            return Tensor(new ProtobufMessage(bytes));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new InputException($"'{path}' is not an ONNX tensor: {Reason(exception)}.", exception);
        }
    }

    private static string Reason(Exception exception) =>
        exception is InvalidDataException ? exception.Message : "it ends too early or a field is malformed";

    private static OnnxModel? Model(ProtobufMessage message)
    {
        var model = new OnnxModel();
        bool hasGraph = false;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 2 when message.HoldsBytes:
                    model.Producer = message.Text();
                    break;
                case 3 when message.HoldsBytes:
                    model.ProducerVersion = message.Text();
                    break;
                case 7:
                    model.Graph = Graph(message.Message());
                    hasGraph = true;
                    break;
                case 8:
                    (string domain, long version) = Opset(message.Message());
                    model.Opsets[domain] = version;
                    break;
                case 25:
                    model.Functions.Add(Function(message.Message()));
                    break;
                default:
                    message.Skip();
                    break;
            }
        }

        return hasGraph ? model : null;
    }

    private static (string Domain, long Version) Opset(ProtobufMessage message)
    {
        string domain = "";
        long version = 0;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: domain = message.Text(); break;
                case 2: version = message.Int64(); break;
                default: message.Skip(); break;
            }
        }

        return (OnnxDomains.Canonical(domain), version);
    }

    private static OnnxGraph Graph(ProtobufMessage message)
    {
        var graph = new OnnxGraph();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: graph.Nodes.Add(Node(message.Message())); break;
                case 2: graph.Name = message.Text(); break;
                case 5: graph.Initializers.Add(Tensor(message.Message())); break;
                case 11: graph.Inputs.Add(ValueInfo(message.Message())); break;
                case 12: graph.Outputs.Add(ValueInfo(message.Message())); break;
                case 13: graph.Described.Add(ValueInfo(message.Message())); break;
                case 15: graph.Initializers.Add(SparseTensor(message.Message())); break;
                default: message.Skip(); break;
            }
        }

        return graph;
    }

    private static OnnxFunction Function(ProtobufMessage message)
    {
        var function = new OnnxFunction();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: function.Name = message.Text(); break;
                case 4: function.Inputs.Add(message.Text()); break;
                case 5: function.Outputs.Add(message.Text()); break;
                case 7: function.Nodes.Add(Node(message.Message())); break;
                case 10: function.Domain = OnnxDomains.Canonical(message.Text()); break;
                case 11: function.Defaults.Add(Attribute(message.Message())); break;
                case 13: function.Overload = message.Text(); break;
                default: message.Skip(); break;
            }
        }

        return function;
    }

    private static OnnxNode Node(ProtobufMessage message)
    {
        var node = new OnnxNode();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: node.Inputs.Add(message.Text()); break;
                case 2: node.Outputs.Add(message.Text()); break;
                case 3: node.Name = message.Text(); break;
                case 4: node.OpType = message.Text(); break;
                case 5: node.Attributes.Add(Attribute(message.Message())); break;
                case 7: node.Domain = OnnxDomains.Canonical(message.Text()); break;
                case 8: node.Overload = message.Text(); break;
                default: message.Skip(); break;
            }
        }

        return node;
    }

    private static OnnxAttribute Attribute(ProtobufMessage message)
    {
        var attribute = new OnnxAttribute();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: attribute.Name = message.Text(); break;
                case 2: attribute.Float = message.Float(); Kind(attribute, OnnxAttributeKind.Float); break;
                case 3: attribute.Int = message.Int64(); Kind(attribute, OnnxAttributeKind.Int); break;
                case 4: attribute.Text = message.Bytes(); Kind(attribute, OnnxAttributeKind.Text); break;
                case 5: attribute.Tensor = Tensor(message.Message()); Kind(attribute, OnnxAttributeKind.Tensor); break;
                case 6: attribute.Graph = Graph(message.Message()); Kind(attribute, OnnxAttributeKind.Graph); break;
                case 7: message.AddFloats(attribute.Floats); Kind(attribute, OnnxAttributeKind.Floats); break;
                case 8: message.AddInt64s(attribute.Ints); Kind(attribute, OnnxAttributeKind.Ints); break;
                case 9: attribute.Texts.Add(message.Text()); Kind(attribute, OnnxAttributeKind.Texts); break;
                case 20: attribute.Kind = (OnnxAttributeKind)message.Int32(); break;
                case 21: attribute.Reference = message.Text(); break;
                case 22: attribute.Tensor = SparseTensor(message.Message()); Kind(attribute, OnnxAttributeKind.SparseTensor); break;
                default: message.Skip(); break;
            }
        }

        return attribute;
    }

    // Models before IR version 3 do not say the kind; the field that is there tells it.
    private static void Kind(OnnxAttribute attribute, OnnxAttributeKind kind)
    {
        if (attribute.Kind == OnnxAttributeKind.Undefined)
        {
            attribute.Kind = kind;
        }
    }

    private static OnnxTensor Tensor(ProtobufMessage message)
    {
        var tensor = new OnnxTensor { Files = message.Files };
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: message.AddInt64s(tensor.Dimensions, MostDimensions); break;
                case 2: tensor.Type = (OnnxElementType)message.Int32(); break;
                case 4: message.AddFloats(tensor.Floats); break;
                case 5: message.AddInt64s(tensor.Integers); break;
                case 6: tensor.Texts.Add(message.Text()); break;
                case 7: message.AddInt64s(tensor.Integers); break;
                case 8: tensor.Name = message.Text(); break;
                case 9: tensor.Raw = message.Bytes(); break;
                case 10: message.AddDoubles(tensor.Doubles); break;
                case 11: message.AddInt64s(tensor.Integers); break;
                case 13: ExternalEntry(message.Message(), tensor.External); break;
                case 14: tensor.IsExternal = message.Int64() == 1; break;
                default: message.Skip(); break;
            }
        }

        return tensor;
    }

    // Values, the places where they are, and the dimensions of the tensor, all else of which is 0.
    private static OnnxTensor SparseTensor(ProtobufMessage message)
    {
        OnnxTensor values = new();
        OnnxTensor places = new();
        var dimensions = new List<long>();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: values = Tensor(message.Message()); break;
                case 2: places = Tensor(message.Message()); break;
                case 3: message.AddInt64s(dimensions, MostDimensions); break;
                default: message.Skip(); break;
            }
        }

        var tensor = new OnnxTensor { Name = values.Name, Type = values.Type, Sparse = new OnnxSparseData(values, places) };
        tensor.Dimensions.AddRange(dimensions);
        return tensor;
    }

    private static void ExternalEntry(ProtobufMessage message, Dictionary<string, string> entries)
    {
        string key = "";
        string value = "";
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: key = message.Text(); break;
                case 2: value = message.Text(); break;
                default: message.Skip(); break;
            }
        }

        entries[key] = value;
    }

    private static OnnxValueInfo ValueInfo(ProtobufMessage message)
    {
        var info = new OnnxValueInfo();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: info.Name = message.Text(); break;
                case 2: Type(message.Message(), info); break;
                default: message.Skip(); break;
            }
        }

        return info;
    }

    private static void Type(ProtobufMessage message, OnnxValueInfo info)
    {
        while (message.Next())
        {
            if (message.Field == 1)
            {
                info.IsTensor = true;
                TensorType(message.Message(), info);
            }
            else
            {
                message.Skip();
            }
        }
    }

    private static void TensorType(ProtobufMessage message, OnnxValueInfo info)
    {
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: info.Type = (OnnxElementType)message.Int32(); break;
                case 2: info.Shape = Shape(message.Message()); break;
                default: message.Skip(); break;
            }
        }
    }

    private static List<OnnxDimension> Shape(ProtobufMessage message)
    {
        var shape = new List<OnnxDimension>();
        while (message.Next())
        {
            if (message.Field == 1)
            {
                shape.Add(Dimension(message.Message()));
            }
            else
            {
                message.Skip();
            }
        }

        return shape;
    }

    private static OnnxDimension Dimension(ProtobufMessage message)
    {
        var dimension = new OnnxDimension(-1, "");
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: dimension = new OnnxDimension(message.Int64(), ""); break;
                case 2: dimension = new OnnxDimension(-1, message.Text()); break;
                default: message.Skip(); break;
            }
        }

        return dimension;
    }
}
