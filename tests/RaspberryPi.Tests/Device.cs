using System.Collections;
using System.Device.Gpio;
using System.Globalization;
using EdgeDevice;
using EdgeInference.Devices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RaspberryPi.Tests;

/// <summary>The device as the service puts it together from its settings, with a store of the test and pins of the test; no service of it runs.</summary>
internal sealed class Device : IDisposable
{
    private readonly ServiceProvider provider;

    internal Device(EdgeOptions options, ModelUpdater updater, Func<GpioController> pins, TimeProvider? time = null)
    {
        IConfigurationRoot settings = new ConfigurationBuilder().AddInMemoryCollection(Flat(EdgeOptions.Path, options)).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<IHostApplicationLifetime>(Lifetime);
        services.AddSingleton(_ => pins());
        services.AddSingleton(time ?? TimeProvider.System);
        DeviceHost.AddDevice(services, options, settings.GetSection(EdgeOptions.Path));
        services.AddSingleton(_ => updater);
        provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            Loop = provider.GetRequiredService<DecisionLoop>();
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }

    internal TestLifetime Lifetime { get; } = new();

    internal IServiceProvider Services => provider;

    internal DecisionLoop Loop { get; }

    internal ModelUpdater Updater => provider.GetRequiredService<ModelUpdater>();

    internal SensorMonitor Sensor => provider.GetRequiredService<SensorMonitor>();

    /// <summary>What drives each pin.</summary>
    internal IEnumerable<string> Notes => provider.GetRequiredService<OutputSet>().Outputs.OfType<PinOutput>().Select(pin => pin.Description);

    internal DecisionLoopService LoopService => provider.GetServices<IHostedService>().OfType<DecisionLoopService>().Single();

    public void Dispose() => provider.Dispose();

    private static IEnumerable<KeyValuePair<string, string?>> Flat(string path, object value) => value switch
    {
        string or bool or int or double or float or Enum => [KeyValuePair.Create(path, Convert.ToString(value, CultureInfo.InvariantCulture))],
        IEnumerable list => list.Cast<object>().SelectMany((entry, i) => Flat($"{path}:{i}", entry)),
        _ => value.GetType().GetProperties().SelectMany(property => property.GetValue(value) is { } inner ? Flat($"{path}:{property.Name}", inner) : []),
    };
}

/// <summary>A host that is asked to stop and says so.</summary>
internal sealed class TestLifetime : IHostApplicationLifetime, IDisposable
{
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();

    internal Task Stopped => stopped.Task;

    public void Dispose() => stopping.Dispose();

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => stopping.Token;

    public CancellationToken ApplicationStopped => default;

    public void StopApplication()
    {
        stopping.Cancel();
        stopped.TrySetResult();
    }
}
