using EdgeInference.Devices.Bindings;
using EdgeInference.Devices.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EdgePi;

/// <summary>The section "Edge" of appsettings.json.</summary>
internal sealed class DeviceSettings
{
    /// <summary>The model that the program came with.</summary>
    public static readonly string Model = Path.Combine(AppContext.BaseDirectory, "model.edge");

    private const string Simulated = "simulated";

    private DeviceSettings(IConfigurationSection section) => Section = section;

    /// <summary>Where newer models are kept, beside the program where the path is not a whole one.</summary>
    public string StoreFolder => Path.GetFullPath(Section[nameof(StoreFolder)] ?? "store", AppContext.BaseDirectory);

    /// <summary>The sensor; null for the simulated machine.</summary>
    public SensorSettings? Sensor => IsSimulated ? null : Part("Sensor").Get<SensorSettings>();

    public LoopOptions Loop => Part("Loop").Get<LoopOptions>() ?? new LoopOptions();

    public PinOptions Output => Part("Output").Get<PinOptions>() ?? new PinOptions();

    public ModelUpdateOptions Updates => Part("Updates").Get<ModelUpdateOptions>() ?? new ModelUpdateOptions();

    private IConfigurationSection Section { get; }

    private bool IsSimulated => Part("Sensor")["Kind"] is null or Simulated;

    /// <summary>Takes the settings; a name or a value that cannot be is an error here, not a default later.</summary>
    public static DeviceSettings Read(IConfigurationSection section)
    {
        var settings = new DeviceSettings(section);
        Require(new SettingsFaults(section.Path)
            .Section<DeviceSettings>(section)
            .Section<SensorSettings>(settings.Part("Sensor"))
            .Section<LoopOptions>(settings.Part("Loop"))
            .Section<PinOptions>(settings.Part("Output"))
            .Section<ModelUpdateOptions>(settings.Part("Updates"))
            .Section<MqttUpdateOptions>(settings.Part("Updates:Mqtt"))
            .Add(settings.IsSimulated && settings.Part("Sensor").GetChildren().Count() > 1, $"{section.Path}:Sensor:Kind is '{Simulated}', which is wired to nothing; leave out the other settings of {section.Path}:Sensor, or name a sensor.")
            .Sentences);
        Require([.. settings.Loop.Faults(settings.Part("Loop").Path), .. settings.Output.Faults(settings.Part("Output").Path)]);
        return settings;
    }

    public IConfigurationSection Part(string name) => Section.GetSection(name);

    private static void Require(IReadOnlyList<string> sentences)
    {
        if (sentences.Count > 0)
        {
            throw new OptionsValidationException("Edge", typeof(DeviceSettings), sentences);
        }
    }
}
