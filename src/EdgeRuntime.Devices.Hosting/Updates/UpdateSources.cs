using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>How the four sources are: one object each for the service that asks, the metrics and the health check.</summary>
internal sealed class UpdateSources
{
    internal UpdateSources(ModelUpdateOptions options, UpdateMetrics metrics, ILogger logger, TimeProvider time)
    {
        MqttUpdateOptions mqtt = options.Mqtt;
        string broker = mqtt.Server.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"mqtt://{mqtt.Server}:{mqtt.Port}/");
        Folder = new UpdateSourceHealth("folder", options.Folder, metrics, logger, time);
        Https = new UpdateSourceHealth("https", options.Address, metrics, logger, time);
        Mqtt = new UpdateSourceHealth("mqtt", broker.Length == 0 ? "" : broker + mqtt.Topic, metrics, logger, time);
        Status = new UpdateSourceHealth("mqtt-status", broker.Length == 0 || mqtt.StatusTopic.Length == 0 ? "" : broker + mqtt.StatusTopic, metrics, logger, time);
    }

    internal UpdateSourceHealth Folder { get; }

    internal UpdateSourceHealth Https { get; }

    internal UpdateSourceHealth Mqtt { get; }

    internal UpdateSourceHealth Status { get; }
}
