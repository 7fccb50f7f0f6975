using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>
/// ai.onnx.ml TreeEnsemble, of operator set 5 on: trees of inner nodes and leaves in lists of their own. A test for membership
/// in a set becomes a chain of comparisons that lead to the same node.
/// </summary>
internal static class TreeEnsembleNode
{
    private const int Equal = 4;
    private const int Member = 6;
    private const int MissingIsTrue = 8;

    // The engine's kinds by the operator's, which counts the mean first.
    private static readonly int[] aggregates = [1, 0, 2, 3];
    private static readonly string[] transforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"];

    internal static readonly OnnxOperatorRow[] Rows = [new("TreeEnsemble", Convert, OnnxDomains.MachineLearning)];

    private static void Convert(OnnxNodeContext call)
    {
        call.Ignore("nodes_hitrates");
        long aggregate = call.Int("aggregate_function", 1);
        long transform = call.Int("post_transform", 0);
        long targets = call.Int("n_targets", 1);
        if (aggregate is < 0 or > 3 || transform is < 0 or > 4 || targets is < 1 or > 1 << 16)
        {
            throw call.Fault($"has the aggregate function {aggregate}, the post transform {transform} and {targets} targets, one of which is invalid");
        }

        // ONNX Runtime takes 1 for LOGISTIC and 2 for SOFTMAX, and applies neither to a single target.
        if (transform is 1 or 2)
        {
            throw call.Fault($"has the post transform {transform}, which the ONNX standard and ONNX Runtime define differently; export the model with 0 and use edge export --head logits");
        }

        Value x = call.Input(0);
        x = x.Shape.Length == 1 ? call.Builder.Reshape(x, 1, x.Shape[0]) : x;
        var layout = new Layout(call, x.LastDimension, (int)targets);
        Value y = call.Builder.TreeEnsemble(x, new TreeLists(layout.Nodes, layout.Thresholds, layout.Roots, layout.Targets, layout.Weights), (int)targets, aggregates[aggregate]);
        call.Output(LinearModelOperators.PostTransform(call, y, transforms[transform]));
    }

    /// <summary>Refuses leaves that are NaN or infinite, which make results that are not finite for any input.</summary>
    internal static void RequireFinite(OnnxNodeContext call, float[] weights)
    {
        int bad = Array.FindIndex(weights, weight => !float.IsFinite(weight));
        if (bad >= 0)
        {
            throw call.Fault($"has a leaf whose weight is {(float.IsNaN(weights[bad]) ? "NaN" : "infinite")} (element {bad}), so its results are not finite; train or export the model again");
        }
    }

    /// <summary>The nodes in the engine's order, parents before children.</summary>
    private sealed class Layout
    {
        private readonly OnnxNodeContext call;
        private readonly long[] features;
        private readonly float[] modes;
        private readonly double[] splits;
        private readonly long[] whenTrue;
        private readonly long[] whenFalse;
        private readonly long[] trueIsLeaf;
        private readonly long[] falseIsLeaf;
        private readonly long[] missing;
        private readonly long[] leafTargets;
        private readonly float[] leafWeights;
        private readonly float[][] members;

        internal Layout(OnnxNodeContext call, int featureCount, int targetCount)
        {
            this.call = call;
            features = Longs("nodes_featureids");
            modes = Numbers("nodes_modes");
            splits = Tensor("nodes_splits").ToDoubles(call.Scope.Path);
            whenTrue = Longs("nodes_truenodeids");
            whenFalse = Longs("nodes_falsenodeids");
            trueIsLeaf = Longs("nodes_trueleafs");
            falseIsLeaf = Longs("nodes_falseleafs");
            missing = call.Ints("nodes_missing_value_tracks_true") ?? new long[features.Length];
            leafTargets = Longs("leaf_targetids");
            leafWeights = Numbers("leaf_weights");
            RequireFinite(call, leafWeights);
            long[][] lists = [whenTrue, whenFalse, trueIsLeaf, falseIsLeaf, missing];
            if (features.Length == 0 || modes.Length != features.Length || splits.Length != features.Length || lists.Any(list => list.Length != features.Length)
                || leafTargets.Length == 0 || leafTargets.Length != leafWeights.Length)
            {
                throw call.Fault("has lists of different lengths for its nodes or leaves");
            }

            int bad = Array.FindIndex(features, feature => feature < 0 || feature >= featureCount);
            if (bad >= 0 || modes.Any(mode => mode is < 0 or > Member) || leafTargets.Any(target => target < 0 || target >= targetCount))
            {
                throw call.Fault($"has a feature outside {featureCount} features, an unknown comparison, or a target outside {targetCount} targets");
            }

            members = Members(modes.Count(mode => mode == Member));
            foreach (long root in Longs("tree_roots"))
            {
                AddTree(root);
            }
        }

        internal List<int> Nodes { get; } = [];

        internal List<float> Thresholds { get; } = [];

        internal List<int> Roots { get; } = [];

        internal List<int> Targets { get; } = [];

        internal List<float> Weights { get; } = [];

        // A stack of its own, and each inner node once in a tree: what goes in a circle is no tree.
        private void AddTree(long root)
        {
            Roots.Add(Thresholds.Count);
            var seen = new HashSet<long>();
            var waiting = new Stack<(long Id, bool IsLeaf, int[] Slots)>();
            waiting.Push((root, false, []));
            while (waiting.TryPop(out (long Id, bool IsLeaf, int[] Slots) next))
            {
                foreach (int slot in next.Slots)
                {
                    Nodes[slot] = Thresholds.Count;
                }

                if (next.Id < 0 || next.Id >= (next.IsLeaf ? leafTargets.Length : features.Length) || (!next.IsLeaf && !seen.Add(next.Id)))
                {
                    throw call.Fault($"leads to {(next.IsLeaf ? "leaf" : "node")} {next.Id}, which does not exist or was reached before");
                }

                if (next.IsLeaf)
                {
                    Nodes.AddRange([-1, 0, Weights.Count, 1]);
                    Thresholds.Add(0f);
                    Targets.Add((int)leafTargets[next.Id]);
                    Weights.Add(leafWeights[next.Id]);
                }
                else
                {
                    AddNode(next.Id, waiting);
                }
            }
        }

        private void AddNode(long id, Stack<(long Id, bool IsLeaf, int[] Slots)> waiting)
        {
            int mode = (int)modes[id];
            double[] values = mode == Member ? Array.ConvertAll(members[modes.Take((int)id).Count(other => other == Member)], value => (double)value) : [splits[id]];
            var toTrue = new List<int>();
            int toFalse = 0;
            for (int i = 0; i < values.Length; i++)
            {
                int start = Nodes.Count;
                int kind = mode == Member ? Equal : mode;
                Nodes.AddRange([(int)features[id], kind + (missing[id] != 0 ? MissingIsTrue : 0), 0, (start / 4) + 1]);
                Thresholds.Add(Threshold(values[i], kind));
                toTrue.Add(start + 2);
                toFalse = start + 3;
            }

            waiting.Push((whenFalse[id], falseIsLeaf[id] != 0, [toFalse]));
            waiting.Push((whenTrue[id], trueIsLeaf[id] != 0, [.. toTrue]));
        }

        // A threshold in double precision between two float32 numbers must part the same float32 numbers.
        private static float Threshold(double value, int kind)
        {
            float near = (float)value;
            bool down = kind is 0 or 3;
            bool up = kind is 1 or 2;
            return near > value && down ? MathF.BitDecrement(near)
                : near < value && up ? MathF.BitIncrement(near)
                : near != value && !down && !up ? float.NaN : near;
        }

        // The values of all sets one after the other, with NaN between.
        private float[][] Members(int count)
        {
            float[] all = call.Tensor("membership_values") is { } tensor ? call.Scope.Constant(tensor, "membership_values").Value.Floats : [];
            var sets = new List<float[]>();
            int start = 0;
            for (int i = 0; i <= all.Length; i++)
            {
                if (i == all.Length || float.IsNaN(all[i]))
                {
                    sets.Add(all[start..i]);
                    start = i + 1;
                }
            }

            return sets.Count < count || sets.Take(count).Any(set => set.Length == 0)
                ? throw call.Fault($"tests for membership in {count} sets but has fewer that are not empty")
                : [.. sets];
        }

        private OnnxTensor Tensor(string name) => call.Tensor(name) ?? throw call.Fault($"is missing the attribute '{name}'");

        private float[] Numbers(string name) => call.Scope.Constant(Tensor(name), name).Value.Floats;

        private long[] Longs(string name) => call.Ints(name) ?? throw call.Fault($"is missing the attribute '{name}'");
    }
}
