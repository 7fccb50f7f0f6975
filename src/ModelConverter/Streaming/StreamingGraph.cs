using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Optimize.Passes;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Streaming;

/// <summary>
/// Turns the graph of a sequence model into one that takes a few frames of the sequence a call. What the model knows of the
/// frames before lives in states: the last state of each recurrent layer, and the last frames that a causal convolution
/// reads. After n calls the outputs are those that the whole model gives for a sequence that ends there.
/// </summary>
internal static class StreamingGraph
{
    /// <summary>Rewrites a graph; the one given is not changed.</summary>
    /// <param name="graph">A graph in any precision, with the whole sequence as its input.</param>
    /// <param name="frames">Frames a call, 1 or more.</param>
    /// <exception cref="InputException">The model has no layer that could keep a state, or something in it needs the whole sequence.</exception>
    public static Graph Rewrite(Graph graph, int frames = 1)
    {
        if (frames < 1)
        {
            throw new InputException($"A call cannot take {frames} frames; give 1 or more.");
        }

        if (graph.Nodes.Exists(node => node.Inputs.Exists(input => input is { IsState: true })))
        {
            throw new InputException("The model already keeps state between calls; export it without --streaming.");
        }

        HashSet<Value> initialStates = InitialStates(graph);
        Value[] sequences = [.. graph.Inputs.Where(input => !initialStates.Contains(input))];
        if (sequences.Length != 1)
        {
            throw new InputException($"The model takes {sequences.Length} inputs besides initial states, but only one sequence can be streamed.");
        }

        Value sequence = sequences[0];
        int steps = Steps(graph);
        StreamingRewriter? farthest = null;
        for (int axis = 0; axis < sequence.Shape.Length; axis++)
        {
            if (sequence.Shape[axis] % steps != 0)
            {
                continue;
            }

            var rewriter = new StreamingRewriter(graph, sequence, new TimeAxis(axis, sequence.Shape[axis] / steps), steps, frames);
            if (rewriter.Run())
            {
                new DeadNodeRemoval().Run(rewriter.Target);
                rewriter.Target.Metadata = Metadata(graph.Metadata, sequence.Elements, rewriter.Target.Inputs[0].Elements);
                return rewriter.Target;
            }

            farthest = farthest is null || rewriter.Reached > farthest.Reached ? rewriter : farthest;
        }

        throw new InputException($"The model cannot be streamed: {farthest?.Fault ?? "no axis of its input has the length of the sequence that its layers read"}.");
    }

    // The number of frames of the whole sequence.
    private static int Steps(Graph graph)
    {
        // What is recurrent decides before a convolution does.
        foreach (Node node in graph.Nodes.OrderByDescending(node => OperatorDefinitions.Of(node.Opcode).IsRecurrent))
        {
            if (OperatorDefinitions.Of(node.Opcode).Frames(node) is { } frames)
            {
                return frames;
            }
        }

        throw new InputException("The model has neither a recurrent layer nor a causal convolution, so there is no state to keep; export it without --streaming.");
    }

    // Inputs that reach nothing but the first states of recurrent layers. A state begins at zero in their place.
    private static HashSet<Value> InitialStates(Graph graph)
    {
        var states = new HashSet<Value>();
        foreach (Value input in graph.Inputs)
        {
            if (OnlyStarts(graph, input))
            {
                states.Add(input);
            }
        }

        return states;
    }

    private static bool OnlyStarts(Graph graph, Value value)
    {
        IReadOnlyList<Node> readers = graph.Consumers(value);
        return readers.Count > 0 && !graph.Outputs.Contains(value) && readers.All(node => node.Opcode switch
        {
            Opcode.Reshape or Opcode.Slice or Opcode.Transpose => OnlyStarts(graph, node.Output),
            _ => OperatorDefinitions.Of(node.Opcode).IsRecurrent && node.Inputs.IndexOf(value) is RecurrentRule.FirstState or RecurrentRule.FirstCell,
        });
    }

    private static GraphMetadata Metadata(GraphMetadata metadata, int whole, int part)
    {
        if (whole == part)
        {
            return metadata;
        }

        // A name or a statistic for each value of the sequence says nothing of a frame.
        return metadata with
        {
            InputNames = metadata.InputNames.Count == part ? metadata.InputNames : [],
            Floats = metadata.Floats.Where(pair => pair.Key is not (MetadataKey.InputStatistics or MetadataKey.InputLimits)).ToDictionary(),
            SelfTestInputs = [],
        };
    }
}
