using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Scales that the int8 kernels cannot have: such tensors stay real, and what comes is the operator's own formula.</summary>
internal static class ScalingCases
{
    private const OnnxElementType S8 = OnnxElementType.Int8;

    // The least normal float32, and the largest below it.
    internal const double Normal = 1.17549435e-38;
    internal const double Subnormal = 1.1754942e-38;

    internal static IEnumerable<OperatorCase> All() => [.. Forth(), .. Back()];

    // No element of 0, so that none is 0 / 0.
    private static IEnumerable<OperatorCase> Forth()
    {
        CaseTensor x = In([-3, -0.75, 0.25, 1.25, 70]);
        foreach (double scale in new[] { -0.5, 0, Subnormal, -Subnormal, double.PositiveInfinity, double.NegativeInfinity })
        {
            yield return Case("QuantizeLinear", [x, Scalar(scale), Scalar(-3, S8)]) with { Note = Text(scale), Expected = [.. x.Values.Select(value => Math.Clamp(Math.Round(value / scale) - 3, -128, 127))] };
        }
    }

    private static IEnumerable<OperatorCase> Back()
    {
        CaseTensor x = In(S8, [-128, -3, 0, 1, 127]);
        foreach (double scale in new[] { -0.5, 0 })
        {
            yield return Case("DequantizeLinear", [x, Scalar(scale), Scalar(-3, S8)]) with { Note = Text(scale) };
        }
    }

    internal static string Text(double scale) => FormattableString.Invariant($"scale {scale}");
}
