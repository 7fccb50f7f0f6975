using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;

namespace EdgeInference.Devices.Hosting;

/// <summary>Puts <see cref="PayloadChannel"/> under a client, for one connection.</summary>
internal sealed class PayloadAdapterFactory(int maxPacket) : IMqttClientAdapterFactory
{
    /// <summary>The channel of the connection, once there is one.</summary>
    internal PayloadChannel? Channel { get; private set; }

    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
    {
        Channel = new PayloadChannel(new MqttTcpChannel(options), maxPacket);
        var formatter = new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
        return new MqttChannelAdapter(Channel, formatter, logger) { AllowPacketFragmentation = options.AllowPacketFragmentation, PacketInspector = packetInspector };
    }
}
