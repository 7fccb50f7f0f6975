using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>What <see cref="OperatorDefinition.Stream"/> asks of the stage that rewrites a graph for a few frames a call. Methods that return a text say why a node cannot be rewritten.</summary>
internal interface IFrameRewriter
{
    /// <summary>Frames of the whole sequence.</summary>
    int Steps { get; }

    /// <summary>Frames a call.</summary>
    int Frames { get; }

    /// <summary>The same node on fewer frames.</summary>
    string? Copy(Node node, TimeAxis time);

    /// <summary>A node whose inputs, constants too, are aligned as broadcasting does.</summary>
    string? Broadcast(Node node);

    /// <summary>A recurrent layer that begins with its last state.</summary>
    string? Recurrent(Node node, int reverse);

    /// <summary>A convolution that reads the <paramref name="span"/> frames before those of the call from a state.</summary>
    string? Causal(Node node, TimeAxis time, int span);

    /// <summary>What a value of the whole sequence became.</summary>
    Value Rewritten(Value value);

    /// <summary>A new value for one of the whole sequence; <paramref name="time"/> is null where it has no frames.</summary>
    Value Twin(Value value, TimeAxis? time);

    /// <summary>Says that a value of the whole sequence became one that is there.</summary>
    void Become(Value value, Value rewritten);

    /// <summary>Adds a copy of a node with other inputs and outputs.</summary>
    Node Add(Node node, IEnumerable<Value?> inputs, IEnumerable<Value> outputs);

    /// <summary>Adds a Reshape.</summary>
    void AddReshape(string name, Value input, Value output);
}
