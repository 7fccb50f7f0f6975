using System.Globalization;
using System.Text;
using EdgeInference.Devices;
using EdgeInference.ModelFormat;

namespace EdgeDevice;

/// <summary>The device's counters in Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static string Of(Device device)
    {
        var text = new StringBuilder();
        LoopStatistics loop = device.Loop.Statistics;
        SensorMonitor sensor = device.Sensor;
        Single(text, "edge_samples_total", "counter", "Samples that the sensor delivered.", sensor.Samples);
        Single(text, "edge_samples_missed_total", "counter", "Samples that were due while the loop was busy.", loop.MissedSamples);
        Single(text, "edge_window_gaps_total", "counter", "Windows started anew because too many samples were missed.", loop.Gaps);
        Single(text, "edge_sensor_failed_reads_total", "counter", "Reads that failed, those bridged included.", sensor.FailedReads);
        Header(text, "edge_sensor_faults_total", "counter", "Times that a fault of the sensor set in.");
        foreach (SensorFault fault in Enum.GetValues<SensorFault>().Where(fault => fault is not (SensorFault.None or SensorFault.Starting)))
        {
            Line(text, "edge_sensor_faults_total", "fault", Snake(fault.ToString()), sensor.Count(fault));
        }

        Single(text, "edge_sensor_recoveries_total", "counter", "Times that a faulty sensor became good again.", sensor.Recoveries);
        Single(text, "edge_decisions_total", "counter", "Times that the model ran.", loop.Decisions);
        Header(text, "edge_abstentions_total", "counter", "Times that the model ran and decided for no class.");
        Line(text, "edge_abstentions_total", "reason", Snake(nameof(DecisionReason.AbstainBand)), loop.Abstentions);
        Line(text, "edge_abstentions_total", "reason", Snake(nameof(DecisionReason.NotFinite)), loop.NotFinite);
        Single(text, "edge_label_changes_total", "counter", "Changes of the label that stands.", loop.Changes);
        Single(text, "edge_output_faults_total", "counter", "Times that an output failed.", loop.OutputFaults);
        Single(text, "edge_watchdog_expirations_total", "counter", "Times that the loop hung and outputs went to their safe state.", loop.WatchdogExpirations);
        Single(text, "edge_label", "gauge", "The label that stands, -1 in the safe state.", device.Loop.Label);
        Header(text, "edge_class", "gauge", "1 with the text of the class that stands; absent in the safe state.");
        if (device.Loop.ClassText is { } standing)
        {
            Line(text, "edge_class", "class", Escaped(standing), 1);
        }

        Single(text, "edge_probability", "gauge", "Probability of the last decision.", device.Loop.LastDecision.Probability);
        Single(text, "edge_model_version", "gauge", "Version of the model that decides.", device.Loop.ModelVersion);
        Header(text, "edge_model_updates_total", "counter", "Models that were offered, by what became of them.");
        foreach (UpdateOutcome outcome in Enum.GetValues<UpdateOutcome>())
        {
            Line(text, "edge_model_updates_total", "outcome", Snake(outcome.ToString()), device.Updater.Count(outcome));
        }

        Quantiles(text, "edge_sample_lateness_seconds", "How much later than due samples are taken.", loop.Jitter);
        Quantiles(text, "edge_step_duration_seconds", "Time from the start of a sample's read to the end of its decision.", loop.Duration);
        return text.ToString();
    }

    private static void Quantiles(StringBuilder text, string name, string help, LatencyHistogram histogram)
    {
        Header(text, name, "gauge", help);
        foreach (double share in new[] { 0.5, 0.9, 0.99, 0.999, 1 })
        {
            Line(text, name, "quantile", share.ToString(CultureInfo.InvariantCulture), histogram.Percentile(share).TotalSeconds);
        }
    }

    private static void Single(StringBuilder text, string name, string type, string help, double value)
    {
        Header(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Header(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Line(StringBuilder text, string name, string label, string labelValue, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{labelValue}\"}} {value}\n");

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Snake(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
