namespace EdgeInference.Devices.Bindings;

/// <summary>A kind of sensor that the catalog has.</summary>
public sealed class SensorKind
{
    internal SensorKind(string name, string title, IReadOnlyList<string> settings, Func<SensorSettings, SensorPlan> plan)
    {
        Name = name;
        Title = title;
        Settings = settings;
        Plan = plan;
    }

    /// <summary>What <see cref="SensorSettings.Kind"/> calls it.</summary>
    public string Name { get; }

    /// <summary>The part, and what it measures.</summary>
    public string Title { get; }

    /// <summary>The settings that it uses; <see cref="SensorSettings.ChannelNames"/> and <see cref="SensorSettings.MaxAgeSeconds"/> are every kind's.</summary>
    public IReadOnlyList<string> Settings { get; }

    /// <summary>Checks settings.</summary>
    internal Func<SensorSettings, SensorPlan> Plan { get; }
}
