using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// The variables of a model: tensors that live from one inference to the next. Each becomes a state, read at the start of an
/// inference and written at its end, so that a value read stays what it was.
/// </summary>
internal sealed class TfliteVariables
{
    private readonly Dictionary<int, Variable> byHandle = [];
    private readonly Dictionary<string, Variable> byName = new(StringComparer.Ordinal);

    /// <summary>Says that a tensor is a handle of the variable with this name.</summary>
    internal void Handle(int tensor, string name) => byHandle[tensor] = Named(name);

    /// <summary>Says which constant a variable holds before the first inference.</summary>
    internal void Initialize(string name, Value constant)
    {
        int[] distinct = constant.Data switch
        {
            sbyte[] values => [.. values.Distinct().Select(value => (int)value)],
            short[] values => [.. values.Distinct().Select(value => (int)value)],
            int[] values => [.. values.Distinct()],
            float[] values => [.. values.Distinct().Select(value => value == 0f ? 0 : 1)],
            _ => [1],
        };
        if (distinct.Length != 1 || (distinct[0] != 0 && constant.Type != TensorType.Int8))
        {
            throw TfliteNodeContext.Unsupported($"starts variable '{name}' with elements other than zero");
        }

        Initialize(name, distinct[0]);
    }

    /// <summary>Says which integer all elements of an int8 variable are before the first inference.</summary>
    internal void Initialize(string name, int value) => Named(name).Initial = value;

    /// <summary>What a variable holds now.</summary>
    internal Value Read(int handle, Value like, Graph graph)
    {
        Variable variable = Of(handle);
        if (variable.Current is null)
        {
            variable.State = new Value(variable.Name, like.Type, like.Shape) { Quantization = like.Quantization, IsState = true };
            variable.Current = variable.Initial == 0 ? variable.State : Shifted(graph, variable.State, variable.Initial, like);
        }

        return variable.Current;
    }

    /// <summary>What a variable holds from now on.</summary>
    internal void Assign(int handle, Value value, Graph graph)
    {
        Read(handle, value, graph);
        Variable variable = Of(handle);
        variable.Current = value;
        variable.IsAssigned = true;
    }

    /// <summary>Writes what variables hold at the end into their states.</summary>
    internal void Finish(Graph graph)
    {
        foreach (Variable variable in byName.Values.Where(variable => variable.State is not null))
        {
            Value state = variable.State!;
            Value value = variable.Current!;
            if (!variable.IsAssigned || value.IsState)
            {
                throw TfliteNodeContext.Unsupported($"variable '{variable.Name}' is never assigned in an inference");
            }

            if (!value.Shape.AsSpan().SequenceEqual(state.Shape) || value.Type != state.Type)
            {
                throw TfliteNodeContext.Unsupported($"variable '{variable.Name}' changes its shape or type");
            }

            if (variable.Initial != 0)
            {
                graph.Nodes.Add(new Node(Opcode.Table, state.Name, [value, Offset(state.Name, -variable.Initial)], state));
                continue;
            }

            Copy(graph, value, state);
        }
    }

    /// <summary>Adds the node that writes a value into another of its shape.</summary>
    internal static void Copy(Graph graph, Value value, Value into)
    {
        var copy = new Node(Opcode.Slice, into.Name, [value], into);
        for (int axis = 0; axis < value.Shape.Length; axis++)
        {
            copy.With(EdgeInference.ModelFormat.Rules.SliceRule.Step + axis, 1);
        }

        graph.Nodes.Add(copy);
    }

    // A state starts as zero bytes; one that is to start with another integer is kept that much lower, modulo 256.
    private static Value Shifted(Graph graph, Value state, int initial, Value like)
    {
        var value = new Value(state.Name + ".value", like.Type, like.Shape) { Quantization = like.Quantization };
        graph.Nodes.Add(new Node(Opcode.Table, value.Name, [state, Offset(value.Name, initial)], value));
        return value;
    }

    private static Value Offset(string name, int offset) =>
        Value.Constant(name + ".table", IntegerTable.ToInt8(x => unchecked((sbyte)(x + offset))), 256);

    private Variable Of(int handle) => byHandle.GetValueOrDefault(handle) ?? throw TfliteNodeContext.Unsupported("uses a variable without a handle");

    private Variable Named(string name)
    {
        if (!byName.TryGetValue(name, out Variable? variable))
        {
            variable = new Variable(name);
            byName.Add(name, variable);
        }

        return variable;
    }

    private sealed class Variable(string name)
    {
        internal string Name { get; } = name;

        internal int Initial { get; set; }

        internal Value? State { get; set; }

        internal Value? Current { get; set; }

        internal bool IsAssigned { get; set; }
    }
}
