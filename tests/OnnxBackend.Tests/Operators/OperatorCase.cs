using EdgeInference.ModelConverter.Import.Onnx;

namespace OnnxBackend.Tests.Operators;

/// <summary>A model of one node, made here: its inputs, its attributes, and what is asked of it.</summary>
/// <param name="Operator">The operator, with its domain before it where that is not the standard's.</param>
/// <param name="Inputs">What the node reads.</param>
internal sealed record OperatorCase(string Operator, params CaseTensor[] Inputs)
{
    /// <summary>The inputs, of its own: a table may go on with the array that it gave.</summary>
    internal CaseTensor[] Inputs { get; init; } = [.. Inputs];

    /// <summary>Attributes in the order they are written.</summary>
    internal CaseAttribute[] Attributes { get; init; } = [];

    /// <summary>The version of the standard's operators.</summary>
    internal int Opset { get; init; } = 17;

    /// <summary>The version of the operators of ai.onnx.ml.</summary>
    internal int MlOpset { get; init; } = 3;

    /// <summary>What the node's outputs are; an empty name is one that it does not have.</summary>
    internal string[] Outputs { get; init; } = ["y"];

    /// <summary>Those of them that are the graph's.</summary>
    internal string[]? GraphOutputs { get; init; }

    /// <summary>The element types of the graph's outputs, where ONNX Runtime cannot tell them.</summary>
    internal OnnxElementType[]? OutputTypes { get; init; }

    /// <summary>How many of the inputs the node reads; the others are for nodes after it or within it.</summary>
    internal int OwnInputs { get; init; } = int.MaxValue;

    /// <summary>What a case does that its attributes do not say.</summary>
    internal string Note { get; init; } = "";

    /// <summary>The largest difference, relative to the largest output.</summary>
    internal double Tolerance { get; init; } = 1e-5;

    /// <summary>How many steps of its integers an output may be off, in a fifth of its elements at the most.</summary>
    internal int Steps { get; init; }

    /// <summary>What a step is: 1 for integers, the scale of an output that is real again.</summary>
    internal double Step { get; init; } = 1;

    /// <summary>Part of the sentence with which the importer refuses the model; or null where it must not.</summary>
    internal string? Refusal { get; init; }

    /// <summary>A case of the same meaning that ONNX Runtime runs instead, where it does not have this form or reads it as the standard does not.</summary>
    internal OperatorCase? Peer { get; init; }

    /// <summary>What must come where ONNX Runtime is no oracle, worked out by hand; or null.</summary>
    internal double[]? Expected { get; init; }

    /// <summary>Nodes after the first, as (operator, inputs, outputs).</summary>
    internal (string Operator, string[] Inputs, string[] Outputs, CaseAttribute[] Attributes)[] More { get; init; } = [];

    internal string Name => $"{Operator}@{Opset}({string.Join(", ", Inputs.Select(input => input == CaseTensor.None ? "-" : $"{(input.IsConstant ? "const " : "")}{input.Type}[{string.Join(",", input.Shape)}]"))}) {string.Join(" ", Attributes.Where(attribute => !attribute.Name.StartsWith("nodes_", StringComparison.Ordinal) || attribute.Name == "nodes_modes").Select(attribute => $"{attribute.Name}={Text(attribute.Value)}"))} {Note}";

    /// <summary>The names of the graph's outputs.</summary>
    internal string[] Results => GraphOutputs ?? [.. Outputs.Where(name => name.Length > 0)];

    /// <summary>The name of the input at a position of the node.</summary>
    internal static string InputName(int position) => $"x{position}";

    /// <summary>A ModelProto.</summary>
    internal byte[] Write()
    {
        OnnxBytes graph = new OnnxBytes();
        string[] names = [.. Inputs.Select((input, i) => input == CaseTensor.None ? "" : InputName(i))];
        graph.Message(1, Node(Operator, [.. names.Take(OwnInputs)], Outputs, Attributes));
        foreach ((string type, string[] inputs, string[] outputs, CaseAttribute[] attributes) in More)
        {
            graph.Message(1, Node(type, inputs, outputs, attributes));
        }

        graph.Text(2, "case");
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i] != CaseTensor.None)
            {
                _ = Inputs[i].IsConstant ? graph.Message(5, Inputs[i].Write(names[i])) : graph.Message(11, Info(names[i], Inputs[i].Type, Inputs[i].Shape));
            }
        }

        for (int i = 0; i < Results.Length; i++)
        {
            // Without a type ONNX Runtime infers one.
            graph.Message(12, OutputTypes is { } types ? Info(Results[i], types[i], null) : new OnnxBytes().Text(1, Results[i]));
        }

        return new OnnxBytes().Integer(1, 8).Text(2, "test").Message(7, graph)
            .Message(8, new OnnxBytes().Text(1, "").Integer(2, Opset))
            .Message(8, new OnnxBytes().Text(1, "ai.onnx.ml").Integer(2, MlOpset))
            .Message(8, new OnnxBytes().Text(1, "com.microsoft").Integer(2, 1)).ToArray();
    }

    internal static OnnxBytes Node(string type, string[] inputs, string[] outputs, params CaseAttribute[] attributes)
    {
        OnnxBytes node = inputs.Aggregate(new OnnxBytes(), (message, name) => message.Text(1, name));
        node = outputs.Aggregate(node, (message, name) => message.Text(2, name));
        int dot = type.LastIndexOf('.');
        node.Text(3, $"the node of {outputs.FirstOrDefault(name => name.Length > 0)}").Text(4, type[(dot + 1)..]);
        node = attributes.Aggregate(node, (message, attribute) => message.Message(5, attribute.Write()));
        return dot > 0 ? node.Text(7, type[..dot]) : node;
    }

    /// <summary>A ValueInfoProto of a tensor; without a shape where that is null.</summary>
    internal static OnnxBytes Info(string name, OnnxElementType type, int[]? shape)
    {
        OnnxBytes tensor = new OnnxBytes().Integer(1, (int)type);
        if (shape is not null)
        {
            tensor.Message(2, shape.Aggregate(new OnnxBytes(), (message, size) => message.Message(1, new OnnxBytes().Integer(1, size))));
        }

        return new OnnxBytes().Text(1, name).Message(2, new OnnxBytes().Message(1, tensor));
    }

    private static string Text(object value) => value switch
    {
        Array list => $"[{string.Join(",", list.Cast<object>().Take(12))}]",
        CaseTensor tensor => $"tensor[{string.Join(",", tensor.Values)}]",
        OnnxBytes => "graph",
        _ => FormattableString.Invariant($"{value}"),
    };
}
