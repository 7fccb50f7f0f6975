namespace EdgeInference.Tool.Report.Charts;

/// <summary>One axis of a chart.</summary>
/// <param name="Low">Value at its start.</param>
/// <param name="High">Value at its end, above <paramref name="Low"/>.</param>
/// <param name="Label">What it shows, with the unit.</param>
internal sealed record Axis(double Low, double High, string Label)
{
    private const double Margin = 0.04;

    /// <summary>Whether only whole numbers have a meaning on it.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>Places with texts of their own, in place of round values; null for those.</summary>
    internal IReadOnlyList<(double Place, string Text)>? Marks { get; init; }

    /// <summary>The axis of probabilities and rates.</summary>
    internal static Axis Unit(string label) => new(0, 1, label);

    /// <summary>An axis that holds all values, with some room at both ends.</summary>
    internal static Axis Around(IEnumerable<double> values, string label)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
        {
            return Unit(label);
        }

        double room = high > low ? (high - low) * Margin : Math.Max(Math.Abs(high), 1) * Margin;
        return new Axis(low - room, high + room, label);
    }

    /// <summary>An axis from 0 to a little above the highest value.</summary>
    internal static Axis FromZero(IEnumerable<double> values, string label)
    {
        double high = values.DefaultIfEmpty(0).Max();
        return new Axis(0, high > 0 ? high * (1 + Margin) : 1, label);
    }

    /// <summary>
    /// Counts of two kinds, one up and one down from 0, drawn as their square roots, so that a few rows stay visible beside many.
    /// The texts are counts on both sides: there are no negative rows.
    /// </summary>
    internal static Axis BothWays(int most, string label)
    {
        double high = Math.Max(Math.Sqrt(most), 1);
        double top = RoundBelow(Math.Max(most, 1));
        double[] counts = top / 4 >= 1 ? [RoundBelow(top / 4), top] : [top];
        (double Place, string Text)[] up = Array.ConvertAll(counts, count => (Math.Sqrt(count), Html.Count((long)count)));
        return new Axis(-high * 1.05, high * 1.05, label) { Marks = [.. up.Reverse().Select(mark => (-mark.Place, mark.Text)), (0, "0"), .. up] };
    }

    /// <summary>Round values on the axis, about <paramref name="count"/> of them: multiples of 1, 2 or 5 times a power of ten.</summary>
    internal IReadOnlyList<double> Ticks(int count)
    {
        double rough = IsWhole ? Math.Max(1, (High - Low) / count) : (High - Low) / count;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        var ticks = new List<double>();
        double first = Math.Ceiling((Low / step) - 1e-9);
        for (int i = 0; (first + i) * step <= High + (step * 1e-9); i++)
        {
            ticks.Add((first + i) * step);
        }

        return ticks;
    }

    // The largest of 1, 2, 5, 10, 20, ... that is not above a value of at least 1.
    private static double RoundBelow(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        return power * (value / power >= 5 ? 5 : value / power >= 2 ? 2 : 1);
    }

    /// <summary>Where a value lies: 0 at the start, 1 at the end.</summary>
    internal double Share(double value) => (value - Low) / (High - Low);
}
