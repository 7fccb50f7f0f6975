using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class TreeEnsembleRuleRows : RuleRows
{
    private const string NoConstant = "is not a constant of the type that it needs";
    private const string NoFeature = "has a split on an unknown feature";
    private const string NoComparison = "has an unknown comparison";
    private const string NoTarget = "has an unknown target";
    private const string PastTree = "has a split that leads past the last of its tree";
    private const string PastLeaves = "has a split that leads past the last leaf";
    private const string NoSplit = "has a tree without a split or past the last";
    private const string NoLeaf = "has a tree without a leaf or past the last";
    private const string NoExponent = "has an exponent that is not supported; expected -126 to 112";
    private const string Rest = "has splits or leaves of no tree";

    private static readonly TensorType[] integers = [I8, I16, I32];

    protected override void Add()
    {
        AddWalks();
        AddTypes();
        AddFeatures();
        AddTrees();
        AddOwnLeaves();
        AddTargets();
        AddComparisons();
        AddConstants();
        AddCodes();
    }

    // Two trees. x[0] ≤ 0.5 leads to leaf 0, else on to x[1] ≤ 0.5, which leads to leaf 1 or 2; the second is leaf 0 whatever x is.
    private void AddWalks()
    {
        Good("the threshold itself", new Trees().Model(), [0.5f, 9], [2, 20]);
        Good("above the first threshold", new Trees().Model(), [0.6f, 0.5f], [4, 30]);
        Good("above both", new Trees().Model(), [0.6f, 0.6f], [8, 50]);
        Good("a missing value", new Trees().Model(), [float.NaN, 0], [4, 30]);
        Good("both ways to the last leaf", new Trees { Children = [-3, -3, -2, -3, -1, -1] }.Model(), [0, 0], [8, 50]);
        Good("past the next split", new Trees { Counts = [3], Children = [1, 0, -2, -2, -3, -1] }.Model(), [0, 0], [7, 40]);
        Good("a split without a way to it", new Trees { Children = [-1, -1, -2, -3, -1, -1] }.Model(), [9, 9], [2, 20]);
        Within("aggregate", 0, 0, 3, [0, 0, 0], changed => new Trees { Parameters = changed }.Model());
        Bad("int8", "takes float32", new Trees().Model(type: I8, output: F32));
        Bad("an output of int32", "output 0 has the wrong type", new Trees().Model(output: I32));
        Bad("a row more", "output 0 has 4 elements, expected 2", new Trees().Model(outputShape: [2, 2]));
        Bad("a row less", "output 0 has 2 elements, expected 4", new Trees().Model(shape: [2, 2]));
    }

    private void AddTypes()
    {
        foreach (TensorType type in integers)
        {
            Good($"numbers of splits in {type}", new Trees { CountType = type }.Model(), [0.6f, 0.6f], [8, 50]);
            Good($"features in {type}", new Trees { FeatureType = type }.Model(), [0.6f, 0.6f], [8, 50]);
            Good($"children in {type}", new Trees { ChildType = type }.Model(), [0.6f, 0.6f], [8, 50]);
            Good($"targets of weights in {type}", new Trees { Parameters = [0, 0, 1], TargetType = type, Targets = [1, 0, 0, 0, 1, 1] }.Model(), [0, 0], [20, 2]);
            Good($"targets of trees in {type}", new Trees { Parameters = [0, 0, 2], TargetType = type, Targets = [1, 0], Width = 1, Weights = [1, 3, 7] }.Model(), [0, 0], [1, 1]);
        }

        // Numbers that an int8 or int16 holds as negative ones.
        Good("feature 200 in a byte", Wide(I8, 201, 200), [.. new float[200], 9], [5]);
        Good("feature 40,000 in two bytes", Wide(I16, 40_001, 40_000), [.. new float[40_000], 9], [5]);
        Good("a tree of 200 splits in a byte", Long(I8, 200), [9], [5]);
        Good("a tree of 40,000 splits in two bytes", Long(I16, 40_000), [9], [5]);
        Good("leaf 127 in a byte", Many(I8, 128), [9], [127]);
        Good("leaf 32,767 in two bytes", Many(I16, 32_768), [9], [32_767]);
        Good("leaf 40,000 in four bytes", Many(I32, 40_001), [9], [40_000]);
    }

    private void AddFeatures()
    {
        Bad("a feature past the last", NoFeature, new Trees { Features = [0, 2, 0] }.Model());
        Bad("a last feature past the last", NoFeature, new Trees { Features = [0, 0, 2] }.Model());
        Bad("feature 255 in a byte", NoFeature, new Trees { Features = [0, -1, 0] }.Model());
        Bad("a negative feature in four bytes", NoFeature, new Trees { FeatureType = I32, Features = [-1, 0, 0] }.Model());
    }

    private void AddTrees()
    {
        foreach ((int place, string way) in new[] { (0, "true"), (1, "false") })
        {
            Bad($"past the last of its tree when {way}", PastTree, new Trees { Children = With([-1, 0, -2, -3, -1, -1], place, 1) }.Model());
            Bad($"the last split of a tree leads on when {way}", PastTree, new Trees { Children = With([-1, 0, -2, -3, -1, -1], 2 + place, 0) }.Model());
            Bad($"the last split of all leads on when {way}", PastTree, new Trees { Children = With([-1, 0, -2, -3, -1, -1], 4 + place, 0) }.Model());
            Bad($"past the last leaf when {way}", PastLeaves, new Trees { Children = With([-1, 0, -2, -3, -1, -1], place, -4) }.Model());
            Bad($"leaf 2³¹ - 1 when {way}", PastLeaves, new Trees { ChildType = I32, Children = With([-1, 0, -2, -3, -1, -1], 4 + place, int.MinValue) }.Model());
            Bad($"2³¹ - 1 splits on when {way}", PastTree, new Trees { ChildType = I32, Children = With([-1, 0, -2, -3, -1, -1], place, int.MaxValue) }.Model());
        }

        Bad("a tree of no split", NoSplit, new Trees { Counts = [2, 0] }.Model());
        Bad("a tree of -1 splits", NoSplit, new Trees { CountType = I32, Counts = [-1, 2] }.Model());
        Bad("a tree of more splits than are left", NoSplit, new Trees { Counts = [2, 2] }.Model());
        Bad("a first tree of more splits than there are", NoSplit, new Trees { Counts = [4] }.Model());
        Bad("a split of no tree", Rest, new Trees { Counts = [2] }.Model());
        Bad("numbers of no dimension", "needs one or two numbers for each tree", new Trees { CountShape = [], Counts = [3] }.Model());
        Bad("numbers of three dimensions", "needs one or two numbers for each tree", new Trees { CountShape = [1, 2, 1] }.Model());
        Bad("one number in two dimensions", "needs one or two numbers for each tree", new Trees { CountShape = [2, 1] }.Model());
        Bad("three numbers for each tree", "needs one or two numbers for each tree", new Trees { CountShape = [2, 3], Counts = [2, 2, 0, 1, 1, 0] }.Model());
    }

    // The first tree has the leaves 0 to 1, the second leaf 2.
    private void AddOwnLeaves()
    {
        Trees Own(params int[] counts) => new() { CountShape = [counts.Length / 2, 2], Counts = counts, Children = [-1, 0, -2, -1, -1, -1] };
        Good("leaves of the first tree and of the second", Own(2, 2, 1, 1).Model(), [0, 0], [8, 50]);
        Good("the last leaf of the first tree", Own(2, 2, 1, 1).Model(), [0.6f, 0], [10, 60]);
        foreach (TensorType type in integers)
        {
            Good($"leaves of a tree in {type}", (Own(2, 2, 1, 1) with { CountType = type }).Model(), [0.6f, 0], [10, 60]);
        }

        Bad("the first leaf of the next tree", PastLeaves, (Own(2, 2, 1, 1) with { Children = [-1, 0, -2, -3, -1, -1] }).Model());
        Bad("a second tree's leaf past the last", PastLeaves, (Own(2, 2, 1, 1) with { Children = [-1, 0, -2, -1, -2, -1] }).Model());
        Bad("a tree without a leaf", NoLeaf, Own(2, 3, 1, 0).Model());
        Bad("a tree of -1 leaves", NoLeaf, (Own(2, -1, 1, 3) with { CountType = I32 }).Model());
        Bad("a tree of more leaves than are left", NoLeaf, Own(2, 2, 1, 2).Model());
        Bad("a first tree of more leaves than there are", NoLeaf, Own(3, 4).Model());
        Bad("a leaf of no tree", Rest, (Own(2, 1, 1, 1) with { Children = [-1, 0, -1, -1, -1, -1] }).Model());
        Bad("a split of no tree that has leaves", Rest, Own(2, 3).Model());
    }

    private void AddTargets()
    {
        Within("targets", 2, 0, 2, [0, 0, 0], changed => new Trees { Parameters = changed }.Model(), atHigh: false);
        Bad("targets that nothing reads", "has targets that nothing reads", new Trees { Targets = [0, 1] }.Model());
        Bad("a weight less than targets", "needs a weight for each target", new Trees { Width = 1, Weights = [1, 2, 3] }.Model());
        Bad("a weight more than targets", "needs a weight for each target", new Trees { Width = 3, Weights = [1, 2, 3, 4, 5, 6, 7, 8, 9] }.Model());
        Bad("weights without targets", "is missing input 6", new Trees { Parameters = [0, 0, 1] }.Model());
        Bad("a target less than weights", "needs a target for each weight", new Trees { Parameters = [0, 0, 1], Targets = [0, 0, 0, 0, 0] }.Model());
        Bad("a target more than weights", "needs a target for each weight", new Trees { Parameters = [0, 0, 1], Targets = [0, 0, 0, 0, 0, 0, 0] }.Model());
        Bad("a target less than trees", "needs a target for each tree", new Trees { Parameters = [0, 0, 2], Targets = [0], Width = 1, Weights = [1, 2, 3] }.Model());
        Bad("a target more than trees", "needs a target for each tree", new Trees { Parameters = [0, 0, 2], Targets = [0, 0, 0], Width = 1, Weights = [1, 2, 3] }.Model());
        Bad("two weights for the target of a tree", "needs one weight for each leaf", new Trees { Parameters = [0, 0, 2], Targets = [0, 0] }.Model());
        Bad("a target past the last", NoTarget, new Trees { Parameters = [0, 0, 1], Targets = [0, 0, 0, 0, 0, 2] }.Model());
        Bad("target 255 in a byte", NoTarget, new Trees { Parameters = [0, 0, 1], Targets = [-1, 0, 0, 0, 0, 0] }.Model());
        Bad("a negative target in four bytes", NoTarget, new Trees { Parameters = [0, 0, 1], TargetType = I32, Targets = [-1, 0, 0, 0, 0, 0] }.Model());
        Bad("targets of float32", $"input 6 {NoConstant}", new Trees { Parameters = [0, 0, 1], TargetType = F32, Targets = new int[6] }.Model());
        Good("two weights for one target", new Trees { Parameters = [0, 0, 1], Targets = [1, 1, 0, 0, 0, 0] }.Model(), [0, 0], [0, 22]);
    }

    private void AddComparisons()
    {
        foreach (int comparison in new[] { 0, 5, 8, 13 })
        {
            Good($"comparison {comparison}", new Trees { Parameters = [0, comparison, 0] }.Model());
            Good($"comparison {comparison} of the last split", new Trees { Comparisons = [0, 0, comparison] }.Model());
        }

        foreach (int comparison in new[] { 6, 14, 16, -1 })
        {
            Bad($"comparison {comparison}", NoComparison, new Trees { Parameters = [0, comparison, 0] }.Model());
            Bad($"comparison {comparison} of the first split", NoComparison, new Trees { Comparisons = [comparison, 0, 0] }.Model());
            Bad($"comparison {comparison} of the last split", NoComparison, new Trees { Comparisons = [0, 0, comparison] }.Model());
        }

        Bad("the lowest comparison", NoComparison, new Trees { Parameters = [0, int.MinValue, 0] }.Model());
        Good("above, for one split", new Trees { Comparisons = [3, 0, 0] }.Model(), [0.5f, 0.5f], [4, 30]);
        Good("a missing value that counts as true", new Trees { Parameters = [0, 8, 0] }.Model(), [float.NaN, 0], [2, 20]);
        Good("not equal, for a missing value", new Trees { Parameters = [0, 13, 0] }.Model(), [float.NaN, 0], [2, 20]);
        Bad("a comparison of all beside one of each", "has parameter 'comparison' = 1 outside 0 to 0", new Trees { Parameters = [0, 1, 0], Comparisons = [0, 0, 0] }.Model());
        Bad("a comparison less", "input 7 has 2 elements, expected 3", new Trees { Comparisons = [0, 0] }.Model());
        Bad("a comparison more", "input 7 has 4 elements, expected 3", new Trees { Comparisons = [0, 0, 0, 0] }.Model());
        Bad("comparisons of int16", $"input 7 {NoConstant}", new Trees { Comparisons = [0, 0, 0], ComparisonType = I16 }.Model());
    }

    private void AddConstants()
    {
        Bad("a child less", "needs two children for each split", new Trees { Children = [-1, 0, -2, -3, -1] }.Model());
        Bad("a child more", "needs two children for each split", new Trees { Children = [-1, 0, -2, -3, -1, -1, -1] }.Model());
        Bad("a threshold less", "input 4 has 2 elements, expected 3", new Trees { Thresholds = [0.5f, 0.5f] }.Model());
        Bad("a threshold more", "input 4 has 4 elements, expected 3", new Trees { Thresholds = [0.5f, 0.5f, 0, 0] }.Model());
        Bad("weights of one dimension", "needs weights of two dimensions", new Trees { WeightShape = [6] }.Model());
        Bad("weights of three dimensions", "needs weights of two dimensions", new Trees { WeightShape = [3, 2, 1] }.Model());
        Bad("numbers of float32", $"input 1 {NoConstant}", new Trees { CountType = F32 }.Model());
        Bad("features of float32", $"input 2 {NoConstant}", new Trees { FeatureType = F32 }.Model());
        Bad("children of float32", $"input 3 {NoConstant}", new Trees { ChildType = F32 }.Model());
        for (int input = 1; input < 6; input++)
        {
            Bad($"input {input} absent", $"is missing input {input}", new Trees { Absent = input }.Model());
        }

        foreach (int input in new[] { 1, 2, 3, 4, 5 })
        {
            RawModel model = new Trees { Absent = input, Instead = 0 }.Model();
            Bad($"x as input {input}", $"input {input} {NoConstant}", model);
        }
    }

    // Thresholds 0.5, 0.5 and 0 as 1 · 2⁻¹, 2 · 2⁻² and 0.
    private void AddCodes()
    {
        Trees Coded(params int[] exponents) => new() { Codes = [1, 2, 0], Exponents = exponents };
        Good("a code's threshold itself", Coded(-1, -2).Model(), [0.5f, 9], [2, 20]);
        Good("above a code's threshold", Coded(-1, -2).Model(), [0.6f, 0.5f], [4, 30]);
        Good("above both codes' thresholds", Coded(-1, -2).Model(), [0.6f, 0.6f], [8, 50]);
        Good("a missing value at a code", Coded(-1, -2).Model(), [float.NaN, 0], [4, 30]);
        Good("a code's comparison of its own", (Coded(-1, -2) with { Comparisons = [1, 0, 0] }).Model(), [0.5f, 0.6f], [8, 50]);
        foreach (TensorType type in integers)
        {
            Good($"codes, features in {type}", (Coded(-1, -2) with { FeatureType = type }).Model(), [0.6f, 0.6f], [8, 50]);
        }

        // 2⁻¹²⁶ and 2¹¹² are the thresholds, and so are the lowest and highest codes.
        Good("the lowest exponent", Coded(-126, -126).Model(), [1.17549435e-38f, 9], [2, 20]);
        Good("the lowest exponent, just above", Coded(-126, -126).Model(), [1.1754945e-38f, 2.3509887e-38f], [4, 30]);
        Good("the highest exponent", Coded(112, 112).Model(), [5.192297e33f, 9], [2, 20]);
        Good("the highest exponent, just above", Coded(112, 112).Model(), [5.192298e33f, 1.0384594e34f], [4, 30]);
        Good("the highest code", (Coded(112, 112) with { Codes = [32767, 2, 0] }).Model(), [1.7013599e38f, 9], [2, 20]);
        Good("the highest code, just above", (Coded(112, 112) with { Codes = [32767, 2, 0] }).Model(), [1.7014e38f, 0], [4, 30]);
        Good("the lowest code", (Coded(112, 112) with { Codes = [-32768, 2, 0] }).Model(), [-1.7014118e38f, 9], [2, 20]);
        Good("the lowest code, just above", (Coded(112, 112) with { Codes = [-32768, 2, 0] }).Model(), [-1.7014117e38f, 0], [4, 30]);
        Bad("a first exponent below the lowest", NoExponent, Coded(-127, 0).Model());
        Bad("a last exponent below the lowest", NoExponent, Coded(0, -127).Model());
        Bad("a first exponent above the highest", NoExponent, Coded(113, 0).Model());
        Bad("a last exponent above the highest", NoExponent, Coded(0, 113).Model());
        Bad("an exponent less than features", "input 8 has 1 elements, expected 2", Coded(0).Model());
        Bad("an exponent more than features", "input 8 has 3 elements, expected 2", Coded(0, 0, 0).Model());
        Bad("codes without exponents", "is missing input 8", (Coded(0, 0) with { Exponents = null, Comparisons = [0, 0, 0] }).Model());
        Bad("exponents that nothing reads", "has exponents that nothing reads", (Coded(0, 0) with { Codes = null }).Model());
        Bad("a code less", "input 4 has 2 elements, expected 3", (Coded(0, 0) with { Codes = [1, 2] }).Model());
        Bad("a code more", "input 4 has 4 elements, expected 3", (Coded(0, 0) with { Codes = [1, 2, 0, 0] }).Model());
        Bad("exponents of int16", $"input 8 {NoConstant}", (Coded(0, 0) with { ExponentType = I16 }).Model());
        Bad("codes of int8", $"input 4 {NoConstant}", (Coded(0, 0) with { CodeType = I8 }).Model());
    }

    // One split on the last feature: 5 if it is above 0.
    private static RawModel Wide(TensorType type, int features, int feature) =>
        One(Opcode.TreeEnsemble, F32, [1, features], [1, 1], [0, 0, 0], model =>
        [
            Trees.Integers(model, I8, [1], [1]), Trees.Integers(model, type, [1], [feature]), Trees.Integers(model, I8, [1, 2], [-1, -2]), model.Floats([1], 0), model.Floats([2, 1], 1, 5),
        ]);

    // So many splits, each of which leads to the next; the last to 5 if x is above 0.
    private static RawModel Long(TensorType type, int splits) =>
        One(Opcode.TreeEnsemble, F32, [1, 1], [1, 1], [0, 0, 0], model =>
        [
            Trees.Integers(model, type, [1], [splits]), Trees.Integers(model, I8, [splits], new int[splits]), Trees.Integers(model, I8, [splits, 2], [.. new int[(splits * 2) - 2], -1, -2]),
            model.Floats([splits], new float[splits]), model.Floats([2, 1], 1, 5),
        ]);

    // A split whose second leaf is the last of so many, of which each holds its own number.
    private static RawModel Many(TensorType type, int leaves) =>
        One(Opcode.TreeEnsemble, F32, [1, 1], [1, 1], [0, 0, 0], model =>
        [
            Trees.Integers(model, I8, [1], [1]), Trees.Integers(model, I8, [1], [0]), Trees.Integers(model, type, [1, 2], [-1, -leaves]), model.Floats([1], 0), model.Floats([leaves, 1], Count(leaves, 0)),
        ]);

    private sealed record Trees
    {
        internal int[] Parameters { get; init; } = [0, 0, 0];

        internal int[] Counts { get; init; } = [2, 1];

        internal int[]? CountShape { get; init; }

        internal int[] Features { get; init; } = [0, 1, 0];

        internal int[] Children { get; init; } = [-1, 0, -2, -3, -1, -1];

        internal float[] Thresholds { get; init; } = [0.5f, 0.5f, 0];

        internal int[]? Codes { get; init; }

        internal TensorType CodeType { get; init; } = I16;

        internal int[]? Exponents { get; init; }

        internal TensorType ExponentType { get; init; } = I8;

        internal int Width { get; init; } = 2;

        internal float[] Weights { get; init; } = [1, 10, 3, 20, 7, 40];

        internal int[]? WeightShape { get; init; }

        internal int[]? Targets { get; init; }

        internal int[]? Comparisons { get; init; }

        internal TensorType CountType { get; init; } = I8;

        internal TensorType FeatureType { get; init; } = I8;

        internal TensorType ChildType { get; init; } = I8;

        internal TensorType TargetType { get; init; } = I8;

        internal TensorType ComparisonType { get; init; } = I8;

        internal int Absent { get; init; }

        internal int Instead { get; init; } = -1;

        internal static int Integers(RawModel model, TensorType type, int[] shape, int[] values) => type switch
        {
            I8 => model.Bytes(shape, [.. values.Select(value => unchecked((sbyte)value))]),
            I16 => model.Shorts(shape, [.. values.Select(value => unchecked((short)value))]),
            F32 => model.Floats(shape, [.. values.Select(value => (float)value)]),
            _ => model.Ints(shape, values),
        };

        internal RawModel Model(TensorType type = F32, TensorType output = F32, int[]? shape = null, int[]? outputShape = null) =>
            One(Opcode.TreeEnsemble, type, shape ?? [1, 2], outputShape ?? [1, 2], Parameters, Inputs, output);

        private int[] Inputs(RawModel model)
        {
            int[] inputs =
            [
                Integers(model, CountType, CountShape ?? [Counts.Length], Counts),
                Integers(model, FeatureType, [Features.Length], Features),
                Integers(model, ChildType, [Children.Length], Children),
                Codes is null ? model.Floats([Thresholds.Length], Thresholds) : Integers(model, CodeType, [Codes.Length], Codes),
                model.Floats(WeightShape ?? [Weights.Length / Width, Width], Weights),
                .. Targets is null && Comparisons is null && Exponents is null ? (int[])[] : [Targets is null ? -1 : Integers(model, TargetType, [Targets.Length], Targets)],
                .. Comparisons is null && Exponents is null ? (int[])[] : [Comparisons is null ? -1 : Integers(model, ComparisonType, [Comparisons.Length], Comparisons)],
                .. Exponents is null ? (int[])[] : [Integers(model, ExponentType, [Exponents.Length], Exponents)],
            ];
            return Absent == 0 ? inputs : With(inputs, Absent - 1, Instead);
        }
    }
}
