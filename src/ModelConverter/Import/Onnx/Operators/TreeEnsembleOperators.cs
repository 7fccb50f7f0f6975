using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>ai.onnx.ml: decision trees, random forests and boosted trees.</summary>
internal static class TreeEnsembleOperators
{
    private const int MissingIsTrue = 8;
    private static readonly string[] comparisons = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
    private static readonly string[] aggregates = ["SUM", "AVERAGE", "MIN", "MAX"];

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("TreeEnsembleClassifier", Classifier, OnnxDomains.MachineLearning),
        new("TreeEnsembleRegressor", Regressor, OnnxDomains.MachineLearning),
    ];

    private static void Regressor(OnnxNodeContext call)
    {
        int targets = (int)Math.Clamp(call.Int("n_targets", 1), 1, 1 << 16);
        string aggregate = call.Text("aggregate_function", "SUM");
        int kind = Array.IndexOf(aggregates, aggregate);
        if (kind < 0)
        {
            throw call.Fault($"has the unknown aggregate function '{aggregate}'");
        }

        Value y = Trees(call, "target", targets, kind, out _);
        call.Output(LinearModelOperators.PostTransform(call, y, call.Text("post_transform", "NONE")), OnnxElementType.Float32);
    }

    private static void Classifier(OnnxNodeContext call)
    {
        ClassLabels labels = ClassLabels.Read(call);
        string transform = call.Text("post_transform", "NONE");
        long[] ids = call.Ints("class_ids") ?? [];

        // Two classes of which the leaves name one: its score decides, against 0.5 where it is a probability, else against 0.
        bool single = labels.Texts.Count == 2 && ids.Distinct().Count() == 1;
        if (single && ids[0] != 0 && call.Floats("base_values") is { Length: 1 })
        {
            throw call.Fault($"has one base value for two classes, and its leaves name only class {ids[0]}, so the base value is ambiguous; export the model with a base value for each class");
        }

        Value scores = Trees(call, "class", single ? 1 : labels.Texts.Count, 0, out bool positive);
        LinearModelOperators.OutputClasses(call, scores, labels, transform, single && positive && transform == "NONE");
    }

    private static Value Trees(OnnxNodeContext call, string prefix, int targets, int aggregate, out bool positive)
    {
        var source = Source.Read(call, prefix, single: prefix == "class" && targets == 1);
        Value x = call.Input(0);
        x = x.Shape.Length == 1 ? call.Builder.Reshape(x, 1, x.Shape[0]) : x;
        var layout = new Layout(call, source, x.LastDimension, targets);
        positive = Array.TrueForAll(source.Weights, weight => weight >= 0f);
        Value y = call.Builder.TreeEnsemble(x, layout.Lists, targets, aggregate);
        if (call.Floats("base_values") is not { Length: > 0 } offsets)
        {
            return y;
        }

        if (offsets.Length != targets)
        {
            throw call.Fault($"has {offsets.Length} base values for {targets} outputs");
        }

        return call.Builder.Arithmetic(Opcode.Add, y, Value.Constant(call.Builder.Name + ".base", offsets, targets));
    }

    /// <summary>The lists of a node's attributes, a number for each tree node, and one for each weight of a leaf.</summary>
    private sealed record Source(long[] Trees, long[] Ids, long[] Features, float[] Values, IReadOnlyList<string> Modes, long[] WhenTrue, long[] WhenFalse, long[]? Missing, long[] LeafTrees, long[] LeafIds, long[] Targets, float[] Weights)
    {
        internal static Source Read(OnnxNodeContext call, string prefix, bool single)
        {
            call.Ignore("nodes_hitrates", "nodes_hitrates_as_tensor");
            long[] targets = Ints(call, $"{prefix}_ids");
            var source = new Source(
                Ints(call, "nodes_treeids"),
                Ints(call, "nodes_nodeids"),
                Ints(call, "nodes_featureids"),
                Numbers(call, "nodes_values"),
                call.Texts("nodes_modes") ?? throw call.Fault("is missing the modes of its nodes"),
                Ints(call, "nodes_truenodeids"),
                Ints(call, "nodes_falsenodeids"),
                call.Ints("nodes_missing_value_tracks_true"),
                Ints(call, $"{prefix}_treeids"),
                Ints(call, $"{prefix}_nodeids"),
                single ? new long[targets.Length] : targets,
                Numbers(call, $"{prefix}_weights"));
            int nodes = source.Trees.Length;
            bool same = nodes > 0 && source.Ids.Length == nodes && source.Features.Length == nodes && source.Values.Length == nodes && source.Modes.Count == nodes
                && source.WhenTrue.Length == nodes && source.WhenFalse.Length == nodes && (source.Missing is null || source.Missing.Length == nodes);
            int weights = source.Weights.Length;
            TreeEnsembleNode.RequireFinite(call, source.Weights);
            same &= source.LeafTrees.Length == weights && source.LeafIds.Length == weights && source.Targets.Length == weights && weights > 0;
            return same ? source : throw call.Fault("has lists of different lengths for its nodes or leaves");
        }

        private static long[] Ints(OnnxNodeContext call, string name) => call.Ints(name) ?? throw call.Fault($"is missing the attribute '{name}'");

        private static float[] Numbers(OnnxNodeContext call, string name) =>
            call.Floats(name)
            ?? (call.Tensor(name + "_as_tensor") is { } tensor ? call.Scope.Constant(tensor, name).Value.Floats : throw call.Fault($"is missing the attribute '{name}'"));
    }

    /// <summary>The nodes in the engine's order, parents before children.</summary>
    private sealed class Layout
    {
        private readonly OnnxNodeContext call;
        private readonly Source source;
        private readonly int features;
        private readonly Dictionary<(long Tree, long Id), int> positions = [];
        private readonly Dictionary<(long Tree, long Id), List<int>> leaves = [];
        private readonly List<int> nodes = [];
        private readonly List<float> thresholds = [];
        private readonly List<int> roots = [];
        private readonly List<int> targets = [];
        private readonly List<float> weights = [];

        internal Layout(OnnxNodeContext call, Source source, int features, int targetCount)
        {
            this.call = call;
            this.source = source;
            this.features = features;
            for (int i = 0; i < source.Trees.Length; i++)
            {
                if (!positions.TryAdd((source.Trees[i], source.Ids[i]), i))
                {
                    throw call.Fault($"has node {source.Ids[i]} of tree {source.Trees[i]} twice");
                }
            }

            for (int i = 0; i < source.Weights.Length; i++)
            {
                if (source.Targets[i] < 0 || source.Targets[i] >= targetCount)
                {
                    throw call.Fault($"has a leaf for output {source.Targets[i]} of {targetCount}");
                }

                (long, long) key = (source.LeafTrees[i], source.LeafIds[i]);
                if (!leaves.TryGetValue(key, out List<int>? list))
                {
                    leaves.Add(key, list = []);
                }

                list.Add(i);
            }

            // The first node of each tree in the lists is its root.
            foreach (long tree in source.Trees.Distinct())
            {
                AddTree(tree, source.Ids[Array.IndexOf(source.Trees, tree)]);
            }
        }

        internal TreeLists Lists => new(nodes, thresholds, roots, targets, weights);

        // A stack of its own, and each node once: what is shared or goes in a circle is no tree.
        private void AddTree(long tree, long root)
        {
            roots.Add(thresholds.Count);
            var seen = new HashSet<long>();
            var waiting = new Stack<(long Id, int Slot)>();
            waiting.Push((root, -1));
            while (waiting.Count > 0)
            {
                (long id, int slot) = waiting.Pop();
                if (!positions.TryGetValue((tree, id), out int i))
                {
                    throw call.Fault($"leads to node {id} of tree {tree}, which does not exist");
                }

                if (!seen.Add(id))
                {
                    throw call.Fault($"reaches node {id} of tree {tree} twice");
                }

                int position = thresholds.Count;
                if (slot >= 0)
                {
                    nodes[slot] = position;
                }

                thresholds.Add(source.Values[i]);
                if (source.Modes[i] == "LEAF")
                {
                    AddLeaf(tree, id);
                    continue;
                }

                int mode = Array.IndexOf(comparisons, source.Modes[i]);
                if (mode < 0 || source.Features[i] < 0 || source.Features[i] >= features)
                {
                    throw call.Fault($"compares feature {source.Features[i]} of {features} by '{source.Modes[i]}'");
                }

                bool missing = source.Missing is not null && source.Missing[i] != 0;
                nodes.AddRange([(int)source.Features[i], mode + (missing ? MissingIsTrue : 0), 0, 0]);
                waiting.Push((source.WhenFalse[i], (position * 4) + 3));
                waiting.Push((source.WhenTrue[i], (position * 4) + 2));
            }
        }

        private void AddLeaf(long tree, long id)
        {
            int first = weights.Count;
            foreach (int i in leaves.GetValueOrDefault((tree, id)) ?? [])
            {
                targets.Add((int)source.Targets[i]);
                weights.Add(source.Weights[i]);
            }

            nodes.AddRange([-1, 0, first, weights.Count - first]);
        }
    }
}
