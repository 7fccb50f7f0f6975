using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>One operator of a graph, with the opcode, inputs and parameters that it has in a file.</summary>
internal sealed class Node
{
    /// <summary>Creates a node whose parameters are all 0.</summary>
    public Node(Opcode opcode, string name, IEnumerable<Value?> inputs, params Value[] outputs)
    {
        Opcode = opcode;
        Name = name;
        Inputs = new ValueList<Value?>(this, inputs, reads: true);
        Outputs = new ValueList<Value>(this, outputs, reads: false);
        Parameters = new int[OperatorTable.Find((int)opcode).Parameters.Length];
    }

    /// <summary>The operator.</summary>
    public Opcode Opcode { get; }

    /// <summary>The name of the node in the source model.</summary>
    public string Name { get; }

    /// <summary>Inputs in the order of the operator's rule, null for an optional one that is absent.</summary>
    public ValueList<Value?> Inputs { get; }

    /// <summary>Outputs.</summary>
    public ValueList<Value> Outputs { get; }

    /// <summary>The parameters as they are in the file.</summary>
    public int[] Parameters { get; }

    /// <summary>The lists that hold it; most often one graph's.</summary>
    internal List<NodeList> Lists { get; } = new(1);

    /// <summary>The first output.</summary>
    public Value Output => Outputs[0];

    /// <summary>An input that must be there.</summary>
    public Value Input(int position) => Inputs[position] ?? throw new InvalidOperationException($"{Opcode} '{Name}' is missing input {position}.");

    /// <summary>An input, or null.</summary>
    public Value? InputOrNull(int position) => position < Inputs.Count ? Inputs[position] : null;

    /// <summary>Sets an integer parameter.</summary>
    public Node With(int parameter, int value)
    {
        Parameters[parameter] = value;
        return this;
    }

    /// <summary>Sets a float32 parameter.</summary>
    public Node With(int parameter, float value) => With(parameter, BitConverter.SingleToInt32Bits(value));

    /// <summary>Sets the three activation parameters that begin at <paramref name="parameter"/>.</summary>
    public Node WithActivation(int parameter, ActivationKind kind, float? alpha = null, float? beta = null)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        return With(parameter, (int)kind).With(parameter + 1, alpha ?? function.DefaultAlpha).With(parameter + 2, beta ?? function.DefaultBeta);
    }

    /// <summary>A float32 parameter.</summary>
    public float Float(int parameter) => BitConverter.Int32BitsToSingle(Parameters[parameter]);

    /// <inheritdoc/>
    public override string ToString() => $"{Opcode} '{Name}'";
}
