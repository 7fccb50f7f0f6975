using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Computes the outputs of a node in double precision; an input that is absent or int32 is null.</summary>
internal delegate double[][] ReferenceKernel(Node node, double[]?[] inputs);

/// <summary>Writes the straight-line code of an operator.</summary>
internal delegate void OperatorCode(IEmittedCode code, OperatorRecord record);

/// <summary>
/// What an operator is to the converter, in one place: each stage asks it here. An abstract member must be stated for every
/// operator; a virtual one has the answer of most operators.
/// </summary>
internal abstract class OperatorDefinition
{
    /// <summary>Why a node cannot be streamed that mixes all frames.</summary>
    protected const string NeedsWholeSequence = "needs the whole sequence at once";

    /// <summary>The operator.</summary>
    internal abstract Opcode Opcode { get; }

    /// <summary>Its double-precision reference, or null where it works on quantized tensors only.</summary>
    internal abstract ReferenceKernel? Reference { get; }

    /// <summary>Whether it moves elements without computing, so that its inputs and its output should have one scale.</summary>
    internal abstract bool KeepsScale { get; }

    /// <summary>Whether it has constant weights as input 1, perhaps a bias as input 2, and a fused activation.</summary>
    internal virtual bool IsLayer => false;

    /// <summary>Whether it keeps a state from one frame of a sequence to the next.</summary>
    internal virtual bool IsRecurrent => false;

    /// <summary>Whether its output is its input in another shape, so that nothing is moved where both have one place.</summary>
    internal virtual bool IsView => false;

    /// <summary>Whether it converts between float32 and integers and computes nothing.</summary>
    internal virtual bool IsConversion => false;

    /// <summary>Whether it reads int32 constants that its reference takes from the node.</summary>
    internal virtual bool ReadsIntegers => false;

    /// <summary>Position of its three activation parameters, or null where it has none.</summary>
    internal virtual int? ActivationPosition => null;

    /// <summary>Products that one inference adds up; places of a window that lie in the padding count.</summary>
    internal abstract long MultiplyAccumulates(OperatorShapes shapes);

    /// <summary>Multiply-accumulates, comparisons or moves of one evaluation in double precision.</summary>
    internal virtual double Work(Node node)
    {
        long products = MultiplyAccumulates(OperatorShapes.Of(node));
        return products > 0 ? products : node.Outputs.Sum(output => (double)output.Elements) + node.Inputs.Sum(input => input is null ? 0.0 : input.Elements);
    }

    /// <summary>Counts what its kernel of EdgeInference.Nano does and holds, with weights in RAM.</summary>
    internal abstract void Cost(OperatorRecord record, CostTerms cost);

    /// <summary>The same with weights read in chunks.</summary>
    internal virtual void ChunkedCost(OperatorRecord record, CostTerms cost) => Cost(record, cost);

    /// <summary>Why its weights must be in RAM, or null where they need not be.</summary>
    internal virtual string? ChunkObstacle(OperatorRecord record) => null;

    /// <summary>What writes its straight-line code, or null where there is none for its type.</summary>
    internal abstract OperatorCode? Code(OperatorRecord record);

    /// <summary>Why its straight-line code cannot be written, or null where it can.</summary>
    internal virtual string? CodeObstacle(OperatorRecord record) =>
        Code(record) is null ? $"Code cannot be emitted for {record.Info.Name} on {record.Inputs[0].Type}; use the table form, --form table." : null;

    /// <summary>Frames of the sequence that it reads, where its kind says so; else null.</summary>
    internal virtual int? Frames(Node node) => null;

    /// <summary>Rewrites a node for a few frames a call; returns null, or why it cannot be.</summary>
    /// <param name="frames">The graph under construction.</param>
    /// <param name="node">The node of the whole sequence.</param>
    /// <param name="moving">Its first input that has frames.</param>
    internal abstract string? Stream(IFrameRewriter frames, Node node, MovingInput moving);

    /// <summary>Lets a node work on its inputs before their transposition and transposes its output instead; false where it cannot.</summary>
    /// <param name="mover">The graph.</param>
    /// <param name="node">A node that reads a Transpose.</param>
    /// <param name="permutation">That of the Transpose.</param>
    internal abstract bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation);

    /// <summary>Adds the int8 or int16 form of a node; false where it stays in float32.</summary>
    internal abstract bool TryQuantize(IQuantizedForms forms, Node node, Precision precision);

    /// <summary>Why an operator needs its weights in RAM.</summary>
    protected static string WeightsInRam(OperatorRecord record, string advice = "") =>
        $"{record.Info.Name} on {record.Inputs[0].Type} cannot read its weights in chunks: load the whole .edge file from internal storage (edge help esp32){advice}.";

    /// <summary>The reference of an operator with one output.</summary>
    protected static ReferenceKernel One(Func<Node, double[]?[], double[]> kernel) => (node, inputs) => [kernel(node, inputs)];

    /// <summary>Streams what combines the elements of the last axis.</summary>
    protected static string? StreamRows(IFrameRewriter frames, Node node, MovingInput moving) =>
        moving.IsOnLastAxis ? NeedsWholeSequence : frames.Copy(node, moving.Time);

    /// <summary>Streams what takes each element on its own, with further inputs that have a number for each element of the last axis.</summary>
    protected static string? StreamElements(IFrameRewriter frames, Node node, MovingInput moving) =>
        moving.IsOnLastAxis && node.Inputs.Count > 1 ? "has a number for each frame" : frames.Copy(node, moving.Time);

    /// <summary>Moves a Transpose behind a node, and a list of parameters with an entry for each axis along with it.</summary>
    protected static bool MoveLists(ITransposeMover mover, Node node, int[] permutation, params ReadOnlySpan<int> lists)
    {
        if (!mover.Move(node, permutation))
        {
            return false;
        }

        int[] inverse = Permutation.Inverse(permutation);
        foreach (int list in lists)
        {
            int[] moved = Permutation.Apply(inverse, node.Parameters[list..(list + permutation.Length)]);
            moved.CopyTo(node.Parameters, list);
        }

        return true;
    }
}
