using System.Globalization;
using EdgeInference.ModelConverter.Emit.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Decision trees: comparisons with constants and jumps, one tree after the other, and the leaves added up.</summary>
internal sealed class TreeEnsembleEmitter
{
    // Three methods of so many bytes fill an assembly.
    private const int MethodBytes = 20_000;

    // What a method has besides its trees: features and sums to load and store.
    private const int ReserveBytes = 600;

    // Bytes and instructions that read a feature: of a local, and of an array.
    private const int LocalBytes = 2;
    private const int ArrayBytes = 7;
    private const int LocalInstructions = 1;
    private const int ArrayInstructions = 3;

    // A load of four instructions into a local pays from the third read on.
    private const double ReadsOfLocal = 2;

    // A test and a jump; a leaf that is stored, the jump to the end.
    private const int TestInstructions = 2;
    private const int LeafInstructions = 3;

    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly CountScaling? scaling;
    private readonly ForestRecord forest;
    private readonly LeafSum leaves;
    private readonly string[] sums;
    private readonly string stored;
    private readonly string left;
    private readonly string leftField;
    private readonly string leaf;
    private int row;
    private HashSet<int> locals = [];

    private TreeEnsembleEmitter(EmitContext context, OperatorRecord record, CountScaling? scaling)
    {
        this.context = context;
        this.record = record;
        this.scaling = scaling;
        forest = new ForestRecord(record);
        int number = record.Outputs[0].Index;
        leaves = LeafSum.Of(forest, number);
        stored = string.Create(CultureInfo.InvariantCulture, $"Sums{number}");
        left = string.Create(CultureInfo.InvariantCulture, $"next{number}");
        leftField = string.Create(CultureInfo.InvariantCulture, $"Left{number}");
        leaf = string.Create(CultureInfo.InvariantCulture, $"leaf{number}");
        sums = [.. leaves.Initial.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"s{number}_{i}"))];
    }

    /// <summary>Emits the trees.</summary>
    /// <param name="context">The code.</param>
    /// <param name="record">The operator.</param>
    /// <param name="scaling">What the counts stand for that the code's input holds; null where it takes the operator's own.</param>
    internal static void Emit(EmitContext context, OperatorRecord record, CountScaling? scaling)
    {
        if (LeafSum.Obstacle(new ForestRecord(record)) is { } obstacle)
        {
            context.Obstacle ??= obstacle;
            return;
        }

        var emitter = new TreeEnsembleEmitter(context, record, scaling);
        for (emitter.row = 0; emitter.row < record.Inputs[0].Elements / record.Inputs[0].LastDimension; emitter.row++)
        {
            emitter.EmitRow();
        }
    }

    private int Features => record.Inputs[0].LastDimension;

    private void EmitRow()
    {
        context.Comment(string.Create(CultureInfo.InvariantCulture, $"{forest.Count} tree{(forest.Count == 1 ? "" : "s")} of {forest.Features.Length} splits{(row > 0 ? $", row {row}" : "")}"));
        List<List<PlacedTree>> groups = Groups();
        for (int group = 0; group < groups.Count; group++)
        {
            Begin(groups[group], isFirst: group == 0);
            foreach (PlacedTree tree in groups[group])
            {
                Write(tree);
            }

            if (group + 1 < groups.Count)
            {
                Leave();
            }
        }

        for (int target = 0; target < forest.Targets; target++)
        {
            (string text, int instructions, int bytes) = leaves.Result(context, target, sums);
            context.Write(record.Outputs[0], (row * forest.Targets) + target, text, instructions, bytes);
        }
    }

    // Trees, and parts of a large one, that go into one method.
    private List<List<PlacedTree>> Groups()
    {
        var groups = new List<List<PlacedTree>> { new() };
        int bytes = 0;
        foreach (ForestTree tree in forest.Trees)
        {
            TreeGraph graph = TreeGraph.Of(forest, tree, leaf => leaves.Constant(tree, leaf), Add);
            double[] visits = graph.Visits();
            foreach (TreePart part in TreeLayout.Of(graph, _ => ArrayBytes, context.IsStaged ? MethodBytes - Reserve : int.MaxValue))
            {
                int size = part.Bytes + leaves.AddCost.Bytes;
                if (context.IsStaged && bytes > 0 && bytes + size > MethodBytes - Reserve)
                {
                    groups.Add([]);
                    bytes = 0;
                }

                bytes += size;
                groups[^1].Add(new PlacedTree(tree, graph, visits, part));
            }
        }

        return groups;
    }

    private int Reserve => ReserveBytes + (60 * sums.Length);

    private int Add(TreeGraph graph, int split, int whenTrue, int whenFalse) => scaling is null
        ? FloatSplits.Add(graph, forest, split, whenTrue, whenFalse)
        : new CountSplits(forest, scaling).Add(graph, split, whenTrue, whenFalse);

    // Begins a method where these trees do not fit the open one, and loads what they need.
    private void Begin(List<PlacedTree> trees, bool isFirst)
    {
        context.Room(trees.Sum(tree => tree.Part.Bytes + leaves.AddCost.Bytes) + Reserve, sums.Length + 4);
        string declare = context.Declare(leaves.LeafType, leaf);
        if (declare.Length > 0)
        {
            context.Add($"{declare}{leaf};", 0, 0);
        }

        for (int i = 0; i < sums.Length; i++)
        {
            string from = isFirst ? leaves.Initial[i] : string.Create(CultureInfo.InvariantCulture, $"{context.Local(leaves.SumType, context.Buffer(stored, leaves.SumType, sums.Length))}[{i}]");
            context.Add($"{context.Declare(leaves.SumType, sums[i])}{sums[i]} = {from};", isFirst ? 2 : 4, isFirst ? 12 : 9);
        }

        if (trees.Exists(tree => tree.Part.IsCut))
        {
            context.Add($"{context.Declare("int", left)}{left} = {context.Local("int", context.Buffer(leftField, "int", 1))}[0];", 4, 9);
        }

        var reads = new Dictionary<int, double>();
        foreach (PlacedTree tree in trees)
        {
            foreach (int node in tree.Part.Pieces.Where(piece => piece.Kind == PieceKind.Jump).Select(piece => piece.Node))
            {
                int feature = tree.Graph.Nodes[node].Feature;
                reads[feature] = reads.GetValueOrDefault(feature) + tree.Visits[node];
            }
        }

        locals = [.. reads.Where(pair => pair.Value > ReadsOfLocal).OrderByDescending(pair => pair.Value).Select(pair => pair.Key).Take(context.FreeLocals - 4)];
        foreach (int feature in locals)
        {
            Load(feature);
        }

        foreach (int feature in reads.Keys.Where(feature => scaling is null && !locals.Contains(feature)))
        {
            // Declares the array, which no jump may pass.
            context.ReadInPlace(record.Inputs[0], (row * Features) + feature);
        }

        leaves.Prepare(context);
    }

    private void Load(int feature)
    {
        int element = (row * Features) + feature;
        if (scaling is null)
        {
            context.Read(record.Inputs[0], element);
        }
        else if (context.Declare("int", Count(element)) is { Length: > 0 } declare)
        {
            context.Add(string.Create(CultureInfo.InvariantCulture, $"{declare}{Count(element)} = input[{element}];"), 4, 9);
        }
    }

    // What the next method goes on with.
    private void Leave()
    {
        for (int i = 0; i < sums.Length; i++)
        {
            context.Add(string.Create(CultureInfo.InvariantCulture, $"{context.Local(leaves.SumType, context.Buffer(stored, leaves.SumType, sums.Length))}[{i}] = {sums[i]};"), 4, 9);
        }

        if (context.Declare("int", left).Length == 0)
        {
            context.Add($"{context.Local("int", context.Buffer(leftField, "int", 1))}[0] = {left};", 4, 9);
        }

        context.CloseMethod();
    }

    private void Write(PlacedTree tree)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"L{record.Outputs[0].Index}_{row}_{tree.Tree.Number}_");
        string end = prefix + "End";
        if (tree.Part.IsCut && tree.Part.IsFirst)
        {
            context.Add($"{left} = -1;", 2, 3);
        }

        double instructions = 0;
        double comparisons = 0;
        bool hasEnd = false;
        for (int i = 0; i < tree.Part.Pieces.Count; i++)
        {
            TreePiece piece = tree.Part.Pieces[i];
            TreeNode node = tree.Graph.Nodes[piece.Node];
            string target = piece.Target == TreePiece.End ? prefix + "Past" : prefix + piece.Target.ToString(CultureInfo.InvariantCulture);
            bool isLast = i == tree.Part.Pieces.Count - 1;
            double visits = tree.Visits[piece.Node];
            switch (piece.Kind)
            {
                case PieceKind.Label:
                    context.Label(prefix + piece.Node.ToString(CultureInfo.InvariantCulture));
                    break;
                case PieceKind.Jump:
                    string test = Test(node);
                    context.Add($"if ({(piece.WhenTrue ? test : $"!({test})")}) goto {target};", 0, 0);
                    instructions += visits * (TestInstructions + (IsLocal(node.Feature) ? LocalInstructions : ArrayInstructions));
                    comparisons += visits;
                    break;
                case PieceKind.Goto:
                    context.Add($"goto {target};", 0, 0);
                    break;
                case PieceKind.Leaf:
                    context.Add($"{leaf} = {node.Leaf.Text};{(isLast ? "" : $" goto {end};")}", 0, 0);
                    hasEnd |= !isLast;
                    break;
                case PieceKind.Leave:
                    context.Add(string.Create(CultureInfo.InvariantCulture, $"{left} = {piece.Node}; goto {prefix}Past;"), 0, 0);
                    break;
                default:
                    context.Add(string.Create(CultureInfo.InvariantCulture, $"if ({left} == {piece.Node}) goto {target};"), 3, 0);
                    break;
            }
        }

        if (hasEnd)
        {
            context.Label(end);
        }

        leaves.Add(context, tree.Tree, leaf, sums);
        if (tree.Part.Pieces.Any(piece => piece.Kind == PieceKind.Leave || piece.Target == TreePiece.End))
        {
            context.Label(prefix + "Past");
            context.Add(";", 0, 0);
        }

        int size = TreeLayout.Measure(tree.Graph, tree.Part.Pieces, feature => IsLocal(feature) ? LocalBytes : ArrayBytes);
        context.Cost((int)Math.Round(instructions) + LeafInstructions + leaves.AddCost.Instructions, size + leaves.AddCost.Bytes);
        context.Compare(comparisons);
    }

    private bool IsLocal(int feature) => locals.Contains(feature) || (scaling is null && context.IsLocal(record.Inputs[0], (row * Features) + feature));

    private string Test(TreeNode node)
    {
        int element = (row * Features) + node.Feature;
        string x = scaling is null ? context.ReadInPlace(record.Inputs[0], element)
            : locals.Contains(node.Feature) ? Count(element)
            : string.Create(CultureInfo.InvariantCulture, $"input[{element}]");
        string threshold = scaling is null ? Literal.Of((float)node.Threshold) : Literal.Of((int)node.Threshold);
        return node.Test switch
        {
            TreeTest.AtMost => $"{x} <= {threshold}",
            TreeTest.Below => $"{x} < {threshold}",
            TreeTest.AtLeast => $"{threshold} <= {x}",
            TreeTest.Above => $"{threshold} < {x}",
            _ => $"{x} == {threshold}",
        };
    }

    private static string Count(int element) => string.Create(CultureInfo.InvariantCulture, $"c{element}");

    private sealed record PlacedTree(ForestTree Tree, TreeGraph Graph, double[] Visits, TreePart Part);
}
