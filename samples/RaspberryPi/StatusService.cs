using System.Net;
using System.Text;
using EdgeRuntime.Devices;
using Microsoft.Extensions.Hosting;

namespace EdgeDevice;

/// <summary>Answers /metrics and /health on the loopback address: who wants them elsewhere puts a proxy with a lock before it.</summary>
internal sealed class StatusService(Device device, EdgeOptions options) : BackgroundService
{
    private long turnsAtLastCheck = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.StatusPort <= 0)
        {
            return;
        }

        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{options.StatusPort}/");
        listener.Start();
        using CancellationTokenRegistration stop = stoppingToken.Register(listener.Abort);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync().ConfigureAwait(false);
                await AnswerAsync(context, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException or OperationCanceledException)
            {
                // The client went away, or the service stops.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken stopping)
    {
        (int status, string type, string body) = context.Request.Url?.AbsolutePath switch
        {
            "/metrics" => (200, MetricsText.ContentType, MetricsText.Of(device)),
            "/health" => Health(),
            _ => (404, "text/plain", "There is /metrics and /health.\n"),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes, stopping).ConfigureAwait(false);
        context.Response.Close();
    }

    private (int Status, string Type, string Body) Health()
    {
        long turns = device.Loop.Statistics.Jitter.Count;
        bool turning = turns != Interlocked.Exchange(ref turnsAtLastCheck, turns);
        SensorFault fault = device.Sensor.Fault;
        bool good = turning && fault == SensorFault.None;
        string reason = !turning ? "the loop does not turn" : fault == SensorFault.None ? "good" : $"sensor: {fault}";
        return (good ? 200 : 503, "text/plain", reason + "\n");
    }
}
