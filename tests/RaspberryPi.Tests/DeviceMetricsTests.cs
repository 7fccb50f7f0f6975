using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;

namespace RaspberryPi.Tests;

/// <summary>The metrics' text as a whole: each counter has a value of its own, so that two that are exchanged are seen.</summary>
public sealed class DeviceMetricsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-metrics").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_metric_shows_its_own_counter()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var policy = new UpdatePolicy { RequireSelfTest = false };
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, EdgeInference.Runtime.ModelSignature.Sign(TestModels.Described(["still", "shaking"], ["x", "y", "z"], bias: 100f), key, 77));
        var options = new EdgeOptions { Sensor = new SensorOptions { Kind = "simulated" } };
        using var device = new Device(options, ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy), () => throw new IOException());
        device.Loop.Step();
        LoopStatistics loop = device.Loop.Statistics;
        loop.AddMissed(2);
        Times(3, loop.AddGap);
        Set(device.Sensor, "samples", 4L);
        Set(device.Sensor, "failedReads", 5L);
        Set(device.Sensor, "faultCounts", new long[] { 99, 6, 7, 8, 9 });
        Set(device.Sensor, "recoveries", 10L);
        Times(11 - 1, loop.AddDecision);
        Times(12, loop.AddAbstention);
        Times(13, loop.AddNotFinite);
        Times(14 - 1, loop.AddChange);
        Times(15, loop.AddOutputFault);
        Times(16, loop.AddWatchdogExpiration);
        Set(device.Updater, "counts", new long[] { 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 });
        for (int i = 1; i <= 2000; i++)
        {
            loop.Jitter.Record(TimeSpan.FromTicks(i * 1000));
            loop.Duration.Record(TimeSpan.FromTicks(i * 77));
        }

        string expected = $"""
            # HELP edge_samples_total Samples that the sensor delivered.
            # TYPE edge_samples_total counter
            edge_samples_total 4
            # HELP edge_samples_missed_total Samples that were due while the loop was busy.
            # TYPE edge_samples_missed_total counter
            edge_samples_missed_total 2
            # HELP edge_window_gaps_total Windows started anew because too many samples were missed.
            # TYPE edge_window_gaps_total counter
            edge_window_gaps_total 3
            # HELP edge_sensor_failed_reads_total Reads that failed, those bridged included.
            # TYPE edge_sensor_failed_reads_total counter
            edge_sensor_failed_reads_total 5
            # HELP edge_sensor_faults_total Times that a fault of the sensor set in.
            # TYPE edge_sensor_faults_total counter
            edge_sensor_faults_total(fault="not_present") 6
            edge_sensor_faults_total(fault="bus_error") 7
            edge_sensor_faults_total(fault="stuck") 8
            edge_sensor_faults_total(fault="out_of_range") 9
            # HELP edge_sensor_recoveries_total Times that a faulty sensor became good again.
            # TYPE edge_sensor_recoveries_total counter
            edge_sensor_recoveries_total 10
            # HELP edge_decisions_total Times that the model ran.
            # TYPE edge_decisions_total counter
            edge_decisions_total 11
            # HELP edge_abstentions_total Times that the model ran and decided for no class.
            # TYPE edge_abstentions_total counter
            edge_abstentions_total(reason="abstain_band") 12
            edge_abstentions_total(reason="not_finite") 13
            # HELP edge_label_changes_total Changes of the label that stands.
            # TYPE edge_label_changes_total counter
            edge_label_changes_total 14
            # HELP edge_output_faults_total Times that an output failed.
            # TYPE edge_output_faults_total counter
            edge_output_faults_total 15
            # HELP edge_watchdog_expirations_total Times that the loop hung and outputs went to their safe state.
            # TYPE edge_watchdog_expirations_total counter
            edge_watchdog_expirations_total 16
            # HELP edge_label The label that stands, -1 in the safe state.
            # TYPE edge_label gauge
            edge_label 1
            # HELP edge_class 1 with the text of the class that stands; absent in the safe state.
            # TYPE edge_class gauge
            edge_class(class="shaking") 1
            # HELP edge_probability Probability of the last decision.
            # TYPE edge_probability gauge
            edge_probability 1
            # HELP edge_model_version Version of the model that decides.
            # TYPE edge_model_version gauge
            edge_model_version 77
            # HELP edge_model_updates_total Models that were offered, by what became of them.
            # TYPE edge_model_updates_total counter
            edge_model_updates_total(outcome="applied") 20
            edge_model_updates_total(outcome="unchanged") 21
            edge_model_updates_total(outcome="not_a_model") 22
            edge_model_updates_total(outcome="unsigned") 23
            edge_model_updates_total(outcome="unknown_key") 24
            edge_model_updates_total(outcome="invalid_signature") 25
            edge_model_updates_total(outcome="not_newer") 26
            edge_model_updates_total(outcome="other_interface") 27
            edge_model_updates_total(outcome="self_test_failed") 28
            edge_model_updates_total(outcome="storage_failed") 29
            edge_model_updates_total(outcome="unreachable") 30
            # HELP edge_sample_lateness_seconds How much later than due samples are taken.
            # TYPE edge_sample_lateness_seconds gauge
            {Quantiles("edge_sample_lateness_seconds", loop.Jitter)}
            # HELP edge_step_duration_seconds Time from the start of a sample's read to the end of its decision.
            # TYPE edge_step_duration_seconds gauge
            {Quantiles("edge_step_duration_seconds", loop.Duration)}

            """;
        Assert.Equal(expected.Replace('(', '{').Replace(')', '}'), MetricsText.Of(device));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", MetricsText.ContentType);
    }

    [Fact]
    public void A_text_of_a_class_is_escaped_as_the_format_says()
    {
        // Prometheus, "Exposition formats": backslash, double quote and line feed.
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(["a", "b\\\"c\nd"], ["x", "y", "z"], bias: 100f));
        var policy = new UpdatePolicy { RequireSignature = false, RequireSelfTest = false };
        using var device = new Device(new EdgeOptions { Sensor = new SensorOptions { Kind = "simulated" } }, ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy), () => throw new IOException());
        Assert.Contains("\nedge_label -1\n", MetricsText.Of(device), StringComparison.Ordinal);
        device.Loop.Step();
        Assert.Contains("\nedge_class{class=\"b\\\\\\\"c\\nd\"} 1\n", MetricsText.Of(device), StringComparison.Ordinal);
    }

    private static string Quantiles(string name, LatencyHistogram histogram)
    {
        double[] shares = [0.5, 0.9, 0.99, 0.999, 1];
        return string.Join('\n', shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{name}(quantile=\"{share}\") {histogram.Percentile(share).TotalSeconds}")));
    }

    private static void Times(int count, Action action)
    {
        for (int i = 0; i < count; i++)
        {
            action();
        }
    }

    private static void Set(object owner, string field, object value) =>
        owner.GetType().GetField(field, BindingFlags.NonPublic | BindingFlags.Instance)!.SetValue(owner, value);
}
