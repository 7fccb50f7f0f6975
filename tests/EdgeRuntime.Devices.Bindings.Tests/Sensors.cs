using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests;

/// <summary>Sensors of the catalog on doubles.</summary>
internal static class Sensors
{
    /// <summary>Longer than any sensor's conversion.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    internal static CatalogSensor Create(SensorSettings settings, Ledger ledger, TimeSpan? period = null) => SensorCatalog.Create(settings, period ?? Slow, ledger.Buses);

    /// <summary>One sample after a start. A sensor that is read in the background is waited for.</summary>
    internal static float[] Sample(this CatalogSensor sensor)
    {
        float[] sample = new float[sensor.Source.Channels];
        sensor.Source.Start();
        if (sensor.IsBackground)
        {
            var background = (BackgroundSampleSource)sensor.Source;
            Assert.True(SpinWait.SpinUntil(background.HasStarted, TimeSpan.FromSeconds(60)));
        }

        sensor.Source.Read(sample);
        return sample;
    }

    /// <summary>Bytes that the reads of a started source allocate on this thread.</summary>
    internal static long Allocated(ISampleSource source)
    {
        float[] sample = new float[source.Channels];
        for (int i = 0; i < 100; i++)
        {
            source.Read(sample);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            source.Read(sample);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
