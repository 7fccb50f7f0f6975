namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// The order in which a tree's nodes stand in the code, and the jumps between them. What follows a split directly needs no jump, jumps
/// are short where they can be, and a leaf or subtree that is reached in several ways stands once. A tree that a method does not hold
/// goes on in the next, which begins at the node that the one before ended at.
/// </summary>
internal sealed class TreeLayout
{
    private const int ShortJump = 2;
    private const int LongJump = 5;

    // A jump of two bytes reaches 127; a few are left.
    private const int ShortReach = 120;

    // A constant that takes no more than a jump to it.
    private const int SmallConstant = 2;
    private const int ThresholdBytes = 5;
    private const int StoreBytes = 2;

    // What is added where a part ends for each node that it leads to, and where the next one begins.
    private const int CrossingBytes = 24;

    private readonly TreeGraph graph;
    private readonly Func<int, int> operandBytes;
    private readonly int budget;
    private readonly int[] waiting;
    private readonly double[] sizes;
    private readonly List<TreePart> parts = [];
    private readonly Stack<int> ready = new();
    private readonly HashSet<int> entries = [];
    private readonly HashSet<int> open = [];
    private readonly HashSet<int> placed = [];
    private readonly HashSet<int> pending = [];
    private readonly HashSet<int> jumpedTo = [];
    private List<TreePiece> pieces = [];
    private int bytes;

    private TreeLayout(TreeGraph graph, Func<int, int> operandBytes, int budget)
    {
        this.graph = graph;
        this.operandBytes = operandBytes;
        this.budget = budget;
        waiting = new int[graph.Nodes.Count];
        sizes = new double[graph.Nodes.Count];
        Count();
    }

    /// <summary>The parts of a tree, each for a method of its own but that the first may follow other trees.</summary>
    /// <param name="graph">The tree.</param>
    /// <param name="operandBytes">Bytes of IL that load a feature.</param>
    /// <param name="budget">Bytes from which on a part ends.</param>
    internal static IReadOnlyList<TreePart> Of(TreeGraph graph, Func<int, int> operandBytes, int budget) =>
        new TreeLayout(graph, operandBytes, budget).Place();

    /// <summary>Bytes of IL of a part, at most.</summary>
    /// <param name="graph">The tree.</param>
    /// <param name="pieces">The code.</param>
    /// <param name="operandBytes">Bytes of IL that load a feature.</param>
    internal static int Measure(TreeGraph graph, IReadOnlyList<TreePiece> pieces, Func<int, int> operandBytes)
    {
        // As if all jumps were long first: what is near then is nearer when some are short.
        int[] places = new int[pieces.Count + 1];
        var labels = new Dictionary<int, int>();
        for (int i = 0; i < pieces.Count; i++)
        {
            places[i + 1] = places[i] + Bytes(graph, pieces[i], operandBytes, LongJump);
            if (pieces[i].Kind == PieceKind.Label)
            {
                labels.Add(pieces[i].Node, places[i]);
            }
        }

        int sum = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            int target = pieces[i].Kind == PieceKind.Leaf ? places[^1] : labels.GetValueOrDefault(pieces[i].Target, int.MaxValue);
            bool isNear = pieces[i].Kind != PieceKind.Leave && Math.Abs((long)target - places[i + 1]) <= ShortReach;
            sum += Bytes(graph, pieces[i], operandBytes, isNear ? ShortJump : LongJump);
        }

        return sum;
    }

    private bool IsFull => bytes > 0 && bytes + (CrossingBytes * open.Count) > budget;

    private List<TreePart> Place()
    {
        ready.Push(graph.Root);
        while (ready.TryPop(out int node))
        {
            if (IsFull && !graph.Nodes[node].IsLeaf)
            {
                ready.Push(node);
                Close();
                continue;
            }

            Chain(node);
        }

        Close();
        return parts;
    }

    // A node and what follows it without a jump.
    private void Chain(int node)
    {
        int? next = node;
        while (next is { } at)
        {
            pieces.Add(new TreePiece(PieceKind.Label, at, 0, false));
            placed.Add(at);
            pending.Remove(at);
            open.Remove(at);
            if (graph.Nodes[at].IsLeaf)
            {
                Add(new TreePiece(PieceKind.Leaf, at, 0, false));
                return;
            }

            next = Split(at);
            if (IsFull && next is { } rest)
            {
                Jump(new TreePiece(PieceKind.Goto, at, rest, false), true);
                return;
            }
        }
    }

    // Adds the jumps of a split; the node that follows it, or null.
    private int? Split(int node)
    {
        (int whenTrue, int whenFalse) = (graph.Nodes[node].WhenTrue, graph.Nodes[node].WhenFalse);
        bool isTrueReady = IsReady(whenTrue);
        bool isFalseReady = IsReady(whenFalse);
        bool fallsToTrue = Prefers(whenTrue, isTrueReady, whenFalse, isFalseReady);
        (int falls, int jumps) = fallsToTrue ? (whenTrue, whenFalse) : (whenFalse, whenTrue);
        bool canFall = fallsToTrue ? isTrueReady : isFalseReady;
        Jump(new TreePiece(PieceKind.Jump, node, jumps, !fallsToTrue), fallsToTrue ? isFalseReady : isTrueReady);
        if (!canFall)
        {
            Jump(new TreePiece(PieceKind.Goto, node, falls, false), false);
            return null;
        }

        if (graph.Nodes[falls].IsLeaf && (placed.Contains(falls) || pending.Contains(falls)))
        {
            if (graph.Nodes[falls].Leaf.Bytes > SmallConstant)
            {
                Jump(new TreePiece(PieceKind.Goto, node, falls, false), false);
            }
            else
            {
                Add(new TreePiece(PieceKind.Leaf, falls, 0, false));
            }

            return null;
        }

        return falls;
    }

    // Whether the node where the test holds should follow it: a leaf that does not stand anywhere yet, then the smaller subtree.
    private bool Prefers(int whenTrue, bool isTrueReady, int whenFalse, bool isFalseReady)
    {
        if (isTrueReady != isFalseReady)
        {
            return isTrueReady;
        }

        bool isTrueKnown = placed.Contains(whenTrue) || pending.Contains(whenTrue);
        bool isFalseKnown = placed.Contains(whenFalse) || pending.Contains(whenFalse);
        return isTrueKnown != isFalseKnown ? isFalseKnown : sizes[whenTrue] <= sizes[whenFalse];
    }

    // A leaf may stand anywhere, a subtree only behind the last split that leads to it. Counts down what a subtree still waits for.
    private bool IsReady(int node) => graph.Nodes[node].IsLeaf || --waiting[node] == 0;

    private void Jump(TreePiece piece, bool isReady)
    {
        Add(piece);
        jumpedTo.Add(piece.Target);
        if (graph.Nodes[piece.Target].IsLeaf)
        {
            if (!placed.Contains(piece.Target) && pending.Add(piece.Target))
            {
                ready.Push(piece.Target);
            }

            return;
        }

        open.Add(piece.Target);
        if (isReady)
        {
            ready.Push(piece.Target);
        }
    }

    private void Add(TreePiece piece)
    {
        pieces.Add(piece);
        bytes += Bytes(graph, piece, operandBytes, LongJump);
    }

    // Leaves stand in each part that leads to them, and nodes of later parts are named.
    private void Close()
    {
        foreach (int leaf in pending.Order().ToArray())
        {
            pieces.Add(new TreePiece(PieceKind.Label, leaf, 0, false));
            Add(new TreePiece(PieceKind.Leaf, leaf, 0, false));
        }

        if (pending.Count > 0)
        {
            int[] left = [.. ready.Where(node => !graph.Nodes[node].IsLeaf).Reverse()];
            ready.Clear();
            Array.ForEach(left, ready.Push);
        }

        int[] entered = [.. entries.Where(placed.Contains).Order()];
        var before = entered.Select(node => new TreePiece(PieceKind.Enter, node, node, false)).ToList();
        if (parts.Count > 0)
        {
            before.Add(new TreePiece(PieceKind.Goto, 0, TreePiece.End, false));
        }

        jumpedTo.UnionWith(entered);
        pieces.InsertRange(0, before);
        foreach (int node in open.Where(jumpedTo.Contains).Order())
        {
            pieces.Add(new TreePiece(PieceKind.Label, node, 0, false));
            pieces.Add(new TreePiece(PieceKind.Leave, node, 0, false));
        }

        pieces.RemoveAll(piece => piece.Kind == PieceKind.Label && !jumpedTo.Contains(piece.Node));
        parts.Add(new TreePart(pieces, Measure(graph, pieces, operandBytes), parts.Count == 0, parts.Count > 0 || open.Count > 0));
        entries.Clear();
        entries.UnionWith(open);
        placed.Clear();
        pending.Clear();
        jumpedTo.Clear();
        pieces = [];
        bytes = 0;
    }

    private static int Bytes(TreeGraph graph, TreePiece piece, Func<int, int> operandBytes, int jump) => piece.Kind switch
    {
        PieceKind.Label => 0,
        PieceKind.Jump => operandBytes(graph.Nodes[piece.Node].Feature) + ThresholdBytes + jump,
        PieceKind.Leaf => graph.Nodes[piece.Node].Leaf.Bytes + StoreBytes + jump,
        PieceKind.Goto => jump,
        _ => StoreBytes + ThresholdBytes + jump,
    };

    // Of what can be reached.
    private void Count()
    {
        bool[] isReached = new bool[graph.Nodes.Count];
        isReached[graph.Root] = true;
        for (int node = graph.Root; node >= 0; node--)
        {
            if (isReached[node] && !graph.Nodes[node].IsLeaf)
            {
                foreach (int child in (int[])[graph.Nodes[node].WhenTrue, graph.Nodes[node].WhenFalse])
                {
                    isReached[child] = true;
                    waiting[child]++;
                }
            }
        }

        for (int node = 0; node <= graph.Root; node++)
        {
            sizes[node] = graph.Nodes[node].IsLeaf ? 1 : 1 + sizes[graph.Nodes[node].WhenTrue] + sizes[graph.Nodes[node].WhenFalse];
        }
    }
}

/// <summary>What of a tree stands in one method.</summary>
/// <param name="Pieces">The code in order.</param>
/// <param name="Bytes">Bytes of IL, at most.</param>
/// <param name="IsFirst">Whether it begins the tree.</param>
/// <param name="IsCut">Whether the tree goes on in another part, or comes from one.</param>
internal sealed record TreePart(IReadOnlyList<TreePiece> Pieces, int Bytes, bool IsFirst, bool IsCut);

/// <summary>A statement of a tree.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Node">The node that it belongs to.</param>
/// <param name="Target">The node that it jumps to.</param>
/// <param name="WhenTrue">Whether it jumps where the test holds.</param>
internal readonly record struct TreePiece(PieceKind Kind, int Node, int Target, bool WhenTrue)
{
    /// <summary>A target: the end of the tree.</summary>
    internal const int End = -1;
}

/// <summary>What a statement of a tree does.</summary>
internal enum PieceKind
{
    /// <summary>Names the node that follows.</summary>
    Label,

    /// <summary>Jumps where a split's test holds, or where not.</summary>
    Jump,

    /// <summary>Jumps.</summary>
    Goto,

    /// <summary>Takes a leaf and jumps to the end.</summary>
    Leaf,

    /// <summary>Remembers a node of a later part and jumps past the end.</summary>
    Leave,

    /// <summary>Jumps to a node where an earlier part has left for it.</summary>
    Enter,
}
