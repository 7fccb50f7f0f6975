using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Trees of both kinds: values on the thresholds, missing ones, all comparisons and aggregates.</summary>
internal static class TreeCases
{
    private static readonly string[] modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    internal static IEnumerable<OperatorCase> All() => [.. Regressor(), .. Classifier(), .. Newest()];

    // Below, on and above each threshold, and missing.
    private static CaseTensor Rows => In([0.25, 0.5, 0.5, 0.5, 0.75, 0.5, 0.5, 0.25, 0.75, 0.75, double.NaN, 0.25, 0.25, double.NaN, -0.0, 0, double.NaN, double.NaN], 9, 2);

    // Two trees: x0 ? (x1 ? a : b) : c, and x1 ? d : e.
    private static CaseAttribute[] Nodes(string mode, bool missing, double first = 0.5) =>
    [
        A("nodes_treeids", new[] { 0, 0, 0, 0, 0, 1, 1, 1 }),
        A("nodes_nodeids", new[] { 0, 1, 2, 3, 4, 0, 1, 2 }),
        A("nodes_featureids", new[] { 0, 1, 0, 0, 0, 1, 0, 0 }),
        A("nodes_values", new[] { (float)first, 0.5f, 0f, 0f, 0f, 0.25f, 0f, 0f }),
        A("nodes_modes", new[] { mode, mode, "LEAF", "LEAF", "LEAF", mode, "LEAF", "LEAF" }),
        A("nodes_truenodeids", new[] { 1, 2, 0, 0, 0, 1, 0, 0 }),
        A("nodes_falsenodeids", new[] { 4, 3, 0, 0, 0, 2, 0, 0 }),
        .. missing ? new[] { A("nodes_missing_value_tracks_true", new[] { 1, 0, 0, 0, 0, 1, 0, 0 }) } : [],
    ];

    private static CaseAttribute[] Leaves(string prefix, int[] ids, params float[] weights) =>
    [
        A($"{prefix}_treeids", new[] { 0, 0, 0, 1, 1 }),
        A($"{prefix}_nodeids", new[] { 2, 3, 4, 1, 2 }),
        A($"{prefix}_ids", ids),
        A($"{prefix}_weights", weights),
    ];

    // Weights of both outputs at every leaf: ONNX Runtime takes an output that no leaf names for one without a score.
    private static CaseAttribute[] Pairs(string prefix, params float[] weights) =>
    [
        A($"{prefix}_treeids", new[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1 }),
        A($"{prefix}_nodeids", new[] { 2, 2, 3, 3, 4, 4, 1, 1, 2, 2 }),
        A($"{prefix}_ids", new[] { 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }),
        A($"{prefix}_weights", weights),
    ];

    private static IEnumerable<OperatorCase> Regressor()
    {
        OperatorCase Of(params CaseAttribute[] attributes) => FeatureCases.Ml("TreeEnsembleRegressor", [Rows], attributes);
        foreach (string mode in modes)
        {
            yield return Of([.. Nodes(mode, false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]);
            yield return Of([.. Nodes(mode, true), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]);
        }

        foreach (string? aggregate in new[] { null, "SUM", "AVERAGE", "MIN", "MAX" })
        {
            CaseAttribute[] how = aggregate is null ? [] : [A("aggregate_function", aggregate)];
            foreach (float[]? bases in new float[]?[] { null, [10f, -20f] })
            {
                CaseAttribute[] offset = bases is null ? [] : [A("base_values", bases)];
                yield return Of([.. Nodes("BRANCH_LEQ", false), .. Pairs("target", 1.5f, -1f, -2f, 2f, 0.25f, 0.5f, 3f, -3f, -0.5f, 1f), A("n_targets", 2), .. how, .. offset]);
            }
        }

        foreach (string transform in new[] { "NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO" })
        {
            yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 1, 0, 1, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 2), A("post_transform", transform)]);
        }

        yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("base_values", new[] { 7f }), A("n_targets", 1)]);
        yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, 1], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]) with { Refusal = "has a leaf for output 1 of 1" };
        yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1), A("base_values", new[] { 1f, 2f })]) with { Refusal = "has 2 base values for 1 outputs" };
        yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1), A("aggregate_function", "MEDIAN")]) with { Refusal = "has the unknown aggregate function 'MEDIAN'" };
        yield return Of([.. Nodes("BRANCH_ODD", false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f)]) with { Refusal = "by 'BRANCH_ODD'" };

        OperatorCase Broken(string name, int[] values) => Of([.. Nodes("BRANCH_LEQ", false).Select(attribute => attribute.Name == name ? A(name, values) : attribute), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]);
        yield return Broken("nodes_featureids", [0, 2, 0, 0, 0, 1, 0, 0]) with { Refusal = "compares feature 2 of 2" };
        yield return Broken("nodes_featureids", [0, -1, 0, 0, 0, 1, 0, 0]) with { Refusal = "compares feature -1 of 2" };
        yield return Broken("nodes_truenodeids", [1, 9, 0, 0, 0, 1, 0, 0]) with { Refusal = "leads to node 9 of tree 0, which does not exist" };
        yield return Broken("nodes_truenodeids", [1, 0, 0, 0, 0, 1, 0, 0]) with { Refusal = "reaches node 0 of tree 0 twice" };
        yield return Broken("nodes_truenodeids", [1, 3, 0, 0, 0, 1, 0, 0]) with { Refusal = "reaches node 3 of tree 0 twice" };
        yield return Broken("nodes_nodeids", [0, 1, 2, 3, 3, 0, 1, 2]) with { Refusal = "has node 3 of tree 0 twice" };
        yield return Broken("nodes_nodeids", [0, 1, 2, 3]) with { Refusal = "has lists of different lengths" };
        yield return Broken("target_ids", [0, 0, 0, 0]) with { Refusal = "has lists of different lengths", Attributes = [.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)] };

        yield return Of([.. Nodes("BRANCH_LEQ", false).Where(attribute => attribute.Name != "nodes_modes"), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f)]) with { Refusal = "is missing the modes of its nodes" };
        foreach (string left in (string[])["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_truenodeids", "nodes_falsenodeids", "target_treeids", "target_nodeids", "target_ids", "target_weights"])
        {
            yield return Of([.. Nodes("BRANCH_LEQ", false).Concat(Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f)).Where(attribute => attribute.Name != left)]) with { Refusal = $"is missing the attribute '{left}'", Note = left };
        }

        foreach (string shorter in (string[])["nodes_treeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids"])
        {
            yield return Broken(shorter, [0, 0, 0, 0, 0, 0, 0]) with { Refusal = "has lists of different lengths", Note = shorter };
        }

        yield return Of([.. Nodes("BRANCH_LEQ", false), A("nodes_missing_value_tracks_true", new[] { 1 }), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f)]) with { Refusal = "has lists of different lengths" };
        yield return Broken("nodes_falsenodeids", [4, 9, 0, 0, 0, 2, 0, 0]) with { Refusal = "leads to node 9 of tree 0, which does not exist" };
        yield return Of([.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, -1], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]) with { Refusal = "has a leaf for output -1 of 1" };

        // One row without a batch; a leaf without a weight; n_targets left out; numbers as tensors, where ONNX Runtime takes only double precision.
        CaseAttribute[] whole = [.. Nodes("BRANCH_LEQ", false), .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)];
        yield return Of(whole[..^1]) with { Peer = Of(whole), Note = "one target where none is named" };
        OperatorCase single = FeatureCases.Ml("TreeEnsembleRegressor", [In([0.25, 0.75])], whole);
        yield return single with { Peer = single with { Inputs = [In([0.25, 0.75], 1, 2)] }, Note = "one row" };
        yield return Of([.. Nodes("BRANCH_LEQ", false), A("target_treeids", new[] { 0, 0, 1 }), A("target_nodeids", new[] { 2, 4, 2 }), A("target_ids", new[] { 0, 0, 0 }), A("target_weights", new[] { 1.5f, 0.25f, -0.5f }), whole[^1]]) with { Note = "leaves without a weight" };
        foreach (string tensor in (string[])["nodes_values", "target_weights"])
        {
            yield return Of([.. whole.Select(attribute => attribute.Name == tensor ? A(tensor + "_as_tensor", Const(Array.ConvertAll((float[])attribute.Value, value => (double)value))) : attribute)]) with { Peer = Of(whole), Note = tensor };
            yield return Of([.. whole.Select(attribute => attribute.Name == tensor ? A(tensor + "_as_tensor", Const(OnnxElementType.Float64, Array.ConvertAll((float[])attribute.Value, value => (double)value))) : attribute)]) with { Peer = Of(whole), Note = tensor + " in double precision" };
        }

        yield return Of([.. whole, A("nodes_hitrates", new[] { 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f })]) with { Note = "hit rates" };

        // Modes of its own each.
        CaseAttribute[] mixed = Nodes("BRANCH_LEQ", false);
        mixed[4] = A("nodes_modes", new[] { "BRANCH_GT", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GTE", "LEAF", "LEAF" });
        yield return Of([.. mixed, .. Leaves("target", [0, 0, 0, 0, 0], 1.5f, -2f, 0.25f, 3f, -0.5f), A("n_targets", 1)]);
    }

    private static IEnumerable<OperatorCase> Classifier()
    {
        IEnumerable<OperatorCase> Both(OperatorCase test)
        {
            yield return test with { Outputs = ["label", "scores"], GraphOutputs = ["label"], Note = test.Note + " label" };
            yield return test with { Outputs = ["label", "scores"], GraphOutputs = ["scores"], Note = test.Note + " scores" };
        }

        OperatorCase Of(params CaseAttribute[] attributes) => FeatureCases.Ml("TreeEnsembleClassifier", [Rows], attributes);
        CaseAttribute[] nodes = Nodes("BRANCH_LEQ", false);
        float[] pairs = [0.25f, 0.75f, 1.5f, 0.5f, 1f, 0f, 0.75f, 0.25f, 0f, 1f];
        foreach (string? transform in new[] { null, "NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO" })
        {
            CaseAttribute[] ending = transform is null ? [] : [A("post_transform", transform)];

            // Three classes, of other numbers; ties.
            OperatorCase[] three =
            [
                Of([.. nodes, .. Leaves("class", [0, 1, 2, 0, 2], 1f, 1f, 1f, 1f, 1f), A("classlabels_int64s", new[] { 5, 7, 2 }), .. ending]),
                Of([.. Nodes("BRANCH_LT", true), .. Leaves("class", [0, 1, 2, 0, 2], 0.5f, -1f, 0.75f, 0.25f, 1f), A("classlabels_int64s", new[] { 0, 1, 2 }), A("base_values", new[] { 0.1f, 0.2f, -0.3f }), .. ending]),
            ];
            foreach (OperatorCase test in three.SelectMany(Both))
            {
                yield return test;
            }

            // Two classes, both named: the label of three of which one has no leaf, and the scores of a regressor. ONNX Runtime has a label of its own there.
            foreach (CaseAttribute[] bases in (CaseAttribute[][])[[], [A("base_values", new[] { 0.5f, -0.25f })]])
            {
                CaseAttribute[] more = bases.Length == 0 ? [] : [A("base_values", new[] { 0.5f, -0.25f, -100f })];
                OperatorCase[] both = [.. Both(Of([.. nodes, .. Pairs("class", pairs), A("classlabels_int64s", new[] { 0, 1 }), .. bases, .. ending]))];
                yield return both[0] with { Peer = both[0] with { Attributes = [.. nodes, .. Pairs("class", pairs), A("classlabels_int64s", new[] { 0, 1, 9 }), .. more] } };
                yield return both[1] with { Peer = FeatureCases.Ml("TreeEnsembleRegressor", [Rows], [.. nodes, .. Pairs("target", pairs), A("n_targets", 2), .. bases, .. ending]) };
            }

            // Two classes of which one is named: a margin, or a probability where no weight is negative.
            foreach ((int id, float[] weights, float[] bases, int[] classes) in new (int, float[], float[], int[])[]
            {
                (1, [1f, -1f, 0.25f, -1f, 1f], [], [0, 1]), (0, [1f, -1f, 0.25f, -1f, 1f], [], [0, 1]),
                (1, [0.25f, 0.125f, 0.5f, 0.25f, 0.125f], [], [0, 1]), (1, [0.5f, 0.125f, 0.5f, 0f, 0f], [], [0, 1]), (0, [1f, -1f, 0.25f, -1f, 1f], [-0.25f], [3, 8]),
            })
            {
                CaseAttribute[] offset = bases.Length == 0 ? [] : [A("base_values", bases)];
                OperatorCase[] both = [.. Both(Of([.. nodes, .. Leaves("class", [id, id, id, id, id], weights), A("classlabels_int64s", classes), .. offset, .. ending]))];
                bool isPlain = transform is null or "NONE";
                bool isProbability = isPlain && weights.Min() >= 0;
                OperatorCase sum = FeatureCases.Ml("TreeEnsembleRegressor", [Rows], [.. nodes, .. Leaves("target", [0, 0, 0, 0, 0], weights), A("n_targets", 1), .. offset]);
                double[] scores = OnnxRuntimePeer.Run(sum.Write(), sum)[0].Values;
                yield return isPlain || weights.Min() < 0 ? both[0] : both[0] with { Expected = [.. scores.Select(score => score > 0 ? (double)classes[1] : classes[0])] };

                // ONNX Runtime leaves 0 for the first class where leaves name the second, and makes no softmax of one score.
                yield return id == 0 && (isPlain || transform == "LOGISTIC") ? both[1] : both[1] with
                {
                    Expected = [.. scores.SelectMany(score => transform == "LOGISTIC" ? LinearCases.Ended("SOFTMAX", 0, score) : isProbability ? [1 - score, score] : LinearCases.Ended(transform, -score, score))],
                };
            }
        }

        yield return Of([.. nodes, .. Leaves("class", [1, 1, 1, 1, 1], 1f, -1f, 0.25f, -1f, 1f), A("classlabels_int64s", new[] { 0, 1 }), A("base_values", new[] { 1f })]) with { Outputs = ["label", "scores"], Refusal = "has one base value for two classes" };
    }

    private static IEnumerable<OperatorCase> Newest()
    {
        // x0 ? (x1 ? leaf 0 : leaf 1) : leaf 2, and x1 ? leaf 3 : leaf 4.
        OperatorCase Of(int mode, bool missing, int targets, int[] ids, CaseTensor? splits, params CaseAttribute[] more) => FeatureCases.Ml("TreeEnsemble", [Rows],
        [
            A("n_targets", targets), A("tree_roots", new[] { 0, 2 }), A("nodes_featureids", new[] { 0, 1, 1 }),
            A("nodes_splits", splits ?? Const([0.5, 0.5, 0.25])), A("nodes_modes", Const(OnnxElementType.UInt8, [mode, mode, mode])),
            A("nodes_truenodeids", new[] { 1, 0, 3 }), A("nodes_trueleafs", new[] { 0, 1, 1 }), A("nodes_falsenodeids", new[] { 2, 1, 4 }), A("nodes_falseleafs", new[] { 1, 1, 1 }),
            A("leaf_targetids", ids), A("leaf_weights", Const([1.5, -2, 0.25, 3, -0.5])),
            .. missing ? new[] { A("nodes_missing_value_tracks_true", new[] { 1, 0, 1 }) } : [], .. more,
        ]) with { MlOpset = 5 };
        for (int mode = 0; mode < 6; mode++)
        {
            yield return Of(mode, false, 1, [0, 0, 0, 0, 0], null);
            yield return Of(mode, true, 1, [0, 0, 0, 0, 0], null);
        }

        foreach (int aggregate in new[] { 0, 1, 2, 3 })
        {
            yield return Of(0, false, 2, [0, 1, 0, 1, 0], null, A("aggregate_function", aggregate));
        }

        // Thresholds in double precision between two float32 numbers, and inputs on both sides of them.
        for (int mode = 0; mode < 6; mode++)
        {
            foreach (double split in new[] { 0.1, 0.7, 0.25 })
            {
                float low = (float)split > split ? MathF.BitDecrement((float)split) : (float)split;
                float high = (float)split < split ? MathF.BitIncrement((float)split) : (float)split;
                OperatorCase test = Of(mode, false, 1, [0, 0, 0, 0, 0], new CaseTensor(OnnxElementType.Float64, [3], [split, split, split], true));
                yield return test with
                {
                    Inputs = [In(OnnxElementType.Float64, [low, high, high, low, low, low, high, high, MathF.BitDecrement(low), MathF.BitIncrement(high), MathF.BitIncrement(low), MathF.BitDecrement(high)], 6, 2)],
                    Attributes = [.. test.Attributes.Select(attribute => attribute.Name == "leaf_weights" ? A("leaf_weights", Const(OnnxElementType.Float64, [1.5, -2, 0.25, 3, -0.5])) : attribute)],
                    Note = FormattableString.Invariant($"split {split} mode {mode}"),
                };
            }
        }

        yield return Of(0, false, 2, [0, 1, 0, 1, 0], null, A("post_transform", 0));
        yield return Of(0, false, 2, [0, 1, 0, 1, 0], null, A("post_transform", 3));
        yield return Of(0, false, 2, [0, 1, 0, 1, 0], null, A("post_transform", 1)) with { Refusal = "has the post transform 1" };
        yield return Of(0, false, 2, [0, 1, 0, 1, 0], null, A("post_transform", 2)) with { Refusal = "has the post transform 2" };
        OperatorCase Broken(string name, int[] values) => Of(0, false, 1, [0, 0, 0, 0, 0], null) is var basis ? basis with { Attributes = [.. basis.Attributes.Select(attribute => attribute.Name == name ? A(name, values) : attribute)] } : null!;
        foreach ((CaseAttribute attribute, int targets) in new[] { (A("aggregate_function", -1), 1), (A("post_transform", -1), 1), (A("post_transform", 5), 1), (A("post_transform", 0), 0), (A("post_transform", 0), (1 << 16) + 1) })
        {
            yield return Of(0, false, targets, [0, 0, 0, 0, 0], null, attribute) with { Refusal = "one of which is invalid" };
        }

        yield return Of(0, false, 1, [0, 0, 0, 0, 0], null, A("post_transform", 4)) with { Refusal = "ends with 'PROBIT'" };
        OperatorCase newest = Of(0, false, 1, [0, 0, 0, 0, 0], null);
        yield return newest with { Inputs = [In([0.25, 0.75])], Peer = newest with { Inputs = [In([0.25, 0.75], 1, 2)] }, Note = "one row" };
        yield return newest with { Attributes = [.. newest.Attributes.Where(attribute => attribute.Name != "n_targets")], Peer = newest, Note = "one target where none is named" };
        foreach (string left in newest.Attributes.Select(attribute => attribute.Name).Where(name => name != "n_targets"))
        {
            yield return newest with { Attributes = [.. newest.Attributes.Where(attribute => attribute.Name != left)], Refusal = $"is missing the attribute '{left}'", Note = left };
        }

        // Two sets, each its own node's, and what is missing.
        OperatorCase sets = Of(6, false, 1, [0, 0, 0, 0, 0], null, A("membership_values", Const([0.5, 0.75, double.NaN, 0.25, double.NaN, 0.5, 0.25])));
        yield return sets with { Note = "sets of their own" };
        yield return sets with { Attributes = [.. sets.Attributes, A("nodes_missing_value_tracks_true", new[] { 1, 0, 1 })], Note = "sets, and what is missing is in them" };
        CaseAttribute mixed = A("nodes_modes", Const(OnnxElementType.UInt8, [0, 6, 6]));
        yield return sets with { Attributes = [.. sets.Attributes.Where(attribute => attribute.Name is not ("nodes_modes" or "membership_values")), mixed, A("membership_values", Const([0.25, 0.75, double.NaN, 0.5]))], Note = "sets for some" };
        yield return sets with { Attributes = [.. sets.Attributes.Where(attribute => attribute.Name != "membership_values")], Refusal = "tests for membership in 3 sets", Note = "no sets" };
        yield return sets with { Attributes = [.. sets.Attributes.Where(attribute => attribute.Name != "membership_values"), A("membership_values", Const([0.5, double.NaN, 0.25]))], Refusal = "tests for membership in 3 sets", Note = "two sets" };
        yield return sets with { Attributes = [.. sets.Attributes.Where(attribute => attribute.Name != "membership_values"), A("membership_values", Const([0.5, double.NaN, double.NaN, 0.25]))], Refusal = "tests for membership in 3 sets", Note = "an empty set" };
        yield return Broken("nodes_featureids", [0, 2, 1]) with { Refusal = "has a feature outside 2 features" };
        yield return Broken("nodes_featureids", [0, -1, 1]) with { Refusal = "has a feature outside 2 features" };
        yield return Broken("nodes_truenodeids", [1, 5, 3]) with { Refusal = "leads to leaf 5, which does not exist" };
        yield return Broken("tree_roots", [0, 3]) with { Refusal = "leads to node 3, which does not exist" };
        yield return Broken("nodes_trueleafs", [0, 0, 1]) with { Refusal = "leads to node 0, which does not exist or was reached before" };
        yield return Broken("leaf_targetids", [0, 0, 0, 0]) with { Refusal = "has lists of different lengths" };
        yield return Broken("nodes_falseleafs", [1, 1]) with { Refusal = "has lists of different lengths" };
        yield return Of(7, false, 1, [0, 0, 0, 0, 0], null) with { Refusal = "an unknown comparison" };
        yield return Of(0, false, 1, [0, 0, 0, 0, 1], null) with { Refusal = "or a target outside 1 targets" };
        yield return Of(0, false, 1, [0, 0, 0, 0, 0], null, A("aggregate_function", 4)) with { Refusal = "one of which is invalid" };
        yield return Of(6, false, 1, [0, 0, 0, 0, 0], null, A("membership_values", Const([0.5, 0.75, double.NaN, 0.25, 0.5, double.NaN, 0.5]))) with { Note = "members" };
    }
}
