namespace EdgeInference.Devices;

/// <summary>Opens a sensor's devices and creates its binding on them.</summary>
/// <typeparam name="TSensor">The binding.</typeparam>
/// <param name="parts">Takes what has to be closed.</param>
/// <returns>The binding, configured.</returns>
public delegate TSensor BindingOpener<out TSensor>(SensorParts parts);

/// <summary>Reads one sample of a sensor's binding.</summary>
/// <typeparam name="TSensor">The binding.</typeparam>
/// <param name="sensor">The sensor.</param>
/// <param name="sample">Room for one value for each channel.</param>
public delegate void BindingReader<in TSensor>(TSensor sensor, Span<float> sample);

/// <summary>
/// Samples of a binding for a sensor on I2C, SPI or pins, such as those of Iot.Device.Bindings, whose constructor already talks to
/// the sensor. The source owns what the binding needs: each start closes all parts before it opens new ones, a start that fails
/// half-way leaves none open, and a part that cannot be closed does not stop the next start.
/// </summary>
/// <typeparam name="TSensor">The binding.</typeparam>
public sealed class BindingSampleSource<TSensor> : ISampleSource
    where TSensor : class
{
    private readonly BindingOpener<TSensor> open;
    private readonly BindingReader<TSensor> read;
    private readonly SensorParts parts = new();
    private TSensor? sensor;

    /// <summary>Creates a source; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="channels">Values in a sample, 1 or more.</param>
    /// <param name="open">Opens the devices and creates the binding; called at each start.</param>
    /// <param name="read">Reads one sample.</param>
    /// <param name="channelNames">A name for each channel, or null.</param>
    public BindingSampleSource(int channels, BindingOpener<TSensor> open, BindingReader<TSensor> read, IReadOnlyList<string>? channelNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(read);
        Channels = channels;
        ChannelNames = channelNames is null ? [] : [.. channelNames];
        this.open = open;
        this.read = read;
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The binding has to be closed, and the opener gave nothing to <see cref="SensorParts.Own"/>.</exception>
    public void Start()
    {
        sensor = null;
        string? unclosed = parts.Close();
        try
        {
            sensor = open(parts);
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
        {
            parts.Close();
            IOException? failure = Failure(exception, unclosed);
            if (failure is not null)
            {
                throw failure;
            }

            throw;
        }

        if (sensor is IDisposable && parts.Count == 0)
        {
            sensor = null;
            throw new InvalidOperationException($"{typeof(TSensor).Name} was opened without SensorParts.Own, so that nothing would close it.");
        }
    }

    /// <inheritdoc/>
    public void Read(Span<float> sample)
    {
        if (sensor is null)
        {
            throw new InvalidOperationException("The sensor has not been started.");
        }

        try
        {
            read(sensor, sample);
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception) && !IsOfTheDriver(exception))
        {
            throw Failure(exception, null)!;
        }
    }

    /// <summary>Closes all parts. What a broken one throws is left aside: nothing more can be done about it.</summary>
    public void Dispose()
    {
        sensor = null;
        parts.Close();
    }

    // These say what happened themselves.
    private static bool IsOfTheDriver(Exception exception) => exception is IOException or TimeoutException or UnauthorizedAccessException or PlatformNotSupportedException;

    // What bindings and their units throw where a broken sensor's registers make no sense; null where the exception needs no more words.
    private static IOException? Failure(Exception exception, string? unclosed)
    {
        string closing = unclosed is null ? "" : $" The sensor that was open before could not be closed: {unclosed}";
        return !IsOfTheDriver(exception) ? new IOException($"The sensor's binding {typeof(TSensor).Name} failed: {DeviceFault.Sentence(exception)}{closing}", exception)
            : closing.Length > 0 ? new IOException(exception.Message + closing, exception)
            : null;
    }
}
