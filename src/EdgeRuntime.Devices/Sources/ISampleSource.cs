namespace EdgeInference.Devices;

/// <summary>
/// A source of samples. A source reports a fault by throwing; <see cref="SensorMonitor"/> counts faults,
/// tells them apart and starts the source again.
/// </summary>
public interface ISampleSource : IDisposable
{
    /// <summary>Values in a sample.</summary>
    int Channels { get; }

    /// <summary>A name for each channel, as in the recording that models are trained on; empty if the source names none.</summary>
    IReadOnlyList<string> ChannelNames => [];

    /// <summary>Puts the sensor into its measuring state; called before the first read and again after a fault.</summary>
    /// <exception cref="IOException">The sensor does not answer, or is not the expected sensor.</exception>
    void Start();

    /// <summary>Reads one sample.</summary>
    /// <param name="sample">Room for <see cref="Channels"/> values.</param>
    /// <exception cref="IOException">The bus reported an error.</exception>
    void Read(Span<float> sample);
}
