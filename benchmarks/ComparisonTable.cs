using System.Globalization;
using EdgeInference.Benchmarks.Cases;
using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks;

/// <summary>One line a model and precision of ours: our time, its share of the machine's peak, and how many times as long peers take.</summary>
internal static class ComparisonTable
{
    private static readonly Engine[] peers = [Engine.OnnxFloat32, Engine.OnnxInt8, Engine.MlNet, Engine.TensorPrimitives, Engine.CSharp, Engine.C, Engine.Float32];

    internal static string Header { get; } =
        $"| model | ours | µs | share of peak | {string.Join(" | ", peers.Select(peer => peer.Title()))} | goal | |\n|---|---|--:|--:|{string.Concat(peers.Select(_ => "--:|"))}---|---|";

    /// <summary>A line.</summary>
    /// <param name="model">The model.</param>
    /// <param name="precision">Ours.</param>
    /// <param name="times">Medians of all engines, nanoseconds a call.</param>
    /// <param name="share">Part of the peak, or 0.</param>
    internal static string Line(ModelCase model, Precision precision, IReadOnlyDictionary<Engine, double> times, double share)
    {
        Engine ours = Engines.Of(precision);
        double own = times[ours];
        IEnumerable<string> ratios = peers.Select(peer => peer != ours && times.TryGetValue(peer, out double time) ? Text(time / own) : "");
        Goal[] goals = [.. model.Goals.Where(goal => goal.Ours == ours)];
        string[] verdicts = [.. goals.Select(goal => !times.TryGetValue(goal.Peer, out double time) ? "not measured" : time / own >= goal.Ratio ? "met" : "**missed**")];
        string verdict = verdicts.Distinct().Count() == 1 ? verdicts[0] : string.Join(", ", verdicts);
        string part = share > 0 ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %") : "";
        return $"| {model.Name} | {precision.ToString().ToLowerInvariant()} | {Text(own / 1000)} | {part} | {string.Join(" | ", ratios)} | {string.Join(", ", goals.Select(goal => goal.ToString()))} | {verdict} |";
    }

    // Three digits, and no more than the time is worth.
    private static string Text(double value) => value.ToString(value switch { >= 100 => "F0", >= 10 => "F1", >= 1 => "F2", _ => "F3" }, CultureInfo.InvariantCulture);
}
