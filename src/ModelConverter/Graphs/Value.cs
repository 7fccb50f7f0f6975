using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>A tensor of a graph: an edge between nodes, an input, or a constant.</summary>
internal sealed class Value
{
    /// <summary>Creates a value that a node or a caller fills.</summary>
    public Value(string name, TensorType type, params int[] shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
    }

    /// <summary>Its name in the source model.</summary>
    public string Name { get; set; }

    /// <summary>Element type.</summary>
    public TensorType Type { get; set; }

    /// <summary>Dimensions, each 1 or more; the batch is 1.</summary>
    public int[] Shape { get; set; }

    /// <summary>The elements of a constant: float[], sbyte[], short[], int[] or long[], row-major; null for others.</summary>
    public Array? Data { get; set; }

    /// <summary>Scale and zero point, where the tensor is quantized.</summary>
    public Quantization? Quantization { get; set; }

    /// <summary>Whether it keeps its elements between inferences.</summary>
    public bool IsState { get; set; }

    /// <summary>Whether it is a constant.</summary>
    public bool IsConstant => Data is not null;

    /// <summary>Number of elements.</summary>
    public int Elements => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Size in bytes.</summary>
    public int Bytes => Elements * TensorTypes.SizeOf(Type);

    /// <summary>The last dimension, 1 for a scalar.</summary>
    public int LastDimension => Shape.Length == 0 ? 1 : Shape[^1];

    /// <summary>The elements of a float32 constant.</summary>
    public float[] Floats => (float[])Data!;

    /// <summary>A float32 constant.</summary>
    public static Value Constant(string name, float[] data, params int[] shape) => new(name, TensorType.Float32, shape) { Data = data };

    /// <summary>An int8 constant.</summary>
    public static Value Constant(string name, sbyte[] data, params int[] shape) => new(name, TensorType.Int8, shape) { Data = data };

    /// <summary>An int16 constant.</summary>
    public static Value Constant(string name, short[] data, params int[] shape) => new(name, TensorType.Int16, shape) { Data = data };

    /// <summary>An int32 constant.</summary>
    public static Value Constant(string name, int[] data, params int[] shape) => new(name, TensorType.Int32, shape) { Data = data };

    /// <summary>An int64 constant.</summary>
    public static Value Constant(string name, long[] data, params int[] shape) => new(name, TensorType.Int64, shape) { Data = data };

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type}[{string.Join(", ", Shape)}]";
}
