namespace EdgeInference.ModelTraining.Learners;

/// <summary>Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.5), for smooth convex functions; a step is halved until the value falls enough (Armijo).</summary>
internal static class QuasiNewton
{
    private const int Memory = 12;
    private const double Decrease = 1e-4;
    private const int MostHalvings = 40;

    // Near the minimum a step is worth less than the value's own rounding.
    private const double Rounding = 1e-15;

    /// <summary>Moves a point to the minimum.</summary>
    /// <param name="function">Its value at a point; the second array is given the gradient.</param>
    /// <param name="x">Where to begin; becomes the minimum.</param>
    /// <param name="mostSteps">Steps after which it stops.</param>
    /// <param name="tolerance">It stops where no element of the gradient is larger.</param>
    /// <param name="progress">Told of the share of the steps; or null.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>Whether the tolerance was reached.</returns>
    internal static bool Minimise(Func<double[], double[], double> function, double[] x, int mostSteps, double tolerance, IProgress<double>? progress, CancellationToken cancellation)
    {
        double[] gradient = new double[x.Length];
        double[] next = new double[x.Length];
        double[] nextGradient = new double[x.Length];
        double value = function(x, gradient);
        var pairs = new List<(double[] Step, double[] Change, double Product)>();
        for (int step = 0; step < mostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((double)step / mostSteps);
            if (gradient.All(slope => Math.Abs(slope) <= tolerance))
            {
                return true;
            }

            double[] direction = Direction(gradient, pairs);
            double slopeAlong = VectorMath.Dot(direction, gradient);
            double length = pairs.Count > 0 ? 1 : 1 / Math.Max(1, Math.Sqrt(VectorMath.Dot(gradient, gradient)));
            double nextValue = double.NaN;
            int halvings = 0;
            for (; halvings < MostHalvings; halvings++)
            {
                x.CopyTo(next, 0);
                VectorMath.AddScaled(next, length, direction);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + (Decrease * length * slopeAlong) + (Rounding * Math.Abs(value)))
                {
                    break;
                }

                length /= 2;
            }

            // Rounding hides what is left to gain.
            if (halvings == MostHalvings)
            {
                return false;
            }

            Remember(pairs, x, next, gradient, nextGradient);
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
        }

        return false;
    }

    // −H·gradient by the two-loop recursion.
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Product)> pairs)
    {
        double[] direction = Array.ConvertAll(gradient, slope => -slope);
        var factors = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            factors[i] = VectorMath.Dot(pairs[i].Step, direction) / pairs[i].Product;
            VectorMath.AddScaled(direction, -factors[i], pairs[i].Change);
        }

        if (pairs.Count > 0)
        {
            (_, double[] change, double product) = pairs[^1];
            double scale = product / VectorMath.Dot(change, change);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            double back = VectorMath.Dot(pairs[i].Change, direction) / pairs[i].Product;
            VectorMath.AddScaled(direction, factors[i] - back, pairs[i].Step);
        }

        return direction;
    }

    private static void Remember(List<(double[] Step, double[] Change, double Product)> pairs, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] step = [.. next.Zip(x, (after, before) => after - before)];
        double[] change = [.. nextGradient.Zip(gradient, (after, before) => after - before)];
        double product = VectorMath.Dot(step, change);
        if (product <= 0)
        {
            return;
        }

        if (pairs.Count == Memory)
        {
            pairs.RemoveAt(0);
        }

        pairs.Add((step, change, product));
    }
}
