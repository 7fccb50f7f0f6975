using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <summary>
/// The float32 formulas of the activations. Each has a file, which writes the formula once for all widths and adds its row
/// here, so that nothing else lists them. PReLU's row takes one slope as α; the operator has one for each channel.
/// </summary>
internal static unsafe partial class ActivationFormulas
{
    // Made by whichever row's initializer runs first: their order across files is not defined.
    private static ActivationFormula[]? rows;

    /// <summary>The formula of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or it has no formula.</exception>
    internal static ActivationFormula Get(ActivationKind kind)
    {
        ActivationFormula row = (uint)kind < (uint)ActivationKinds.Count ? rows![(int)kind] : default;
        return row.Fast != null ? row : throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no float32 formula of this activation.");
    }

    private static ActivationFormula Row<TFunction>(ActivationKind kind)
        where TFunction : struct, IVectorFunction
        => Row(kind, new ActivationFormula(&VectorFunction.Apply<TFunction>, &VectorFunction.ApplyScalar<TFunction>));

    private static ActivationFormula Row(ActivationKind kind, ActivationFormula formula)
    {
        rows ??= new ActivationFormula[ActivationKinds.Count];
        return rows[(int)kind] = formula;
    }
}
