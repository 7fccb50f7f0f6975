using System.Collections.Concurrent;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// What follows from the calibration of a prepared graph alone and is dear: a search quantizes the graph dozens of times in ways that
/// differ elsewhere. All of it is computed when it is first asked for.
/// </summary>
/// <param name="calibration">What calibration saw.</param>
internal sealed class CalibratedParts(Calibration calibration)
{
    private readonly ConcurrentDictionary<(Value Value, RangeMethod Method), ValueRange> ranges = new();
    private readonly ConcurrentDictionary<double, ValueRange[]> features = new();
    private readonly ConcurrentDictionary<(Node First, Node Last, float InputScale, float OutputScale), int[]> tables = new();

    /// <summary>The int8 range of a tensor by a method.</summary>
    internal ValueRange Range(Value value, RangeMethod method) =>
        ranges.GetOrAdd((value, method), key => RangeEstimator.Estimate(calibration[key.Value], key.Method));

    /// <summary>The range of each input feature without a share of the rows at each end.</summary>
    internal ValueRange[] FeatureRanges(double tail) => features.GetOrAdd(tail, share => FeatureScales.WithoutTails(calibration.Rows, share));

    /// <summary>The segments of the int16 table for a chain of functions between these scales.</summary>
    /// <param name="first">The first function's node.</param>
    /// <param name="last">The last one's.</param>
    /// <param name="inputScale">The scale of the table's input.</param>
    /// <param name="outputScale">That of its output.</param>
    /// <param name="build">Builds the table. The same nodes and scales must mean the same table.</param>
    internal int[] Segments(Node first, Node last, float inputScale, float outputScale, Func<Int16Table> build) =>
        [.. tables.GetOrAdd((first, last, inputScale, outputScale), _ => build().Segments)];
}
