using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace RaspberryPi.Tests;

/// <summary>Updates by MQTT with a real broker.</summary>
public sealed class MqttTests : IDisposable
{
    private const string Broker = "/usr/sbin/mosquitto";

    private readonly RunningService service = new();
    private readonly int port = RunningService.FreePort();
    private Process? broker;

    public void Dispose()
    {
        if (broker is not null)
        {
            broker.Kill();
            broker.WaitForExit();
            broker.Dispose();
        }

        service.Dispose();
    }

    [Fact]
    public async Task A_retained_model_is_taken_and_the_outcome_published()
    {
        Debian.Require(Broker, "mosquitto");
        string settings = Path.Combine(service.Folder, "mosquitto.conf");
        File.WriteAllText(settings, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n");
        broker = Process.Start(new ProcessStartInfo(Broker, ["-c", settings]) { RedirectStandardError = true })!;
        broker.ErrorDataReceived += (_, _) => { };
        broker.BeginErrorReadLine();

        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Channel<string> states = Channel.CreateUnbounded<string>();
        client.ApplicationMessageReceivedAsync += async message => await states.Writer.WriteAsync(Encoding.UTF8.GetString(message.ApplicationMessage.Payload));
        await ConnectAsync(client);
        await client.SubscribeAsync("fleet/status", MqttQualityOfServiceLevel.AtLeastOnce);

        // Published before the service is there: retained messages wait for it.
        await client.PublishBinaryAsync("fleet/model", service.Model(2), MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        service.Start(null, "--Edge:Updates:Mqtt:Server=127.0.0.1", $"--Edge:Updates:Mqtt:Port={port}", "--Edge:Updates:Mqtt:Tls=false", "--Edge:Updates:Mqtt:Topic=fleet/model", "--Edge:Updates:Mqtt:StatusTopic=fleet/status");
        await service.VersionAsync(2);
        Assert.Contains("\"outcome\":\"Applied\"", await NextAsync(states), StringComparison.Ordinal);

        await client.PublishBinaryAsync("fleet/model", service.Model(1), MqttQualityOfServiceLevel.AtLeastOnce);
        string refused = await NextAsync(states);
        Assert.Contains("\"outcome\":\"NotNewer\"", refused, StringComparison.Ordinal);
        Assert.Contains("\"version_in_use\":2", refused, StringComparison.Ordinal);

        await client.PublishBinaryAsync("fleet/model", service.Model(3), MqttQualityOfServiceLevel.AtLeastOnce);
        await service.VersionAsync(3);
        Assert.Contains("\"outcome\":\"Applied\"", await NextAsync(states), StringComparison.Ordinal);
        Assert.Equal(0, service.Stop());
    }

    private async Task ConnectAsync(IMqttClient client)
    {
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync(options);
                return;
            }
            catch (MqttCommunicationException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task<string> NextAsync(Channel<string> states)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        return await states.Reader.ReadAsync(limit.Token);
    }
}
