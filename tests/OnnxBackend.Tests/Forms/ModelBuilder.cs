using EdgeInference.ModelConverter.Import.Onnx;
using OnnxBackend.Tests.Operators;

namespace OnnxBackend.Tests.Forms;

/// <summary>Builds a ModelProto of several nodes.</summary>
internal sealed class ModelBuilder
{
    private readonly OnnxBytes graph = new OnnxBytes().Text(2, "graph");
    private readonly List<OnnxBytes> functions = [];
    private readonly int opset;

    internal ModelBuilder(int opset = 17) => this.opset = opset;

    /// <summary>An input; each dimension is a number, a name, or null where it has neither.</summary>
    internal ModelBuilder Input(string name, params object?[] dimensions) => Port(11, name, OnnxElementType.Float32, dimensions);

    internal ModelBuilder Input(string name, OnnxElementType type, params object?[] dimensions) => Port(11, name, type, dimensions);

    /// <summary>An output, whose type ONNX Runtime infers where none is given.</summary>
    internal ModelBuilder Output(string name)
    {
        graph.Message(12, new OnnxBytes().Text(1, name));
        return this;
    }

    internal ModelBuilder Output(string name, OnnxElementType type)
    {
        graph.Message(12, OperatorCase.Info(name, type, null));
        return this;
    }

    internal ModelBuilder Constant(string name, CaseTensor tensor)
    {
        graph.Message(5, tensor.Write(name));
        return this;
    }

    /// <summary>A constant in a form of its own.</summary>
    internal ModelBuilder Constant(OnnxBytes tensor)
    {
        graph.Message(5, tensor);
        return this;
    }

    internal ModelBuilder Sparse(OnnxBytes tensor)
    {
        graph.Message(15, tensor);
        return this;
    }

    internal ModelBuilder Node(string type, string[] inputs, string[] outputs, params CaseAttribute[] attributes)
    {
        graph.Message(1, OperatorCase.Node(type, inputs, outputs, attributes));
        return this;
    }

    internal ModelBuilder Node(OnnxBytes node)
    {
        graph.Message(1, node);
        return this;
    }

    internal ModelBuilder Function(OnnxBytes function)
    {
        functions.Add(function);
        return this;
    }

    internal byte[] Build(string producer = "test")
    {
        OnnxBytes model = new OnnxBytes().Integer(1, 10).Text(2, producer).Message(7, graph)
            .Message(8, new OnnxBytes().Text(1, "").Integer(2, opset))
            .Message(8, new OnnxBytes().Text(1, "ai.onnx.ml").Integer(2, 3))
            .Message(8, new OnnxBytes().Text(1, "own").Integer(2, 1));
        return functions.Aggregate(model, (message, function) => message.Message(25, function)).ToArray();
    }

    private ModelBuilder Port(int field, string name, OnnxElementType type, object?[] dimensions)
    {
        OnnxBytes shape = new OnnxBytes();
        foreach (object? dimension in dimensions)
        {
            shape.Message(1, dimension switch
            {
                string symbol => new OnnxBytes().Text(2, symbol),
                int size => new OnnxBytes().Integer(1, size),
                _ => new OnnxBytes(),
            });
        }

        graph.Message(field, new OnnxBytes().Text(1, name).Message(2, new OnnxBytes().Message(1, new OnnxBytes().Integer(1, (int)type).Message(2, shape))));
        return this;
    }
}
