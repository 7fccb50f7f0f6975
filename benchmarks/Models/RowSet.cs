namespace EdgeInference.Benchmarks.Models;

/// <summary>What an engine is asked in turn: calls of the same length, one behind the other.</summary>
/// <param name="Values">All numbers.</param>
/// <param name="Length">Numbers of one call: the features of a row, times the rows of a batch.</param>
internal sealed record RowSet(float[] Values, int Length)
{
    /// <summary>Number of calls before the first one comes again.</summary>
    internal int Count => Values.Length / Length;

    internal static RowSet Of(IEnumerable<float[]> rows)
    {
        float[][] all = [.. rows];
        return new RowSet([.. all.SelectMany(row => row)], all[0].Length);
    }

    /// <summary>The first call alone, again and again.</summary>
    internal RowSet First() => new(Values[..Length], Length);
}
