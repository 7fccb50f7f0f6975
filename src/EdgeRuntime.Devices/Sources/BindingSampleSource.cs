using System.Device.I2c;

namespace EdgeInference.Devices;

/// <summary>Reads one sample of a sensor's binding.</summary>
/// <typeparam name="TSensor">The binding.</typeparam>
/// <param name="sensor">The sensor.</param>
/// <param name="sample">Room for one value for each channel.</param>
public delegate void BindingReader<in TSensor>(TSensor sensor, Span<float> sample);

/// <summary>
/// Samples of a binding for an I2C sensor, such as those of Iot.Device.Bindings, whose constructor already talks to the sensor.
/// The source owns both: each start closes the sensor and its device before it opens new ones, and a start that fails leaves
/// none open.
/// </summary>
/// <typeparam name="TSensor">The binding.</typeparam>
public sealed class BindingSampleSource<TSensor> : ISampleSource
    where TSensor : class, IDisposable
{
    private readonly Func<I2cDevice> open;
    private readonly Func<I2cDevice, TSensor> create;
    private readonly BindingReader<TSensor> read;
    private I2cDevice? device;
    private TSensor? sensor;

    /// <summary>Creates a source; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="channels">Values in a sample, 1 or more.</param>
    /// <param name="open">Opens the device; called at each start.</param>
    /// <param name="create">Creates and configures the binding on the device.</param>
    /// <param name="read">Reads one sample.</param>
    /// <param name="channelNames">A name for each channel, or null.</param>
    public BindingSampleSource(int channels, Func<I2cDevice> open, Func<I2cDevice, TSensor> create, BindingReader<TSensor> read, IReadOnlyList<string>? channelNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(read);
        Channels = channels;
        ChannelNames = channelNames is null ? [] : [.. channelNames];
        this.open = open;
        this.create = create;
        this.read = read;
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames { get; }

    /// <inheritdoc/>
    public void Start()
    {
        Dispose();
        try
        {
            device = open();
            sensor = create(device);
        }
        catch (Exception exception)
        {
            Dispose();
            if (IsOfTheBinding(exception))
            {
                throw Failure(exception);
            }

            throw;
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
        catch (Exception exception) when (IsOfTheBinding(exception))
        {
            throw Failure(exception);
        }
    }

    /// <summary>Closes the sensor and its device.</summary>
    public void Dispose()
    {
        TSensor? oldSensor = sensor;
        I2cDevice? oldDevice = device;
        sensor = null;
        device = null;
        try
        {
            oldSensor?.Dispose();
        }
        finally
        {
            // Not every binding closes its device, and closing twice does no harm.
            oldDevice?.Dispose();
        }
    }

    // What bindings and their units throw where a broken sensor's registers make no sense.
    private static bool IsOfTheBinding(Exception exception) =>
        exception is ArgumentException or ArithmeticException or NotSupportedException or IndexOutOfRangeException && exception is not PlatformNotSupportedException;

    private static IOException Failure(Exception exception) => new($"The sensor's binding {typeof(TSensor).Name} failed: {exception.Message}", exception);
}
