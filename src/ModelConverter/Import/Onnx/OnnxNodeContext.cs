using System.Text;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>One node while it is converted: its inputs, its attributes, and where its outputs go. What is wrong ends in an <see cref="InputException"/> that names file and node.</summary>
internal sealed class OnnxNodeContext
{
    private readonly OnnxScope scope;
    private readonly OnnxNode node;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly Value? first;

    /// <summary>A node on its way into the graph.</summary>
    /// <param name="scope">The import.</param>
    /// <param name="node">The node.</param>
    /// <param name="first">What to read as the first input instead; the outputs then go to <see cref="Results"/> and no name. Or null.</param>
    internal OnnxNodeContext(OnnxScope scope, OnnxNode node, Value? first = null)
    {
        this.first = first;
        this.scope = scope;
        this.node = node;
        Results = first is null ? [] : new Value?[node.Outputs.Count];
        Opset = scope.Opsets.TryGetValue(node.Domain, out long version) ? version : 1;
        Builder.Name = node.Outputs.FirstOrDefault(output => output.Length > 0) ?? node.Title;
    }

    /// <summary>The version of the node's operator set.</summary>
    internal long Opset { get; }

    internal GraphBuilder Builder => scope.Builder;

    internal OnnxScope Scope => scope;

    internal OnnxNode Node => node;

    /// <summary>The outputs, where another tensor was given as the first input.</summary>
    internal Value?[] Results { get; }

    /// <summary>Number of inputs, absent ones in between included.</summary>
    internal int InputCount => node.Inputs.Count;

    internal int OutputCount => node.Outputs.Count;

    /// <summary>Whether an optional input is there.</summary>
    internal bool Has(int position) => position < node.Inputs.Count && node.Inputs[position].Length > 0;

    /// <summary>Whether someone may read an optional output.</summary>
    internal bool Wants(int position) => position < node.Outputs.Count && node.Outputs[position].Length > 0;

    internal OnnxOperand Operand(int position)
    {
        if (!Has(position))
        {
            throw Fault($"is missing input {position}");
        }

        string name = node.Inputs[position];
        if (position == 0 && first is not null && scope.TryFind(name, out OnnxOperand original))
        {
            return new OnnxOperand(first, original.Type);
        }

        return scope.TryFind(name, out OnnxOperand operand) ? operand : throw Fault($"reads the tensor '{name}', which does not exist");
    }

    internal Value Input(int position)
    {
        Value value = Operand(position).Value;
        return value.Elements > 0 ? value : throw Fault($"reads the tensor '{node.Inputs[position]}', which is empty");
    }

    internal Value? InputOrNull(int position) => Has(position) ? Input(position) : null;

    internal OnnxElementType InputType(int position = 0) => Operand(position).Type;

    /// <summary>The elements of an input that must be a constant.</summary>
    internal float[] Constants(int position)
    {
        Value value = Operand(position).Value;
        return value.Data as float[] ?? throw Fault($"needs a constant as input {position} ('{node.Inputs[position]}'); it depends on the model's input");
    }

    /// <summary>The one element of an input that must be a constant.</summary>
    internal float ScalarConstant(int position)
    {
        float[] values = Constants(position);
        return values.Length == 1 ? values[0] : throw Fault($"needs one number as input {position}; '{node.Inputs[position]}' has {values.Length}");
    }

    /// <summary>The elements of a constant input as integers; those beyond a long saturate.</summary>
    internal long[] Integers(int position) => Array.ConvertAll(Constants(position), value => (long)value);

    /// <summary>Integers from an input where it is there, else from an attribute, else null. Operators moved such settings from the one to the other.</summary>
    internal long[]? IntegersOrNull(int position, string attribute) =>
        Has(position) ? Integers(position) : Attribute(attribute, OnnxAttributeKind.Ints)?.Ints.ToArray();

    internal long Int(string name, long otherwise) => Attribute(name, OnnxAttributeKind.Int)?.Int ?? otherwise;

    internal long Int(string name) => Attribute(name, OnnxAttributeKind.Int)?.Int ?? throw Missing(name);

    internal bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    internal float Float(string name, float otherwise) => Attribute(name, OnnxAttributeKind.Float)?.Float ?? otherwise;

    internal string Text(string name, string otherwise) =>
        Attribute(name, OnnxAttributeKind.Text) is { } attribute ? Encoding.UTF8.GetString(attribute.Text.Span) : otherwise;

    internal long[]? Ints(string name) => Attribute(name, OnnxAttributeKind.Ints)?.Ints.ToArray();

    internal float[]? Floats(string name) => Attribute(name, OnnxAttributeKind.Floats)?.Floats.ToArray();

    internal IReadOnlyList<string>? Texts(string name) => Attribute(name, OnnxAttributeKind.Texts)?.Texts;

    internal OnnxTensor? SparseTensor(string name) => Attribute(name, OnnxAttributeKind.SparseTensor)?.Tensor;

    internal OnnxTensor? Tensor(string name) => Attribute(name, OnnxAttributeKind.Tensor)?.Tensor;

    internal OnnxGraph? Subgraph(string name) => Attribute(name, OnnxAttributeKind.Graph)?.Graph;

    /// <summary>Whether the node has the attribute, whatever its kind.</summary>
    internal bool HasAttribute(string name) => node.Attributes.Exists(attribute => attribute.Name == name);

    /// <summary>An attribute that changes nothing at inference.</summary>
    internal void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            read.Add(name);
        }
    }

    /// <summary>An axis as 0 to rank − 1, from one that may count from the end.</summary>
    internal int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Fault($"has axis {axis} on a tensor of {rank} dimensions");

    /// <summary>Gives an output its meaning; the type is the first input's where none is given.</summary>
    internal void Output(Value value, OnnxElementType? type = null) => Output(0, value, type);

    internal void Output(int position, Value value, OnnxElementType? type = null)
    {
        if (Wants(position))
        {
            Output(position, new OnnxOperand(value, type ?? InputType()));
        }
    }

    /// <summary>An output is another name of a tensor.</summary>
    internal void Output(int position, OnnxOperand operand)
    {
        if (first is not null)
        {
            Results[position] = operand.Value;
        }
        else if (Wants(position))
        {
            scope.Define(node.Outputs[position], operand);
        }
    }

    /// <summary>Every attribute must have been read: an unknown one could change what the node computes.</summary>
    internal void CheckAttributes()
    {
        if (node.Attributes.Find(attribute => !read.Contains(attribute.Name)) is { } unknown)
        {
            throw Fault($"has the attribute '{unknown.Name}', which is not supported in opset {Opset}");
        }
    }

    internal InputException Fault(ClippedText problem, Exception? inner = null) => Fault(scope.Path, node, problem, inner);

    internal static InputException Fault(string path, OnnxNode node, ClippedText problem, Exception? inner = null)
    {
        string message = $"'{path}': the node '{node.Title}' ({node.OpType}) {problem}.";
        return inner is null ? new InputException(message) : new InputException(message, inner);
    }

    private InputException Missing(string name) => Fault($"is missing the attribute '{name}'");

    private OnnxAttribute? Attribute(string name, OnnxAttributeKind kind)
    {
        read.Add(name);
        OnnxAttribute? attribute = node.Attributes.Find(candidate => candidate.Name == name);
        if (attribute is not null && attribute.Kind != kind)
        {
            throw Fault($"has the attribute '{name}' of kind {attribute.Kind}, expected {kind}");
        }

        return attribute;
    }
}
