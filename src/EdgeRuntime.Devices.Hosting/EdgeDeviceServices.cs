using System.Device.Gpio;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Adds a device to the services of a host: its model, its loop, its outputs.</summary>
public static class EdgeDeviceServices
{
    /// <summary>Adds a model that is never updated, as a <see cref="ModelHost"/>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="path">Path of the .edge file, read when the host starts.</param>
    public static EdgeDeviceBuilder AddEdgeModel(this IServiceCollection services, string path)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Add(services, _ => ModelOpening.Fixed(path));
    }

    /// <summary>Adds a model and a store for newer ones, as a <see cref="ModelUpdater"/> and its <see cref="ModelHost"/>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Names the model and the folder of the store.</param>
    public static EdgeDeviceBuilder AddEdgeModel(this IServiceCollection services, Action<EdgeModelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        services.AddSingleton(ModelOpening.Stored);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LearnedStateKeeper(provider.GetRequiredService<ModelUpdater>().Host, new LearnedStateFile(provider.GetRequiredService<IOptions<EdgeModelOptions>>().Value.StoreFolder), provider.GetRequiredService<ILogger<ModelUpdater>>()));
        services.AddHostedService(provider => new LearnedStateService(new Lazy<LearnedStateKeeper>(provider.GetRequiredService<LearnedStateKeeper>), provider.GetRequiredService<TimeProvider>()));
        return Add(services, provider => provider.GetRequiredService<ModelUpdater>().Host);
    }

    /// <summary>Adds the loop with settings made by code.</summary>
    /// <param name="builder">The device.</param>
    /// <param name="sensor">Makes the sensor, which the loop's monitor owns.</param>
    /// <param name="configure">Makes the settings.</param>
    /// <param name="monitor">Says when the sensor counts as faulty, or null for the usual.</param>
    public static EdgeDeviceBuilder AddDecisionLoop(this EdgeDeviceBuilder builder, Func<IServiceProvider, ISampleSource> sensor, Action<LoopOptions> configure, Func<IServiceProvider, SensorMonitorOptions>? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        AddLoop(builder, sensor, monitor);
        builder.Services.AddOptions<LoopOptions>().Configure(configure).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LoopOptions>>(new SettingsValidator<LoopOptions>(nameof(LoopOptions), null, (options, path) => options.Faults(path)));
        return builder;
    }

    /// <summary>
    /// Adds the loop: <see cref="SensorMonitor"/>, <see cref="ModelSlot"/> and <see cref="DecisionLoop"/>, run on a thread of its own;
    /// its log, meter and health check "decisions". Other services of the host that throw are logged and no longer stop the host.
    /// </summary>
    /// <param name="builder">The device.</param>
    /// <param name="sensor">Makes the sensor, which the loop's monitor owns.</param>
    /// <param name="section">The settings, as properties of <see cref="LoopOptions"/>. An unknown name or a wrong value is an error when the host starts.</param>
    /// <param name="monitor">Says when the sensor counts as faulty, or null for the usual.</param>
    public static EdgeDeviceBuilder AddDecisionLoop(this EdgeDeviceBuilder builder, Func<IServiceProvider, ISampleSource> sensor, IConfigurationSection section, Func<IServiceProvider, SensorMonitorOptions>? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        AddLoop(builder, sensor, monitor);
        builder.Services.AddOptions<LoopOptions>().Configure(options => SettingsBinding.Bind(new SettingsFaults(section.Path).Section<LoopOptions>(section), () => section.Bind(options))).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LoopOptions>>(new SettingsValidator<LoopOptions>(section.Path, faults => faults.Section<LoopOptions>(section), (options, path) => options.Faults(path)));
        return builder;
    }

    /// <summary>Adds an output of the loop, which closes it where it is disposable.</summary>
    /// <param name="builder">The device.</param>
    /// <param name="output">Makes the output, after the model was opened.</param>
    public static EdgeDeviceBuilder AddOutput(this EdgeDeviceBuilder builder, Func<IServiceProvider, IDecisionOutput> output)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(output);
        builder.Services.AddSingleton(new OutputSource(output));
        return builder;
    }

    /// <summary>Adds the pin that the settings name, if they name one. The container's <see cref="GpioController"/> drives it, or one of this machine.</summary>
    /// <param name="builder">The device.</param>
    /// <param name="section">The settings, as properties of <see cref="PinOptions"/>. An unknown name or a wrong value is an error when the host starts.</param>
    public static EdgeDeviceBuilder AddPinOutput(this EdgeDeviceBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        IServiceCollection services = builder.Services;
        services.AddOptions<PinOptions>().Configure(options => SettingsBinding.Bind(new SettingsFaults(section.Path).Section<PinOptions>(section), () => section.Bind(options))).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PinOptions>>(new SettingsValidator<PinOptions>(section.Path, faults => faults.Section<PinOptions>(section), (options, path) => options.Faults(path)));
        services.TryAddSingleton(PinOutputs.Controller);
        services.AddSingleton(new OutputSource(provider => PinOutputs.Create(provider, section.Path)));
        services.AddSingleton(new StartCheck((provider, slot) => provider.GetRequiredService<IOptions<PinOptions>>().Value.Refusal(section.Path, slot.ClassTexts, slot.Classes)));
        return builder;
    }

    private static EdgeDeviceBuilder Add(IServiceCollection services, Func<IServiceProvider, ModelHost> host)
    {
        services.AddSingleton(host);
        services.AddSingleton(provider => provider.GetRequiredService<ModelHost>().CreateSlot());
        return new EdgeDeviceBuilder(services);
    }

    private static void AddLoop(EdgeDeviceBuilder builder, Func<IServiceProvider, ISampleSource> sensor, Func<IServiceProvider, SensorMonitorOptions>? monitor)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sensor);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SensorMonitor(sensor(provider), monitor?.Invoke(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OutputSet(provider, provider.GetServices<OutputSource>()));
        services.AddSingleton(CreateLoop);
        services.AddSingleton(new StartCheck(LoopRefusal));
        services.AddSingleton(provider => new LoopLog(provider.GetRequiredService<DecisionLoop>(), provider.GetRequiredService<SensorMonitor>(), provider.GetRequiredService<ILogger<DecisionLoop>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DeviceMeter(provider.GetRequiredService<DecisionLoop>(), provider.GetRequiredService<SensorMonitor>(), provider.GetService<ModelUpdater>(), provider.GetService<IMeterFactory>(), provider.GetRequiredService<ILogger<DecisionLoop>>()));
        services.AddHostedService<DecisionLoopService>();
        services.AddHostedService<LoopLogService>();
        services.AddHostedService<LoopMeterService>();
        services.AddHealthChecks().AddCheck<LoopHealthCheck>("decisions", HealthStatus.Unhealthy);
        services.Configure<HostOptions>(options => options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
    }

    // Without outputs: they are made after the model was chosen, and have checks of their own.
    private static string? LoopRefusal(IServiceProvider provider, ModelSlot slot)
    {
        DecisionLoopOptions options = provider.GetRequiredService<IOptions<LoopOptions>>().Value.ToLoop(slot);
        try
        {
            using var loop = new DecisionLoop(provider.GetRequiredService<SensorMonitor>(), slot, options, [], provider.GetRequiredService<TimeProvider>());
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    private static DecisionLoop CreateLoop(IServiceProvider provider)
    {
        // Before a sensor or a pin is touched.
        ModelSlot slot = provider.GetRequiredService<ModelSlot>();
        DecisionLoopOptions options = provider.GetRequiredService<IOptions<LoopOptions>>().Value.ToLoop(slot);
        return new DecisionLoop(provider.GetRequiredService<SensorMonitor>(), slot, options, provider.GetRequiredService<OutputSet>().Outputs, provider.GetRequiredService<TimeProvider>());
    }
}
