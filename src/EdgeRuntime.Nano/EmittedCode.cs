// Internal in ModelFormat, where no user needs them. Public here: code that `edge emit` writes calls them.
namespace EdgeInference.ModelFormat.Numerics
{
    public static partial class FixedPointExponential
    {
    }

    public static partial class FloatFunctions
    {
    }

    public static partial class SigmoidLines
    {
    }

    public sealed partial class ProbabilityCalibration
    {
    }
}
