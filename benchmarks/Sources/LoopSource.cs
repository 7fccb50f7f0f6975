using System.Text;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>A float32 graph as one loop nest a layer, in the form that a person would write.</summary>
internal sealed class LoopSource
{
    private readonly StringBuilder declarations = new();
    private readonly StringBuilder body = new();
    private readonly Dictionary<Value, string> names = [];
    private int constants;

    private LoopSource(SourceLanguage language) => Language = language;

    internal SourceLanguage Language { get; }

    /// <summary>The program's text.</summary>
    /// <exception cref="PeerException">An operator has no loops here, or there are too many constants.</exception>
    internal static string Write(Graph graph, int batch, SourceLanguage language)
    {
        var source = new LoopSource(language);
        source.names[graph.Inputs[0]] = "x";
        for (int i = 0; i < graph.Nodes.Count && !NeighbourLoops.TryEnd(source, graph, i); i++)
        {
            source.Add(graph.Nodes[i], i);
        }

        Value output = graph.Outputs[0];
        source.Line($"for (int u = 0; u < {output.Elements}; u++) y[u] = {source.Name(output)}[u];");
        return language.Program(source.declarations.ToString(), source.body.ToString(), new SourceSizes(graph.Inputs[0].Elements, output.Elements, batch));
    }

    internal string Name(Value value) => names.TryGetValue(value, out string? name) ? name : throw new PeerException($"no loops are written that give '{value.Name}'");

    internal void Line(string text) => body.Append("  ").Append(text).Append('\n');

    internal void Declare(string text) => declarations.Append(text);

    /// <summary>A constant array.</summary>
    internal void Constant(string name, float[] values)
    {
        constants += values.Length;
        if (constants > Language.MostConstants)
        {
            throw new PeerException($"more than {Language.MostConstants:N0} numbers do not go into a source text");
        }

        declarations.Append(Language.Constant(name, SourceLanguage.Literals(values), values.Length));
    }

    /// <summary>An array that the loops write.</summary>
    internal string Scratch(string name, int count)
    {
        (string before, string within) = Language.Scratch(name, count);
        declarations.Append(before);
        body.Append(within);
        return name;
    }

    /// <summary>The array of a node's output.</summary>
    internal string Result(Value value, string name) => names[value] = Scratch(name, value.Elements);

    private void Add(Node node, int i)
    {
        switch (node.Opcode)
        {
            case Opcode.Reshape:
                names[node.Output] = Name(node.Input(0));
                break;
            case Opcode.Dense:
                LayerLoops.Dense(this, node, i);
                break;
            case Opcode.Conv:
                WindowLoops.Conv(this, node, i);
                break;
            case Opcode.MaxPool or Opcode.AveragePool:
                WindowLoops.Pool(this, node, i);
                break;
            case Opcode.Transpose:
                MovementLoops.Transpose(this, node, i);
                break;
            case Opcode.Add when !node.Input(0).IsConstant && !node.Input(1).IsConstant:
                ElementLoops.Sum(this, node, i);
                break;
            case Opcode.Activation when node.Inputs.Count == 1:
                ElementLoops.Activation(this, node, i);
                break;
            case Opcode.Unary or Opcode.Mul:
                ElementLoops.Function(this, node, i);
                break;
            case Opcode.Softmax:
                ElementLoops.Softmax(this, node, i);
                break;
            case Opcode.Sub when node.Output.Elements > Math.Min(node.Input(0).Elements, node.Input(1).Elements) && (node.Input(0).IsConstant || node.Input(1).IsConstant):
                DistanceLoops.Differences(this, node, i);
                break;
            case Opcode.Sub or Opcode.Div when node.Input(1).IsConstant:
                ElementLoops.WithConstant(this, node, i);
                break;
            case Opcode.Reduce:
                DistanceLoops.Squares(this, node, i);
                break;
            case Opcode.PairwiseCoupling when node.Output.Elements == 2:
                DistanceLoops.TwoClasses(this, node, i);
                break;
            case Opcode.LSTM or Opcode.GRU:
                RecurrentLoops.Add(this, node, i);
                break;
            case Opcode.TreeEnsemble:
                TreeBranches.Add(this, node, i);
                break;
            default:
                throw new PeerException($"no loops are written for {node.Opcode}");
        }
    }
}
