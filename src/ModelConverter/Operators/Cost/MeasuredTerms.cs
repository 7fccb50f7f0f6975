namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>What the terms of the cost model take. Written by <c>benchmarks -- nano-cost fit</c>; docs/esp32.md says how to measure again.</summary>
internal static class MeasuredTerms
{
    /// <summary>When, and on what.</summary>
    internal const string Source = "not measured";

    /// <summary>Machine instructions of a term each time that it runs.</summary>
    internal static IReadOnlyDictionary<string, double> Instructions { get; } = new Dictionary<string, double>();

    /// <summary>Bytes of the heap of a term each time that it is held.</summary>
    internal static IReadOnlyDictionary<string, double> Bytes { get; } = new Dictionary<string, double>();
}
