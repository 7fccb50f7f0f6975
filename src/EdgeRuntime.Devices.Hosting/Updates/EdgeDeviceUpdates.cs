using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Adds updates of the model to a device.</summary>
public static class EdgeDeviceUpdates
{
    /// <summary>
    /// Adds a service for each source of new models: a folder, an https address, an MQTT broker. A source whose setting is empty does
    /// nothing. No source can stop or slow another one, the loop or the host; a wrong setting is an error when the host starts.
    /// </summary>
    /// <param name="builder">The device; the container must have a <see cref="ModelUpdater"/>.</param>
    /// <param name="section">The settings, as properties of <see cref="ModelUpdateOptions"/>. An unknown name or a wrong value is an error when the host starts.</param>
    /// <exception cref="InvalidOperationException">Updates were added before.</exception>
    public static EdgeDeviceBuilder AddModelUpdates(this EdgeDeviceBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(builder, section.Path).Configure(options => SettingsBinding.Bind(Keys(new SettingsFaults(section.Path), section), () => section.Bind(options)));
        builder.Services.AddSingleton<IValidateOptions<ModelUpdateOptions>>(new SettingsValidator<ModelUpdateOptions>(section.Path, faults => Keys(faults, section), (_, _) => []));
        return builder;
    }

    /// <summary>Adds a service for each source of new models, with settings made by code.</summary>
    /// <param name="builder">The device; the container must have a <see cref="ModelUpdater"/>.</param>
    /// <param name="configure">Makes the settings.</param>
    /// <exception cref="InvalidOperationException">Updates were added before.</exception>
    public static EdgeDeviceBuilder AddModelUpdates(this EdgeDeviceBuilder builder, Action<ModelUpdateOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(builder, nameof(ModelUpdateOptions)).Configure(configure);
        return builder;
    }

    private static SettingsFaults Keys(SettingsFaults faults, IConfigurationSection section) =>
        faults.Section<ModelUpdateOptions>(section).Section<MqttUpdateOptions>(section.GetSection(nameof(ModelUpdateOptions.Mqtt)));

    private static OptionsBuilder<ModelUpdateOptions> Add(EdgeDeviceBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(UpdateSources)))
        {
            throw new InvalidOperationException("AddModelUpdates was called before; one call names all sources.");
        }

        services.AddSingleton<IValidateOptions<ModelUpdateOptions>>(new ModelUpdateValidator(path));
        services.AddSingleton(provider => new UpdateMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(provider => new UpdateSources(Options(provider), provider.GetRequiredService<UpdateMetrics>(), Logger(provider), Time(provider)));
        services.AddSingleton<IUpdateSourceState>(provider => provider.GetRequiredService<UpdateSources>().Folder);
        services.AddSingleton<IUpdateSourceState>(provider => provider.GetRequiredService<UpdateSources>().Https);
        services.AddSingleton<IUpdateSourceState>(provider => provider.GetRequiredService<UpdateSources>().Mqtt);
        services.AddSingleton<IUpdateSourceState>(provider => provider.GetRequiredService<UpdateSources>().Status);
        services.AddHostedService(provider => new FolderUpdateService(Options(provider), Sources(provider).Folder, () => Updater(provider), Logger(provider), Time(provider)));
        services.AddHostedService(provider => new HttpUpdateService(Options(provider), Sources(provider).Https, () => Updater(provider), Time(provider)));
        services.AddHostedService(provider => new MqttUpdateService(Options(provider), path, Sources(provider).Mqtt, Sources(provider).Status, () => Updater(provider), Logger(provider), Time(provider)));
        services.AddHealthChecks().AddCheck<UpdateHealthCheck>("updates", HealthStatus.Degraded);

        // A trial needs somebody who ends it.
        services.PostConfigure<EdgeModelOptions>(model => model.Policy = model.Policy with { Trial = model.Policy.Trial ?? new UpdateTrial() });
        services.AddHostedService(provider => new ModelTrialService(provider.GetService<ModelUpdater>(), provider.GetService<DecisionLoop>(), Time(provider), provider.GetRequiredService<ILogger<ModelTrialService>>()));
        return services.AddOptions<ModelUpdateOptions>().ValidateOnStart();
    }

    private static ModelUpdateOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<ModelUpdateOptions>>().Value;

    private static UpdateSources Sources(IServiceProvider provider) => provider.GetRequiredService<UpdateSources>();

    private static ILogger Logger(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger("EdgeInference.Devices.Updates");

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ModelUpdater Updater(IServiceProvider provider) => provider.GetService<ModelUpdater>()
        ?? throw new InvalidDataException("Updates are configured and the model has no store to put them in; give AddEdgeModel a folder for its store, or leave the sources of updates empty.");
}
