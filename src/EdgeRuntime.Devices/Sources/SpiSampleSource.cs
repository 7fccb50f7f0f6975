using System.Device.Spi;

namespace EdgeInference.Devices;

/// <summary>One channel of an SPI converter: the low bits of a full-duplex answer, high byte first; value = scale · bits + bias.</summary>
/// <param name="Request">What is sent; the answer has as many bytes, 1 to 4.</param>
/// <param name="Bits">Number of bits that hold the value, 1 to 24.</param>
/// <param name="Scale">Units per step.</param>
/// <param name="Bias">Units at 0.</param>
public sealed record SpiChannel(IReadOnlyList<byte> Request, int Bits, float Scale = 1f, float Bias = 0f)
{
    /// <summary>
    /// A single-ended channel of an MCP3008 in volts: 10 bits of the reference voltage.
    /// Source: Microchip DS21295D, section 6.1: start bit, then single-ended and channel in the high half of the second byte.
    /// </summary>
    /// <param name="channel">0 to 7.</param>
    /// <param name="referenceVolts">Voltage at the reference pin.</param>
    public static SpiChannel Mcp3008(int channel, float referenceVolts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channel, 7);
        return new SpiChannel([0x01, (byte)(0x80 | (channel << 4)), 0x00], 10, referenceVolts / 1024f);
    }
}

/// <summary>Samples of an SPI converter, one transfer for each channel.</summary>
public sealed class SpiSampleSource : ISampleSource
{
    private readonly SpiDevice device;
    private readonly SpiChannel[] channels;
    private readonly byte[][] requests;
    private readonly byte[] answer = new byte[4];

    /// <summary>Creates a source, which owns the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="channels">What is asked for each channel.</param>
    /// <param name="channelNames">A name for each channel, or null.</param>
    /// <exception cref="ArgumentException">A request or a number of bits is out of range.</exception>
    public SpiSampleSource(SpiDevice device, IReadOnlyList<SpiChannel> channels, IReadOnlyList<string>? channelNames = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0 || channels.Any(channel => channel.Request.Count is < 1 or > 4 || channel.Bits < 1 || channel.Bits > Math.Min(24, channel.Request.Count * 8)))
        {
            throw new ArgumentException("Name one channel or more, each with a request of 1 to 4 bytes and 1 to 24 bits that fit its answer.", nameof(channels));
        }

        this.device = device;
        this.channels = [.. channels];
        ChannelNames = channelNames is null ? [] : [.. channelNames];
        requests = [.. channels.Select(channel => channel.Request.ToArray())];
    }

    /// <inheritdoc/>
    public int Channels => channels.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames { get; }

    /// <summary>Does nothing: a converter has no state to set up.</summary>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public void Read(Span<float> sample)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            Span<byte> received = answer.AsSpan(0, requests[i].Length);
            device.TransferFullDuplex(requests[i], received);
            uint word = 0;
            foreach (byte part in received)
            {
                word = (word << 8) | part;
            }

            sample[i] = (channels[i].Scale * (int)(word & ((1u << channels[i].Bits) - 1))) + channels[i].Bias;
        }
    }

    /// <summary>Closes the device.</summary>
    public void Dispose() => device.Dispose();
}
