using EdgeInference.ModelConverter.Activations;

namespace EdgeInference.Tool.Report;

/// <summary>
/// Where along an axis a function hardly moves. Saturated: from there outwards the derivative stays within ±0.05 and the
/// function tends to a number. Dead: from there outwards the derivative is 0, so that nothing is learned.
/// </summary>
/// <param name="SaturatedBelow">End of the saturated part at the low end of the axis; the axis's start where there is none.</param>
/// <param name="SaturatedAbove">Start of the saturated part at the high end; the axis's end where there is none.</param>
/// <param name="DeadBelow">End of the dead part at the low end.</param>
/// <param name="DeadAbove">Start of the dead part at the high end.</param>
internal sealed record ActivationShape(double SaturatedBelow, double SaturatedAbove, double DeadBelow, double DeadAbove)
{
    private const double SmallSlope = 0.05;
    private const double Near = 1e3;
    private const double Far = 1e6;
    private const double Limit = 0.01;
    private const int Steps = 1600;

    /// <summary>The shape between two ends.</summary>
    internal static ActivationShape Of(ActivationFunction function, double alpha, double beta, double low, double high)
    {
        return new ActivationShape(
            Saturates(-1) ? End(low, high, SmallSlope) : low,
            Saturates(1) ? End(high, low, SmallSlope) : high,
            End(low, high, 0),
            End(high, low, 0));

        bool Saturates(int sign) => Math.Abs(function.Value(sign * Far, alpha, beta) - function.Value(sign * Near, alpha, beta)) < Limit;

        double End(double from, double to, double slope)
        {
            double last = from;
            for (int i = 0; i <= Steps; i++)
            {
                double x = from + ((to - from) * i / Steps);
                if (Math.Abs(function.Derivative(x, alpha, beta)) > slope)
                {
                    break;
                }

                last = x;
            }

            return last;
        }
    }
}
