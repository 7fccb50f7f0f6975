namespace EdgeRuntime.Tests.Rules;

/// <summary>Mutants that no file can tell from the reader, each with the reason why.</summary>
internal static class SameMutants
{
    private const string Any = "";

    private static readonly (string File, string Before, string After, string Why)[] listed =
    [
        (Any, "left == size", "(left >= size)", "size is the larger of both"),
        (Any, "right == size", "(right >= size)", "size is the larger of both"),
        (Any, "left == 1", "(left <= 1)", "no size is below 1"),
        (Any, "right == 1", "(right <= 1)", "no size is below 1"),
        (Any, "size == 1", "(size <= 1)", "no size is below 1"),
        ("ActivationRule.cs", "check.Operator.Inputs.Length == 1", "(check.Operator.Inputs.Length <= 1)", "an operator has an input"),
        ("TransposeRule.cs", "(seen & (1 << axis)) == 0", "((seen & (1 << axis)) <= 0)", "an axis is below 6"),
        ("TransposeRule.cs", "output.Dimension(i) == x.Dimension(axis)", "(output.Dimension(i) >= x.Dimension(axis))", "the products of all sizes are equal"),
        ("TransposeRule.cs", "output.Dimension(i) == x.Dimension(axis)", "(output.Dimension(i) <= x.Dimension(axis))", "the products of all sizes are equal"),
        ("PairwiseCouplingRule.cs", "classes >= 2", "classes >= (2) - 1L", "one class has no pair, and no size is 0"),
        ("TableRule.cs", "table.Elements == count * InterpolationTable.SegmentLength", "(table.Elements <= count * InterpolationTable.SegmentLength)", "the count is rounded down"),
        ("PairwiseCouplingRule.cs", "classes >= 2 && classes <= MaxClasses", "classes <= MaxClasses", "one class has no pair, and no size is 0"),
        ("ReduceRule.cs", "(axes & (1 << axis)) == 0", "((axes & (1 << axis)) <= 0)", "an axis is below 6"),
        ("ReduceRule.cs", "kind == (int)ReduceKind.Max", "(kind >= (int)ReduceKind.Max)", "only Min is above, which the next operand takes"),
        ("ReduceRule.cs", "kind == (int)ReduceKind.Min", "(kind >= (int)ReduceKind.Min)", "the line before it refuses what is above"),
        ("SoftmaxRule.cs", "check.Operator.Inputs.Length == 1", "(check.Operator.Inputs.Length <= 1)", "an operator has an input"),
        ("TableRule.cs", "i == 0", "(i <= 0)", "i counts from 0"),
        ("OperatorRecord.cs", "ParameterCode(bytes, parametersOffset, parameter) == 0", "(ParameterCode(bytes, parametersOffset, parameter) <= 0)", "a code is 0 to 3"),
        ("OperatorRecord.cs", "code == 3", "(code >= 3)", "a code is 0 to 3"),
        ("TensorRecord.cs", "shape.Length == 0", "(shape.Length <= 0)", "a length is not negative"),
        ("TensorRecord.cs", "other.shape[i] != shape[i]", "!(other.shape[i] >= shape[i])", "the products of all sizes are equal where shapes are compared"),
        ("TensorRecord.cs", "other.shape[i] != shape[i]", "!(other.shape[i] <= shape[i])", "the products of all sizes are equal where shapes are compared"),
        ("TensorRecord.cs", "i < shape.Length", "i < shape.Length - 1", "the products of all sizes are equal where shapes are compared"),
        ("RecurrentRule.cs", "hidden <= 1 << 24", "hidden < 1 << 24", "so many rows of so many numbers pass what a tensor holds"),
        ("RecurrentRule.cs", "hidden <= 1 << 24", "hidden <= (1 << 24) + 1L", "so many rows of so many numbers pass what a tensor holds"),
        ("RecurrentRule.cs", "hidden <= 1 << 24 && recurrent.Dimension(0) == gates * hidden", "recurrent.Dimension(0) == gates * hidden", "so many rows of so many numbers pass what a tensor holds"),
        (Any, "units % groups == 0", "(units % groups <= 0)", "both are above 0"),
        ("TreeEnsembleRule.cs", "(mode & ~8) >= 0", "(mode & ~8) >= (0) - 1L", "bit 3 of the number is 0, so that it is not -1"),
        ("DenseRule.cs", "check.IntWithin(Activation, 0, 0) == 0", "(check.IntWithin(Activation, 0, 0) >= 0)", "the call gives 0 or refuses"),
        ("DenseRule.cs", "check.IntWithin(Activation, 0, 0) == 0", "(check.IntWithin(Activation, 0, 0) <= 0)", "the call gives 0 or refuses"),
        ("OperatorCheck.cs", "multipliers.Elements == 1", "(multipliers.Elements <= 1)", "no size is below 1"),
        ("ModelFileReader.cs", "info.Outputs < 0", "info.Outputs <= 0", "no operator has another number of outputs than 1 to 3"),
        ("ModelFileReader.cs", "info.Outputs < 0", "info.Outputs < (0) - 1L", "no operator has another number of outputs than 1 to 3"),
        ("ModelFileReader.cs", "info.Outputs < 0", "false", "no operator has another number of outputs than 1 to 3"),
        ("GatherRule.cs", "check.Constant(1, TensorType.Int32);", "", "the line after it asks the same"),
    ];

    internal static bool Contains(ReaderMutant mutant) =>
        listed.Any(same => (same.File == Any || same.File == mutant.File) && same.Before == mutant.Before && same.After == mutant.After);
}
