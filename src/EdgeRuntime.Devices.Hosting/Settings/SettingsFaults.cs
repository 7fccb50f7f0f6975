using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace EdgeInference.Devices.Hosting;

/// <summary>Collects what is wrong with the settings of a section: a sentence for each, which names the full key.</summary>
/// <param name="path">Path of the section, "Edge:Loop"; empty for the whole configuration.</param>
public sealed class SettingsFaults(string path)
{
    private readonly List<string> sentences = [];

    /// <summary>A sentence for each fault so far.</summary>
    public IReadOnlyList<string> Sentences => sentences;

    /// <summary>Holds the keys and values of a section to a class: no key without a property, no value of another type.</summary>
    /// <typeparam name="T">The class of the options. Properties of classes of their own are sections, which are not looked into.</typeparam>
    /// <param name="section">The section.</param>
    /// <returns>This.</returns>
    public SettingsFaults Section<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        PropertyInfo[] properties = typeof(T).GetProperties();
        if (!string.IsNullOrEmpty(section.Value))
        {
            sentences.Add($"{section.Path} is '{section.Value}' but is a section with the settings {string.Join(", ", properties.Select(property => property.Name))}.");
        }

        foreach (IConfigurationSection setting in section.GetChildren())
        {
            PropertyInfo? property = Array.Find(properties, property => string.Equals(property.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                sentences.Add($"{setting.Path} is no setting; did you mean {NearestText.Of(setting.Key, [.. properties.Select(known => known.Name)])}?");
            }
            else if (SettingValue.Fault(setting, property.PropertyType) is { } reason)
            {
                sentences.Add($"{setting.Path} {reason}.");
            }
        }

        return this;
    }

    /// <summary>Holds a number to its range; NaN is in none.</summary>
    /// <param name="name">Name of the setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="minimum">The lowest that is allowed.</param>
    /// <param name="maximum">The highest that is allowed.</param>
    /// <returns>This.</returns>
    public SettingsFaults Range(string name, double value, double minimum, double maximum) =>
        Add(!(value >= minimum && value <= maximum), string.Create(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? name : $"{path}:{name}")} is {value}; it must be {minimum} to {maximum}."));

    /// <summary>Adds a sentence.</summary>
    /// <param name="wrong">Whether it applies.</param>
    /// <param name="sentence">The sentence, with the full key.</param>
    /// <returns>This.</returns>
    public SettingsFaults Add(bool wrong, string sentence)
    {
        if (wrong)
        {
            sentences.Add(sentence);
        }

        return this;
    }
}
