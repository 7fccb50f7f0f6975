using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class TreeEnsembleRuleRows : RuleRows
{
    private const string NoNode = "has a node with an unknown feature or comparison";
    private const string NotOn = "has a node whose children do not follow it";
    private const string NoLeaf = "has a leaf outside its weights";

    // x[0] ≤ 0.5 leads to the first leaf.
    private static readonly int[] split = [0, 0, 1, 2, -1, 0, 0, 1, -1, 0, 1, 1];

    protected override void Add()
    {
        Good("the threshold itself", Trees(split), [0.5f, 0], [10, 0]);
        Good("above the threshold", Trees(split), [0.6f, 0], [0, 20]);
        Good("the last feature, the last comparison and a missing value", Trees(With(With(split, 0, 1), 1, 13)), [0.5f, float.NaN], [10, 0]);
        Good("a leaf without a weight at the end of all", Trees(With(With(split, 10, 2), 11, 0)), [9, 0], [0, 0]);
        Good("a leaf of all weights", Trees(With(With(split, 10, 0), 11, 2)), [9, 0], [10, 20]);
        Good("any negative feature is a leaf", Trees(With(split, 4, -9)), [0, 0], [10, 0]);
        Good("both ways to the last node", Trees(With(split, 2, 2)), [0, 0], [0, 20]);
        Good("both ways to the next node", Trees(With(split, 3, 1)), [9, 0], [10, 0]);
        Good("two trees and the last root", Trees(split, roots: [0, 2]), [0, 0], [10, 20]);
        Within("aggregate", 0, 0, 3, [0], changed => Trees(split, parameters: changed));
        AddNodes();
        AddConstants();
        Bad("int8", "takes float32", One(Opcode.TreeEnsemble, I8, [1, 2], [1, 2], [0], Inputs(split), F32));
        Bad("an output of int32", "output 0 has the wrong type", One(Opcode.TreeEnsemble, F32, [1, 2], [1, 2], [0], Inputs(split), I32));
        Bad("a row more", "output 0 has 4 elements, expected 2", One(Opcode.TreeEnsemble, F32, [1, 2], [2, 2], [0], Inputs(split)));
        Bad("a row less", "output 0 has 2 elements, expected 4", One(Opcode.TreeEnsemble, F32, [2, 2], [1, 2], [0], Inputs(split)));
    }

    private void AddNodes()
    {
        foreach ((int place, string way) in new[] { (2, "true"), (3, "false") })
        {
            Bad($"a node that leads to itself when {way}", NotOn, Trees(With(split, place, 0)));
            Bad($"a node that leads before the first when {way}", NotOn, Trees(With(split, place, -1)));
            Bad($"a node that leads past the last when {way}", NotOn, Trees(With(split, place, 3)));
            Bad($"a second node that leads to the first when {way}", NotOn, Trees(With([0, 0, 1, 2, 0, 0, 2, 2, -1, 0, 1, 1], 4 + place, 0)));
            Bad($"a second node that leads to itself when {way}", NotOn, Trees(With([0, 0, 1, 2, 0, 0, 2, 2, -1, 0, 1, 1], 4 + place, 1)));
        }

        Bad("a feature past the last", NoNode, Trees(With(split, 0, 2)));
        foreach (int mode in new[] { 6, 14, 16, -1, int.MinValue })
        {
            Bad($"comparison {mode}", NoNode, Trees(With(split, 1, mode)));
        }

        foreach (int mode in new[] { 0, 5, 8, 13 })
        {
            Good($"comparison {mode}", Trees(With(split, 1, mode)));
        }

        Bad("a last node that is no leaf", NotOn, Trees(With(split, 8, 0)));
        Bad("a leaf that begins one too late", NoLeaf, Trees(With(split, 10, 2)));
        Bad("a leaf of one weight more", NoLeaf, Trees(With(split, 11, 2)));
        Bad("a leaf that begins before the first", NoLeaf, Trees(With(split, 6, -1)));
        Bad("a leaf of a negative number", NoLeaf, Trees(With(split, 7, -1)));
        Bad("a leaf of 2³¹ - 1 weights", NoLeaf, Trees(With(split, 11, int.MaxValue)));
        Bad("a leaf that begins at 2³¹ - 1", NoLeaf, Trees(With(split, 10, int.MaxValue)));
    }

    private void AddConstants()
    {
        Bad("nodes of one dimension", "needs nodes of four numbers", Trees(split, [12]));
        Bad("nodes of three dimensions", "needs nodes of four numbers", Trees(split, [3, 4, 1]));
        Bad("nodes of three numbers", "needs nodes of four numbers", Trees(split, [4, 3]));
        Bad("nodes of five numbers", "needs nodes of four numbers", Trees([.. split, 0, 0, 0], [3, 5]));
        Bad("a threshold less", "input 2 has 2 elements, expected 3", Trees(split, thresholds: 2));
        Bad("a threshold more", "input 2 has 4 elements, expected 3", Trees(split, thresholds: 4));
        Bad("a root past the last node", "input 3 holds 3, outside 0 to 2", Trees(split, roots: [0, 3]));
        Bad("a negative root", "input 3 holds -1, outside 0 to 2", Trees(split, roots: [-1]));
        Bad("a target past the last", "input 4 holds 2, outside 0 to 1", Trees(split, targets: [0, 2]));
        Bad("a negative target", "input 4 holds -1, outside 0 to 1", Trees(split, targets: [-1, 0]));
        Bad("a weight less", "input 5 has 1 elements, expected 2", Trees(split, weights: 1));
        Bad("a weight more", "input 5 has 3 elements, expected 2", Trees(split, weights: 3));
        const string Type = "is not a constant of the type that it needs";
        Bad("nodes of float32", $"input 1 {Type}", One(Opcode.TreeEnsemble, F32, [1, 2], [1, 2], [0], model => [model.Floats([3, 4], new float[12]), model.Floats([3], 0, 0, 0), model.Ints([1], 0), model.Ints([1], 0), model.Floats([1], 0)]));
        Bad("targets of float32", $"input 4 {Type}", One(Opcode.TreeEnsemble, F32, [1, 2], [1, 2], [0], model => [model.Ints([3, 4], split), model.Floats([3], 0, 0, 0), model.Ints([1], 0), model.Floats([1], 0), model.Floats([1], 0)]));
        for (int input = 1; input < 6; input++)
        {
            int absent = input;
            Bad($"input {input} absent", $"is missing input {input}", One(Opcode.TreeEnsemble, F32, [1, 2], [1, 2], [0], model => With(Inputs(split)(model), absent - 1, -1)));
        }
    }

    private static Func<RawModel, int[]> Inputs(int[] nodes, int[]? shape = null, int thresholds = 3, int[]? roots = null, int[]? targets = null, int weights = 2) => model =>
    [
        model.Ints(shape ?? [3, 4], nodes), model.Floats([thresholds], [0.5f, .. new float[thresholds - 1]]), model.Ints([roots?.Length ?? 1], roots ?? [0]),
        model.Ints([2], targets ?? [0, 1]), model.Floats([weights], [.. new float[] { 10, 20, 30 }.Take(weights)]),
    ];

    private static RawModel Trees(int[] nodes, int[]? shape = null, int thresholds = 3, int[]? roots = null, int[]? targets = null, int weights = 2, int[]? parameters = null) =>
        One(Opcode.TreeEnsemble, F32, [1, 2], [1, 2], parameters ?? [0], Inputs(nodes, shape, thresholds, roots, targets, weights));
}
