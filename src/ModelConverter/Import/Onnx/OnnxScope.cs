using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx.Quantized;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>The state of one import: the graph that grows, and what each name of the source stands for.</summary>
internal sealed class OnnxScope
{
    private const long MaxSparseElements = 1 << 23;

    private long sparseElements;
    private readonly Dictionary<string, OnnxOperand> operands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> producers = new(StringComparer.Ordinal);

    internal OnnxScope(string path, IReadOnlyDictionary<string, long> opsets)
    {
        Path = path;
        Opsets = opsets;
        Quantized = new QuantizedValues(Builder);
        Texts = new TextInputs(Graph);
    }

    /// <summary>The file, for messages and for external data.</summary>
    internal string Path { get; }

    /// <summary>The version of each operator set, by domain.</summary>
    internal IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>Appends operators.</summary>
    internal GraphBuilder Builder { get; } = new(new Graph());

    internal Graph Graph => Builder.Graph;

    /// <summary>The int8 tensors of a quantized model.</summary>
    internal QuantizedValues Quantized { get; }

    /// <summary>The texts that inputs take.</summary>
    internal TextInputs Texts { get; }

    /// <summary>The batch that the file fixes and the one that it is imported with, where constants within the graph follow; else null.</summary>
    internal (int Fixed, int Wanted)? Batch { get; init; }

    /// <summary>Nodes that rounds of loops have become so far.</summary>
    internal int Unrolled { get; set; }

    /// <summary>Labels of the classes, where a node names them.</summary>
    internal IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>Gives a name its meaning.</summary>
    /// <exception cref="InputException">The name has one already.</exception>
    internal void Define(string name, OnnxOperand operand)
    {
        if (!operands.TryAdd(name, operand))
        {
            throw new InputException($"'{Path}': the tensor '{name}' is produced twice; export the model again.");
        }
    }

    /// <summary>Says that a node was converted.</summary>
    internal void Converted(OnnxNode node)
    {
        foreach (string output in node.Outputs)
        {
            producers.TryAdd(output, node);
        }
    }

    /// <summary>The converted node that gives a tensor, or null.</summary>
    internal OnnxNode? Producer(string tensor) => producers.GetValueOrDefault(tensor);

    internal bool TryFind(string name, out OnnxOperand operand) => operands.TryGetValue(name, out operand!);

    /// <summary>A constant from the source model.</summary>
    internal OnnxOperand Constant(OnnxTensor tensor, string name)
    {
        int[] shape = tensor.Shape(Path);
        if (tensor.Type == OnnxElementType.Text)
        {
            return new OnnxOperand(Value.Constant(name, new float[tensor.Texts.Count], shape), tensor.Type) { Texts = tensor.Texts };
        }

        if (tensor.Sparse is not null)
        {
            // A few bytes can declare a tensor without end.
            sparseElements += shape.Aggregate(1L, (product, size) => product * size);
            if (sparseElements > MaxSparseElements)
            {
                throw new InputException($"'{Path}': the sparse tensor '{tensor.Name}' and those before it have more than {MaxSparseElements.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} elements, zeros included; export the model with dense weights.");
            }
        }

        float[] values = tensor.ToFloats(Path);
        int notFinite = Array.FindIndex(values, value => !float.IsFinite(value));
        if (notFinite >= 0)
        {
            Graph.NotFinite.TryAdd(name, notFinite);
        }

        return new OnnxOperand(Value.Constant(name, values, shape), tensor.Type);
    }
}
