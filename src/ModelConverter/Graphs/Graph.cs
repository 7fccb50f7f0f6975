using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>A model between import and file: nodes in an order of execution, and what the file says about them.</summary>
internal sealed class Graph
{
    /// <summary>Tensors that a caller fills.</summary>
    public List<Value> Inputs { get; } = [];

    /// <summary>Tensors that a caller reads.</summary>
    public List<Value> Outputs { get; } = [];

    /// <summary>Nodes; each comes after those whose outputs it reads.</summary>
    public NodeList Nodes { get; } = new();

    /// <summary>Name, labels, threshold and the rest.</summary>
    public GraphMetadata Metadata { get; set; } = new();

    /// <summary>Number of operators or layers of each type in the source model, as it names them.</summary>
    public IReadOnlyDictionary<string, int> SourceOperators { get; set; } = new Dictionary<string, int>();

    /// <summary>What the importer knows of tensors beside their operators.</summary>
    internal Dictionary<Value, OutputHint> Hints { get; } = [];

    /// <summary>Names of the source's constants that hold a value which is not finite, and its first place in the source's order.</summary>
    internal Dictionary<string, int> NotFinite { get; } = new(StringComparer.Ordinal);

    /// <summary>Outputs that hold texts in the source model, and are labels whatever computes them.</summary>
    internal HashSet<Value> TextOutputs { get; } = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Value>);

    /// <summary>What the source's label is the highest of, where the output that decides can have another highest; else null.</summary>
    internal Value? Votes { get; set; }

    /// <summary>How much of it may still be computed at import.</summary>
    internal FoldingBudget Folding { get; } = new();

    /// <summary>The node that writes a value, or null for inputs and constants; the first where two do.</summary>
    public Node? Producer(Value value) => Nodes.Uses.Writers(value) is { Count: > 0 } writers ? Ordered(writers)[0] : null;

    /// <summary>The nodes that read a value, in their order.</summary>
    public IReadOnlyList<Node> Consumers(Value value) => Ordered(Nodes.Uses.Readers(value).Keys);

    /// <summary>Whether exactly one node reads the value, and no caller.</summary>
    public bool HasOneConsumer(Value value, out Node consumer)
    {
        IReadOnlyDictionary<Node, int> readers = Nodes.Uses.Readers(value);
        (consumer, int inputs) = readers.Count == 1 ? readers.First() : new(null!, 0);
        return inputs == 1 && !Outputs.Contains(value);
    }

    /// <summary>Makes every reader of a value, and a caller, read another.</summary>
    public void Replace(Value old, Value replacement)
    {
        foreach (Node node in Nodes.Uses.Readers(old).Keys.ToArray())
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

    private Node[] Ordered(IEnumerable<Node> nodes)
    {
        Node[] some = [.. nodes];
        if (some.Length <= 1)
        {
            return some;
        }

        HashSet<Node> wanted = [.. some];
        return [.. Nodes.Where(wanted.Contains)];
    }

    /// <summary>The precision that the layers of a file share; null where they differ.</summary>
    internal static Precision? CommonPrecision(ModelFile file) => CommonPrecision(file.Operators.Select(record => (record.Info.Opcode, record.Inputs[0].Type)));

    /// <summary>The precision that the layers share; null where they differ.</summary>
    internal Precision? CommonPrecision() => CommonPrecision(Nodes.Select(node => (node.Opcode, node.Input(0).Type)));

    // Where there are layers with weights, their types decide; conversions at the ends of an integer body are of no precision.
    private static Precision? CommonPrecision(IEnumerable<(Opcode Opcode, TensorType Type)> operators)
    {
        (Opcode Opcode, TensorType Type)[] all = [.. operators.Where(row => row.Opcode is not (Opcode.Quantize or Opcode.Dequantize or Opcode.Reshape) && row.Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16)];
        (Opcode Opcode, TensorType Type)[] layers = [.. all.Where(row => row.Opcode is Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose or Opcode.RNN or Opcode.GRU or Opcode.LSTM or Opcode.QuantizedLSTM or Opcode.QuantizedRecurrent)];
        if (layers.Length > 1 && layers[^1].Type == TensorType.Int16 && layers[..^1].All(layer => layer.Type == TensorType.Int8))
        {
            // As the last layer of int8 is where outputs are fine.
            layers = layers[..^1];
        }

        TensorType[] types = [.. (layers.Length > 0 ? layers : all).Select(row => row.Type).Distinct()];
        return types switch
        {
            [] or [TensorType.Float32] => Precision.Float32,
            [TensorType.Int8] => Precision.Int8,
            [TensorType.Int16] => Precision.Int16,
            _ => null,
        };
    }
}
