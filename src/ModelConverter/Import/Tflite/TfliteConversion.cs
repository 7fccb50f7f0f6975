using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>A subgraph on its way into a graph: the value of each tensor, made when it is first read or written.</summary>
internal sealed class TfliteConversion
{
    // 256 MiB of the widest type.
    private const int MaxElements = FormatLayout.MaxArenaBytes / sizeof(long);

    private readonly TfliteFile file;
    private readonly TfliteSubgraph subgraph;
    private readonly TfliteConstants constants;
    private readonly Value?[] values;
    private readonly Value?[] dequantized;

    internal TfliteConversion(TfliteFile file, TfliteSubgraph subgraph, Graph graph)
    {
        this.file = file;
        this.subgraph = subgraph;
        Graph = graph;
        constants = new TfliteConstants(file);
        values = new Value?[subgraph.Tensors.Length];
        dequantized = new Value?[subgraph.Tensors.Length];
        foreach (int input in subgraph.Inputs)
        {
            graph.Inputs.Add(Write(input));
        }
    }

    internal Graph Graph { get; }

    internal TfliteFile File => file;

    internal TfliteVariables Variables { get; } = new();

    internal TfliteTensor Tensor(int index)
    {
        TfliteTensor tensor = Sized(index);
        return tensor.Shape.Length <= FormatLayout.MaxRank
            ? tensor
            : throw new UnsupportedOperatorException($"tensor {tensor} has more than {FormatLayout.MaxRank} dimensions");
    }

    /// <summary>The value of a tensor that was written before or is constant.</summary>
    internal Value Read(int index)
    {
        if (values[index] is { } value)
        {
            return value;
        }

        TfliteTensor tensor = Tensor(index);
        if (tensor.IsVariable)
        {
            throw new UnsupportedOperatorException($"reads variable {tensor}, which only SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM keep");
        }

        return file.Data(tensor).IsEmpty
            ? throw file.File.Wrong($"reads tensor {tensor} before it is written")
            : values[index] = constants.Read(tensor);
    }

    internal Value Dequantized(int index) => dequantized[index] ??= values[index] is { Type: TensorType.Float32, IsConstant: true } value
        ? value
        : constants.Dequantize(Tensor(index));

    /// <summary>Scale and zero point of a tensor, or null.</summary>
    internal Quantization? QuantizationOf(TfliteTensor tensor) => constants.QuantizationOf(tensor);

    /// <summary>A new value for a tensor.</summary>
    internal Value Write(int index)
    {
        TfliteTensor tensor = Tensor(index);
        return values[index] is null
            ? values[index] = New(tensor)
            : throw file.File.Wrong($"writes tensor {tensor} twice");
    }

    /// <summary>Makes a tensor stand for a value that exists.</summary>
    internal void Define(int index, Value value) => values[index] = values[index] is null
        ? value
        : throw file.File.Wrong($"writes tensor {Tensor(index)} twice");

    /// <summary>Stands for a tensor whose operator was refused, so that its readers can still be looked at.</summary>
    internal void Placeholder(int index)
    {
        if (values[index] is not null)
        {
            return;
        }

        TfliteTensor tensor = Sized(index);
        bool isHeld = tensor.Shape.Length <= FormatLayout.MaxRank && TypeOf(tensor.Type) is not null && !TfliteConstants.HasZeroPoints(tensor);
        values[index] = isHeld ? New(tensor) : new Value(tensor.Name, TensorType.Float32);
    }

    /// <summary>Ends the graph: its outputs, what variables keep, and nothing that neither needs.</summary>
    internal void Finish()
    {
        Graph.Outputs.AddRange(subgraph.Outputs.Select(Output));
        Variables.Finish(Graph);
        long bytes = Graph.Nodes.SelectMany(node => node.Outputs).Concat(Graph.Inputs).Sum(value => (long)value.Bytes);
        if (bytes > int.MaxValue / 2)
        {
            throw file.File.Wrong($"declares {bytes >> 20} MiB of tensors, more than an arena can hold");
        }

        var needed = new HashSet<Value>(Graph.Outputs);
        foreach (Node node in Graph.Nodes.Reverse().ToArray())
        {
            if (!node.Outputs.Exists(output => output.IsState || needed.Contains(output)))
            {
                Graph.Nodes.Remove(node);
                continue;
            }

            needed.UnionWith(node.Inputs.OfType<Value>());
        }
    }

    // A state is written before outputs are read: what was read of it is copied first.
    private Value Output(int index)
    {
        Value value = Read(index);
        if (!value.IsState)
        {
            return value;
        }

        var copy = new Value(Tensor(index).Name, value.Type, value.Shape) { Quantization = value.Quantization };
        TfliteVariables.Copy(Graph, value, copy);
        return copy;
    }

    /// <summary>A value like a tensor.</summary>
    internal Value New(TfliteTensor tensor) => TypeOf(tensor.Type) is { } type
        ? new Value(tensor.Name, type, tensor.Shape) { Quantization = constants.QuantizationOf(tensor) }
        : throw new UnsupportedOperatorException($"tensor {tensor} has a type that is not imported; convert the model to float32 or int8");

    private static TensorType? TypeOf(TfliteType type) => type switch
    {
        TfliteType.Float32 => TensorType.Float32,
        TfliteType.Int8 or TfliteType.UInt8 => TensorType.Int8,
        TfliteType.Int16 => TensorType.Int16,
        TfliteType.Int32 => TensorType.Int32,
        TfliteType.Int64 => TensorType.Int64,
        _ => null,
    };

    // A tensor whose sizes are valid.
    private TfliteTensor Sized(int index)
    {
        TfliteTensor tensor = subgraph.Tensors[index];
        long elements = 1;
        foreach (int size in tensor.Shape)
        {
            if (size < 1 || (elements *= size) > MaxElements)
            {
                throw file.File.Wrong($"has an invalid tensor {tensor}: every dimension must be 1 or more, and their product at most {MaxElements}");
            }
        }

        return tensor;
    }
}
