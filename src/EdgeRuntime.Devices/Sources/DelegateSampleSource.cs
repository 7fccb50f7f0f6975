namespace EdgeInference.Devices;

/// <summary>Reads one sample.</summary>
/// <param name="sample">Room for one value for each channel.</param>
public delegate void SampleReader(Span<float> sample);

/// <summary>Samples from a delegate; <see cref="BindingSampleSource{TSensor}"/> is for sensors of Iot.Device.Bindings, which have to be closed and created again.</summary>
public sealed class DelegateSampleSource : ISampleSource
{
    private readonly SampleReader read;
    private readonly Action? start;

    /// <summary>Creates a source.</summary>
    /// <param name="channels">Values in a sample, 1 or more.</param>
    /// <param name="read">Reads one sample; throws <see cref="IOException"/> where the sensor fails.</param>
    /// <param name="start">Puts the sensor into its measuring state, or null.</param>
    /// <param name="channelNames">A name for each channel, or null.</param>
    public DelegateSampleSource(int channels, SampleReader read, Action? start = null, IReadOnlyList<string>? channelNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(read);
        Channels = channels;
        ChannelNames = channelNames is null ? [] : [.. channelNames];
        this.read = read;
        this.start = start;
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames { get; }

    /// <inheritdoc/>
    public void Start() => start?.Invoke();

    /// <inheritdoc/>
    public void Read(Span<float> sample) => read(sample);

    /// <summary>Does nothing: the creator of the delegate owns the sensor.</summary>
    public void Dispose()
    {
    }
}
