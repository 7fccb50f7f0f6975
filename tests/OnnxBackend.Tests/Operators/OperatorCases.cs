namespace OnnxBackend.Tests.Operators;

/// <summary>The cases of all operators.</summary>
internal static class OperatorCases
{
    internal static IEnumerable<OperatorCase> All() =>
    [
        .. ElementwiseCases.All(),
        .. ActivationCases.All(),
        .. WindowCases.All(),
        .. MovementCases.All(),
        .. ReductionCases.All(),
        .. NormalizationCases.All(),
        .. RecurrentCases.All(),
        .. MatrixCases.All(),
        .. ControlCases.All(),
        .. QuantizedCases.All(),
        .. ScalingCases.All(),
        .. FeatureCases.All(),
        .. LinearCases.All(),
        .. TreeCases.All(),
    ];
}
