using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RaspberryPi.Tests;

/// <summary>
/// The page /metrics as a whole: each counter has a value of its own, so that two that are exchanged are seen. Meters are known to the
/// whole process by their name, so that no other device is beside.
/// </summary>
[Collection(nameof(MetricsTests))]
public sealed partial class DeviceMetricsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-metrics").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Each_metric_shows_its_own_counter()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var policy = new UpdatePolicy { RequireSelfTest = false };
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, EdgeInference.Runtime.ModelSignature.Sign(TestModels.Described(["still", "shaking"], ["x", "y", "z"], bias: 100f), key, 77));
        using Device device = Open(ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy));
        LoopStatistics loop = device.Loop.Statistics;
        string text = await PageAsync(device, () =>
        {
            device.Loop.Step();
            loop.AddMissed(2);
            Times(3, loop.AddGap);
            Set(device.Sensor, "samples", 4L);
            Set(device.Sensor, "failedReads", 5L);
            Set(device.Sensor, "faultCounts", Enumerable.Range(5, Enum.GetValues<SensorFault>().Length).Select(i => (long)i).ToArray());
            Set(device.Sensor, "recoveries", 10L);
            Times(11 - 1, loop.AddDecision);
            Times(12, loop.AddAbstention);
            Times(13, loop.AddNotFinite);
            Times(14 - 1, loop.AddChange);
            Times(15, loop.AddOutputFault);
            Times(16, loop.AddWatchdogExpiration);
            Times(17, loop.AddLearned);
            Set(device.Updater, "counts", Enumerable.Range(20, Enum.GetValues<UpdateOutcome>().Length).Select(i => (long)i).ToArray());
            for (int i = 1; i <= 2000; i++)
            {
                loop.AddTiming(TimeSpan.FromTicks(i * 1000), TimeSpan.FromTicks(i * 77));
            }

            device.Services.GetRequiredService<DeviceMeter>().RecordTimings();
        });
        const string Expected = """
            # TYPE edge_abstentions_total counter
            # HELP edge_abstentions_total Times that the model ran and decided for no class.
            edge_abstentions_total(reason="abstain_band") 12
            edge_abstentions_total(reason="not_finite") 13
            # TYPE edge_class gauge
            # HELP edge_class 1 for the class that stands, 0 for those that stood before.
            edge_class(class="shaking") 1
            # TYPE edge_decisions_total counter
            # HELP edge_decisions_total Times that the model ran.
            edge_decisions_total() 11
            # TYPE edge_label gauge
            # HELP edge_label The label that stands, -1 in the safe state.
            edge_label() 1
            # TYPE edge_label_changes_total counter
            # HELP edge_label_changes_total Changes of the label that stands.
            edge_label_changes_total() 14
            # TYPE edge_learned_total counter
            # HELP edge_learned_total Labelled decisions that the model learned from.
            edge_learned_total() 17
            # TYPE edge_model_updates_total counter
            # HELP edge_model_updates_total Models that were offered, by what became of them.
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
            edge_model_updates_total(outcome="taken_back") 31
            edge_model_updates_total(outcome="confirmed") 32
            # TYPE edge_model_version gauge
            # HELP edge_model_version Version of the model that decides.
            edge_model_version() 77
            # TYPE edge_output_faults_total counter
            # HELP edge_output_faults_total Times that an output failed.
            edge_output_faults_total() 15
            # TYPE edge_probability gauge
            # HELP edge_probability Probability of the last decision.
            edge_probability() 1
            # TYPE edge_sample_lateness_seconds histogram
            # HELP edge_sample_lateness_seconds How much later than due samples are taken.
            edge_sample_lateness_seconds_bucket(le="0.0001") 1
            edge_sample_lateness_seconds_bucket(le="0.00025") 2
            edge_sample_lateness_seconds_bucket(le="0.0005") 5
            edge_sample_lateness_seconds_bucket(le="0.001") 10
            edge_sample_lateness_seconds_bucket(le="0.002") 20
            edge_sample_lateness_seconds_bucket(le="0.004") 40
            edge_sample_lateness_seconds_bucket(le="0.008") 80
            edge_sample_lateness_seconds_bucket(le="0.016") 160
            edge_sample_lateness_seconds_bucket(le="0.032") 320
            edge_sample_lateness_seconds_bucket(le="0.064") 640
            edge_sample_lateness_seconds_bucket(le="0.125") 1250
            edge_sample_lateness_seconds_bucket(le="0.25") 2000
            edge_sample_lateness_seconds_bucket(le="0.5") 2000
            edge_sample_lateness_seconds_bucket(le="1") 2000
            edge_sample_lateness_seconds_bucket(le="+Inf") 2000
            edge_sample_lateness_seconds_sum() SUM
            edge_sample_lateness_seconds_count() 2000
            # TYPE edge_samples_missed_total counter
            # HELP edge_samples_missed_total Samples that were due while the loop was busy.
            edge_samples_missed_total() 2
            # TYPE edge_samples_total counter
            # HELP edge_samples_total Samples that the sensor delivered.
            edge_samples_total() 4
            # TYPE edge_sensor_failed_reads_total counter
            # HELP edge_sensor_failed_reads_total Reads that failed, those bridged included.
            edge_sensor_failed_reads_total() 5
            # TYPE edge_sensor_faults_total counter
            # HELP edge_sensor_faults_total Times that a fault of the sensor set in.
            edge_sensor_faults_total(fault="not_present") 6
            edge_sensor_faults_total(fault="bus_error") 7
            edge_sensor_faults_total(fault="stuck") 8
            edge_sensor_faults_total(fault="out_of_range") 9
            # TYPE edge_sensor_recoveries_total counter
            # HELP edge_sensor_recoveries_total Times that a faulty sensor became good again.
            edge_sensor_recoveries_total() 10
            # TYPE edge_step_duration_seconds histogram
            # HELP edge_step_duration_seconds Time from the start of a sample's read to the end of its decision.
            edge_step_duration_seconds_bucket(le="0.0001") 12
            edge_step_duration_seconds_bucket(le="0.00025") 32
            edge_step_duration_seconds_bucket(le="0.0005") 64
            edge_step_duration_seconds_bucket(le="0.001") 129
            edge_step_duration_seconds_bucket(le="0.002") 259
            edge_step_duration_seconds_bucket(le="0.004") 519
            edge_step_duration_seconds_bucket(le="0.008") 1038
            edge_step_duration_seconds_bucket(le="0.016") 2000
            edge_step_duration_seconds_bucket(le="0.032") 2000
            edge_step_duration_seconds_bucket(le="0.064") 2000
            edge_step_duration_seconds_bucket(le="0.125") 2000
            edge_step_duration_seconds_bucket(le="0.25") 2000
            edge_step_duration_seconds_bucket(le="0.5") 2000
            edge_step_duration_seconds_bucket(le="1") 2000
            edge_step_duration_seconds_bucket(le="+Inf") 2000
            edge_step_duration_seconds_sum() SUM
            edge_step_duration_seconds_count() 2000
            # TYPE edge_watchdog_expirations_total counter
            # HELP edge_watchdog_expirations_total Times that the loop hung and outputs went to their safe state.
            edge_watchdog_expirations_total() 16
            # TYPE edge_window_gaps_total counter
            # HELP edge_window_gaps_total Windows started anew because too many samples were missed.
            edge_window_gaps_total() 3

            """;
        Assert.Equal(Expected.Replace('(', '{').Replace(')', '}'), Sums().Replace(text, "_sum{} SUM"));
    }

    [Fact]
    public async Task A_class_that_no_longer_stands_is_0_and_its_text_is_escaped_as_the_format_says()
    {
        // Prometheus, "Exposition formats": backslash, double quote and line feed.
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(["a", "b\\\"c\nd"], ["x", "y", "z"], bias: 100f));
        using Device device = Open(ModelUpdater.Open(Path.Combine(folder, "store"), factory, new UpdatePolicy { RequireSignature = false, RequireSelfTest = false }));
        string text = await PageAsync(device, () => { });
        Assert.DoesNotContain("edge_class{", text, StringComparison.Ordinal);
        Assert.Contains("\nedge_label{} -1\n", text, StringComparison.Ordinal);
        text = await PageAsync(device, device.Loop.Step);
        Assert.Contains("\nedge_class{class=\"b\\\\\\\"c\\nd\"} 1\n", text, StringComparison.Ordinal);
        text = await PageAsync(device, device.Loop.Dispose);
        Assert.Contains("\nedge_class{class=\"b\\\\\\\"c\\nd\"} 0\n", text, StringComparison.Ordinal);
    }

    private static Device Open(ModelUpdater updater) =>
        new(new EdgeOptions { Sensor = new SensorOptions { Kind = "simulated" } }, updater, () => throw new IOException());

    // Timings count from when somebody listens.
    private static async Task<string> PageAsync(Device device, Action happens)
    {
        int port = RunningService.FreePort();
        await using WebApplication pages = StatusPages.Create(port, device.Services.GetRequiredService<HealthCheckService>(), new LogDouble());
        await pages.StartAsync();
        _ = device.Services.GetRequiredService<DeviceMeter>();
        happens();
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
    }

    // Rounded as floats are added, in no certain order.
    [GeneratedRegex("_sum{} [0-9.]+")]
    private static partial Regex Sums();

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

/// <summary>Tests that see every meter of the process.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
public static class MetricsTests;
