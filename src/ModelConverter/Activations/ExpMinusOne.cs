using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>eˣ − 1 without the loss of digits near 0.</summary>
internal static class ExpMinusOne
{
    /// <summary>The value at <paramref name="x"/>, by Kahan's correction of the rounded exponential.</summary>
    internal static double Of(double x)
    {
        double e = PortableMath.Exp(x);
        if (e == 1)
        {
            return x;
        }

        double difference = e - 1;
        return difference == -1 || double.IsInfinity(e) ? difference : difference * x / PortableMath.Log(e);
    }
}
