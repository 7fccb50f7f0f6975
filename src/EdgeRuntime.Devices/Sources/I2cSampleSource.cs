using System.Device.I2c;

namespace EdgeInference.Devices;

/// <summary>Samples of an I2C sensor whose channels are read in one burst, so that all have the same time.</summary>
public sealed class I2cSampleSource : ISampleSource
{
    private readonly I2cDevice device;
    private readonly I2cSensorLayout layout;
    private readonly byte[] burst;

    /// <summary>Creates a source, which owns the device.</summary>
    /// <param name="device">The device; nothing is sent before <see cref="Start"/>.</param>
    /// <param name="layout">The sensor's registers.</param>
    public I2cSampleSource(I2cDevice device, I2cSensorLayout layout)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.Channels.Count, 1, nameof(layout));
        this.device = device;
        this.layout = layout;
        burst = new byte[layout.Channels.Max(channel => channel.End)];
    }

    /// <inheritdoc/>
    public int Channels => layout.Channels.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames => layout.ChannelNames;

    /// <inheritdoc/>
    public void Start()
    {
        if (layout.IdRegister is { } register)
        {
            Span<byte> id = stackalloc byte[1];
            device.WriteRead([register], id);
            if (id[0] != layout.Id)
            {
                throw new IOException($"The sensor at I2C address 0x{device.ConnectionSettings.DeviceAddress:X2} identifies itself as 0x{id[0]:X2}, expected 0x{layout.Id:X2}; check the wiring and the address.");
            }
        }

        foreach (I2cRegisterWrite write in layout.Setup)
        {
            device.Write([write.Register, write.Value]);
        }
    }

    /// <inheritdoc/>
    public void Read(Span<float> sample)
    {
        device.WriteRead([layout.DataRegister], burst);
        for (int i = 0; i < layout.Channels.Count; i++)
        {
            sample[i] = layout.Channels[i].Decode(burst);
        }
    }

    /// <summary>Closes the device.</summary>
    public void Dispose() => device.Dispose();
}
