using System.Numerics;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// The cubic that comes closest to given values at the points 0, 1, … n − 1, the largest difference counting: Chebyshev's
/// problem on a discrete set, solved by Stiefel's exchange algorithm (one point of the reference at a time).
/// </summary>
internal static class CubicFit
{
    private const int Degree = 3;
    private const int ReferenceLength = Degree + 2;
    private const int MaxExchanges = 200;

    /// <summary>Looks for a cubic within <paramref name="tolerance"/> of all values.</summary>
    /// <param name="values">The values at 0, 1, … n − 1.</param>
    /// <param name="tolerance">Largest difference allowed.</param>
    /// <param name="coefficients">c0 to c3 in u = 2t/(n − 1) − 1, from −1 to 1 (u = 0 if n is 1).</param>
    /// <returns>Whether there is one.</returns>
    internal static bool TryFit(ReadOnlySpan<double> values, double tolerance, Span<double> coefficients)
    {
        int n = values.Length;
        coefficients.Clear();
        if (n < ReferenceLength)
        {
            Interpolate(values, coefficients);
            return true;
        }

        Span<int> reference = stackalloc int[ReferenceLength];
        for (int i = 0; i < ReferenceLength; i++)
        {
            // Extrema of the Chebyshev polynomial: the answer for a smooth function with a steady fourth derivative.
            double u = -Math.Cos(Math.PI * i / (ReferenceLength - 1));
            reference[i] = (int)Math.Round((u + 1) / 2 * (n - 1));
        }

        Distinct(reference, n);
        for (int exchange = 0; exchange < MaxExchanges; exchange++)
        {
            double level = Math.Abs(SolveReference(values, reference, coefficients));

            // No cubic is closer to the five points of the reference than this.
            if (level > tolerance)
            {
                return false;
            }

            (int worst, double error) = Worst(values, coefficients);
            if (Math.Abs(error) <= tolerance)
            {
                return true;
            }

            if (!Exchange(values, coefficients, reference, worst, error))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The cubic at u.</summary>
    internal static double Value(ReadOnlySpan<double> c, double u) => (((((c[3] * u) + c[2]) * u) + c[1]) * u) + c[0];

    private static double Abscissa(int t, int n) => n == 1 ? 0 : (2.0 * t / (n - 1)) - 1;

    private static void Distinct(Span<int> reference, int n)
    {
        for (int i = 1; i < reference.Length; i++)
        {
            reference[i] = Math.Max(reference[i], reference[i - 1] + 1);
        }

        for (int i = reference.Length - 1, limit = n - 1; i >= 0; i--, limit--)
        {
            reference[i] = Math.Min(reference[i], limit);
        }
    }

    private static void Interpolate(ReadOnlySpan<double> values, Span<double> coefficients)
    {
        int n = values.Length;
        Span<double> system = stackalloc double[n * (n + 1)];
        for (int row = 0; row < n; row++)
        {
            double power = 1;
            for (int column = 0; column < n; column++)
            {
                system[(row * (n + 1)) + column] = power;
                power *= Abscissa(row, n);
            }

            system[(row * (n + 1)) + n] = values[row];
        }

        Solve(system, n, coefficients);
    }

    // c0 … c3 and the level h with p(u_i) + (−1)^i h = value_i.
    private static double SolveReference(ReadOnlySpan<double> values, ReadOnlySpan<int> reference, Span<double> coefficients)
    {
        const int N = ReferenceLength;
        Span<double> system = stackalloc double[N * (N + 1)];
        Span<double> solution = stackalloc double[N];
        for (int row = 0; row < N; row++)
        {
            double u = Abscissa(reference[row], values.Length);
            double power = 1;
            for (int column = 0; column <= Degree; column++)
            {
                system[(row * (N + 1)) + column] = power;
                power *= u;
            }

            system[(row * (N + 1)) + Degree + 1] = (row & 1) == 0 ? 1 : -1;
            system[(row * (N + 1)) + N] = values[reference[row]];
        }

        Solve(system, N, solution);
        solution[..(Degree + 1)].CopyTo(coefficients);
        return solution[Degree + 1];
    }

    /// <summary>The value that is farthest from the cubic, the first of equals, and by how much it is above it.</summary>
    internal static (int Index, double Error) Worst(ReadOnlySpan<double> values, ReadOnlySpan<double> coefficients)
    {
        double step = 2.0 / (values.Length - 1);
        (int index, double worst, int next) = WorstOfLanes(values, coefficients, step);
        for (int i = next; i < values.Length; i++)
        {
            double error = values[i] - Value(coefficients, (i * step) - 1);
            if (Math.Abs(error) > Math.Abs(worst))
            {
                index = i;
                worst = error;
            }
        }

        return (index, worst);
    }

    // The same operations in the same order, so the same bits; of equal errors the first counts. Ends at the element that is left.
    private static (int Index, double Error, int Next) WorstOfLanes(ReadOnlySpan<double> values, ReadOnlySpan<double> c, double step)
    {
        int width = Vector<double>.Count;
        Vector<double> t = Vector<double>.Indices;
        Vector<double> worst = Vector<double>.Zero;
        Vector<double> at = Vector<double>.Zero;
        int next = 0;
        for (; next + width <= values.Length; next += width)
        {
            Vector<double> u = (t * step) - Vector<double>.One;
            Vector<double> cubic = (((((u * c[3]) + new Vector<double>(c[2])) * u) + new Vector<double>(c[1])) * u) + new Vector<double>(c[0]);
            Vector<double> error = new Vector<double>(values[next..]) - cubic;
            Vector<long> isWorse = Vector.GreaterThan(Vector.Abs(error), Vector.Abs(worst));
            worst = Vector.ConditionalSelect(isWorse, error, worst);
            at = Vector.ConditionalSelect(isWorse, t, at);
            t += new Vector<double>(width);
        }

        int index = 0;
        double found = 0;
        for (int lane = 0; lane < width; lane++)
        {
            if (Math.Abs(worst[lane]) > Math.Abs(found) || (Math.Abs(worst[lane]) == Math.Abs(found) && at[lane] < index))
            {
                (index, found) = ((int)at[lane], worst[lane]);
            }
        }

        return (index, found, next);
    }

    // The worst point enters so that the signs of the errors keep alternating along the reference.
    private static bool Exchange(ReadOnlySpan<double> values, ReadOnlySpan<double> coefficients, Span<int> reference, int worst, double error)
    {
        int next = 0;
        while (next < ReferenceLength && reference[next] < worst)
        {
            next++;
        }

        if (next < ReferenceLength && reference[next] == worst)
        {
            return false;
        }

        int neighbour = Math.Max(next - 1, 0);
        double there = values[reference[neighbour]] - Value(coefficients, Abscissa(reference[neighbour], values.Length));
        bool sameSign = there > 0 == error > 0;
        if (sameSign)
        {
            reference[neighbour] = worst;
        }
        else if (next == 0)
        {
            reference[..^1].CopyTo(reference[1..]);
            reference[0] = worst;
        }
        else if (next == ReferenceLength)
        {
            reference[1..].CopyTo(reference);
            reference[^1] = worst;
        }
        else
        {
            reference[next] = worst;
        }

        return true;
    }

    // Gauss with partial pivoting on n rows of n + 1 numbers.
    private static void Solve(Span<double> system, int n, Span<double> solution)
    {
        int width = n + 1;
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(system[(row * width) + column]) > Math.Abs(system[(pivot * width) + column]) ? row : pivot;
            }

            for (int k = 0; k < width && pivot != column; k++)
            {
                (system[(pivot * width) + k], system[(column * width) + k]) = (system[(column * width) + k], system[(pivot * width) + k]);
            }

            for (int row = column + 1; row < n; row++)
            {
                double factor = system[(row * width) + column] / system[(column * width) + column];
                for (int k = column; k < width; k++)
                {
                    system[(row * width) + k] -= factor * system[(column * width) + k];
                }
            }
        }

        for (int row = n - 1; row >= 0; row--)
        {
            double sum = system[(row * width) + n];
            for (int k = row + 1; k < n; k++)
            {
                sum -= system[(row * width) + k] * solution[k];
            }

            solution[row] = sum / system[(row * width) + row];
        }
    }
}
