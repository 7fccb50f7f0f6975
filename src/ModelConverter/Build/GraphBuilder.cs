using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <summary>
/// Appends operators to a graph for an importer: infers the shape of each output, and computes at once what depends on
/// constants only. Shapes that do not fit end in an <see cref="ArgumentException"/> that says which.
/// </summary>
internal sealed partial class GraphBuilder(Graph graph)
{
    /// <summary>The graph.</summary>
    public Graph Graph { get; } = graph;

    /// <summary>What the nodes and values added next are called.</summary>
    public string Name { get; set; } = "";

    /// <summary>Appends an operator with one output.</summary>
    public Value Add(Opcode opcode, ReadOnlySpan<Value?> inputs, int[] shape, Action<Node>? configure = null) =>
        Add(opcode, inputs, [shape], configure)[0];

    /// <summary>Appends an operator with several outputs.</summary>
    public Value[] Add(Opcode opcode, ReadOnlySpan<Value?> inputs, int[][] shapes, Action<Node>? configure = null)
    {
        // What moves elements also moves quantized ones.
        Value? moved = KeepsScale(opcode) ? inputs[0] : null;
        var outputs = Array.ConvertAll(shapes, shape => new Value(Name, moved?.Type ?? TensorType.Float32, CheckShape(shape)) { Quantization = moved?.Quantization });
        int present = inputs.Length;
        while (present > 0 && inputs[present - 1] is null)
        {
            present--;
        }

        var node = new Node(opcode, Name, inputs[..present].ToArray(), outputs);
        configure?.Invoke(node);
        if (!NodeEvaluator.TryEvaluate(node, Graph.Folding))
        {
            Graph.Nodes.Add(node);
        }

        return outputs;
    }

    /// <summary>A constant of one element and rank 0.</summary>
    public Value Scalar(double value) => Value.Constant(Name + ".constant", [(float)value]);

    /// <summary>y = f(x).</summary>
    public Value Unary(UnaryKind kind, Value x, float alpha = 0f, float beta = 0f) =>
        Add(Opcode.Unary, [x], x.Shape, node => node.With(UnaryRule.Kind, (int)kind).With(UnaryRule.Alpha, alpha).With(UnaryRule.Beta, beta));

    /// <summary>y = f(a, b), broadcast.</summary>
    public Value Binary(BinaryKind kind, Value a, Value b) =>
        Add(Opcode.Binary, [a, b], Broadcast(a.Shape, b.Shape), node => node.With(BinaryRule.Kind, (int)kind));

    /// <summary>Add, Sub, Mul or Div, broadcast.</summary>
    public Value Arithmetic(Opcode opcode, Value a, Value b) => Add(opcode, [a, b], Broadcast(a.Shape, b.Shape));

    /// <summary>An activation without a second input.</summary>
    public Value Activation(ActivationKind kind, Value x, float? alpha = null, float? beta = null) =>
        Add(Opcode.Activation, [x], x.Shape, node => node.WithActivation(ActivationRule.Kind, kind, alpha, beta));

    /// <summary>PReLU with a constant slope for each channel of the last axis.</summary>
    public Value PReLU(Value x, Value slopes) =>
        Add(Opcode.Activation, [x, Reshape(slopes, slopes.Elements)], x.Shape, node => node.WithActivation(ActivationRule.Kind, ActivationKind.PReLU));

    /// <summary>The same elements in another shape; nothing where it is the shape they have.</summary>
    public Value Reshape(Value x, params int[] shape)
    {
        if (x.Shape.AsSpan().SequenceEqual(shape))
        {
            return x;
        }

        if (Elements(shape) != x.Elements)
        {
            throw new ArgumentException($"cannot turn the shape {Text(x.Shape)} into {Text(shape)}");
        }

        return x.Data is { } data
            ? new Value(Name, x.Type, CheckConstantShape(shape)) { Data = data }
            : Add(Opcode.Reshape, [x], shape);
    }

    /// <summary>Softmax of βx over the last axis.</summary>
    public Value Softmax(Value x, float beta = 1f) => Add(Opcode.Softmax, [x], x.Shape, node => node.With(SoftmaxRule.Beta, beta));

    /// <summary>ln softmax(x) over the last axis.</summary>
    public Value LogSoftmax(Value x) => Add(Opcode.LogSoftmax, [x], x.Shape);

    /// <summary>y = x·Wᵀ + b over the last axis.</summary>
    /// <param name="x">[..., in].</param>
    /// <param name="weights">Constant [out, in].</param>
    /// <param name="bias">Constant [out], or null.</param>
    /// <param name="configure">What makes another form of the float32 operator, or null.</param>
    public Value Dense(Value x, Value weights, Value? bias, Action<Node>? configure = null)
    {
        if (x.Shape.Length == 0 || x.LastDimension != weights.Shape[1])
        {
            throw new ArgumentException($"multiplies the shape {Text(x.Shape)} by weights for {weights.Shape[1]} features");
        }

        return Add(
            Opcode.Dense,
            [x, weights, bias],
            [.. x.Shape[..^1], weights.Shape[0]],
            node =>
            {
                node.WithActivation(DenseRule.Activation, ActivationKind.Linear);
                configure?.Invoke(node);
            });
    }

    /// <summary>The shape that two shapes broadcast to, as in ONNX and numpy.</summary>
    public static int[] Broadcast(int[] a, int[] b)
    {
        var result = new int[Math.Max(a.Length, b.Length)];
        for (int axis = 1; axis <= result.Length; axis++)
        {
            int left = axis <= a.Length ? a[^axis] : 1;
            int right = axis <= b.Length ? b[^axis] : 1;
            if (left != right && left != 1 && right != 1)
            {
                throw new ArgumentException($"has the shapes {Text(a)} and {Text(b)}, which do not broadcast");
            }

            result[^axis] = left == 1 ? right : left;
        }

        return result;
    }

    /// <summary>A shape as text.</summary>
    public static string Text(int[] shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>Number of elements of a shape.</summary>
    public static long Elements(int[] shape) => shape.Aggregate(1L, (product, size) => checked(product * size));

    private static bool KeepsScale(Opcode opcode) =>
        opcode is Opcode.Reshape or Opcode.Transpose or Opcode.Slice or Opcode.Expand or Opcode.Concat or Opcode.Pad or Opcode.Gather or Opcode.MaxPool or Opcode.AveragePool;

    private static int[] CheckShape(int[] shape)
    {
        if (Array.Exists(shape, size => size < 1))
        {
            throw new ArgumentException($"has the shape {Text(shape)}, and an empty tensor cannot be computed");
        }

        return CheckConstantShape(shape);
    }

    private static int[] CheckConstantShape(int[] shape)
    {
        if (shape.Length > FormatLayout.MaxRank)
        {
            throw new ArgumentException($"has the shape {Text(shape)}, of more than {FormatLayout.MaxRank} dimensions");
        }

        if (Elements(shape) > FormatLayout.MaxArenaBytes / sizeof(float))
        {
            throw new ArgumentException($"has the shape {Text(shape)}, which needs more than the {FormatLayout.MaxArenaBytes >> 20} MiB that a tensor may have");
        }

        return shape;
    }
}
