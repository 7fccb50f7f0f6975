using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>
/// Fits p' = sigmoid(a·logit(p) + b) by maximum likelihood: Newton's method with backtracking on Platt's smoothed targets,
/// as H.-T. Lin, C.-J. Lin and R. Weng (2007) put it.
/// </summary>
internal static class PlattScaling
{
    private const int MaxSteps = 100;
    private const double Ridge = 1e-12;
    private const double Enough = 1e-9;
    private const double SmallestStep = 1e-10;

    internal static float[] Fit(IReadOnlyList<int> labels, IReadOnlyList<float> probabilities)
    {
        double[] x = [.. probabilities.Select(p => (double)ProbabilityCalibration.Logit(p))];
        double ones = labels.Count(label => label == 1);
        double zeros = labels.Count - ones;
        double[] targets = [.. labels.Select(label => label == 1 ? (ones + 1) / (ones + 2) : 1 / (zeros + 2))];
        double a = 1;
        double b = 0;
        double loss = Loss(x, targets, a, b);
        for (int step = 0; step < MaxSteps; step++)
        {
            (double ga, double gb, double haa, double hab, double hbb) = Derivatives(x, targets, a, b);
            if (Math.Abs(ga) < Enough && Math.Abs(gb) < Enough)
            {
                break;
            }

            double determinant = (haa * hbb) - (hab * hab);
            double da = -((hbb * ga) - (hab * gb)) / determinant;
            double db = -((haa * gb) - (hab * ga)) / determinant;
            double slope = (ga * da) + (gb * db);
            double size = 1;
            double next = Loss(x, targets, a + da, b + db);
            while (size >= SmallestStep && !(next < loss + (0.0001 * size * slope)))
            {
                size /= 2;
                next = Loss(x, targets, a + (size * da), b + (size * db));
            }

            if (size < SmallestStep)
            {
                break;
            }

            a += size * da;
            b += size * db;
            loss = next;
        }

        return (float)a > 0f
            ? [(float)CalibrationMethod.Platt, (float)a, (float)b]
            : throw new InputException("The model's probabilities decrease as the labels increase, so they cannot be calibrated; check which label is class 1.");
    }

    private static double Loss(double[] x, double[] targets, double a, double b)
    {
        double loss = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double z = (a * x[i]) + b;
            loss += Softplus.Of(z) - (targets[i] * z);
        }

        return loss;
    }

    private static (double A, double B, double AA, double AB, double BB) Derivatives(double[] x, double[] targets, double a, double b)
    {
        (double ga, double gb, double haa, double hab, double hbb) = (0, 0, Ridge, 0, Ridge);
        for (int i = 0; i < x.Length; i++)
        {
            double p = Sigmoid.Of((a * x[i]) + b);
            double error = p - targets[i];
            double weight = p * (1 - p);
            ga += error * x[i];
            gb += error;
            haa += weight * x[i] * x[i];
            hab += weight * x[i];
            hbb += weight;
        }

        return (ga, gb, haa, hab, hbb);
    }
}
