using ModelExporter.Optimize;
using ModelFormat;

namespace ModelExporter.Graphs;

/// <summary>A model between import and file: nodes in an order of execution, and what the file says about them.</summary>
public sealed class Graph
{
    /// <summary>Tensors that a caller fills.</summary>
    public List<Value> Inputs { get; } = [];

    /// <summary>Tensors that a caller reads.</summary>
    public List<Value> Outputs { get; } = [];

    /// <summary>Nodes; each comes after those whose outputs it reads.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>Name, labels, threshold and the rest.</summary>
    public GraphMetadata Metadata { get; set; } = new();

    /// <summary>Number of operators or layers of each type in the source model, as it names them.</summary>
    public IReadOnlyDictionary<string, int> SourceOperators { get; set; } = new Dictionary<string, int>();

    /// <summary>What the source's label is the highest of, where the output that decides can have another highest; else null.</summary>
    internal Value? Votes { get; set; }

    /// <summary>How much of it may still be computed at import.</summary>
    internal FoldingBudget Folding { get; } = new();

    /// <summary>The node that writes a value, or null for inputs and constants.</summary>
    public Node? Producer(Value value) => Nodes.FirstOrDefault(node => node.Outputs.Contains(value));

    /// <summary>The nodes that read a value.</summary>
    public List<Node> Consumers(Value value) => Nodes.FindAll(node => node.Inputs.Contains(value));

    /// <summary>Whether exactly one node reads the value, and no caller.</summary>
    public bool HasOneConsumer(Value value, out Node consumer)
    {
        List<Node> consumers = Consumers(value);
        consumer = consumers.Count == 1 ? consumers[0] : null!;
        return consumers.Count == 1 && !Outputs.Contains(value) && consumer.Inputs.Count(input => input == value) == 1;
    }

    /// <summary>Makes every reader of a value, and a caller, read another.</summary>
    public void Replace(Value old, Value replacement)
    {
        foreach (Node node in Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == old)
                {
                    node.Inputs[i] = replacement;
                }
            }
        }

        for (int i = 0; i < Outputs.Count; i++)
        {
            if (Outputs[i] == old)
            {
                Outputs[i] = replacement;
            }
        }
    }

    /// <summary>What the metadata says of the types that operators write: float32, int8, int16, or mixed where there are several.</summary>
    internal string DescribePrecision()
    {
        TensorType[] types = [.. Nodes
            .Where(node => node.Opcode is not (Opcode.Quantize or Opcode.Dequantize))
            .Select(node => node.Input(0).Type)
            .Where(type => type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16)
            .Distinct()];
        return types.Length == 1 ? types[0].ToString().ToLowerInvariant() : "mixed";
    }
}
