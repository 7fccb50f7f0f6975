namespace EdgeInference.Benchmarks.Cases;

/// <summary>Rows drawn with a fixed seed.</summary>
internal static class CaseRows
{
    /// <summary>Rows for calibration.</summary>
    internal const int Calibration = 64;

    /// <summary>Rows that small networks are asked in turn: of one alone the output may be nearly 0, by which no error can be judged.</summary>
    internal const int Asked = 16;

    /// <summary>Uniform from 0 to 1.</summary>
    internal static float[][] Draw(int features, int rows = Calibration)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextSingle()).ToArray())];
    }

    /// <summary>Normal.</summary>
    internal static float[][] Normal(int features, int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, features).Select(_ => Normal(random)).ToArray())];
    }

    // Box and Muller's transform.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
