using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EdgeInference.Devices.Hosting;

/// <summary>Whether a setting can be what the property of its name is.</summary>
internal static class SettingValue
{
    /// <summary>Why it cannot, to follow the setting's name; null if it can.</summary>
    internal static string? Fault(IConfigurationSection setting, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        string? value = setting.Value;
        bool hasChildren = setting.GetChildren().Any();
        if (type.IsArray || (type.IsInterface && type.IsAssignableTo(typeof(IEnumerable))))
        {
            return string.IsNullOrEmpty(value) ? ListFault(setting) : $"is '{value}' but is a list; on a command line its first entry is {setting.Path}:0";
        }

        if (type.IsClass && type != typeof(string))
        {
            // Looked into by whoever knows its class.
            return null;
        }

        return hasChildren ? "is a section but must be one value" : value is null ? null : ValueFault(value, type);
    }

    private static string? ListFault(IConfigurationSection list)
    {
        IConfigurationSection? named = list.GetChildren().FirstOrDefault(entry => !int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return named is null ? null : $"is a list and has no '{named.Key}'";
    }

    private static string? ValueFault(string value, Type type)
    {
        if (type.IsEnum)
        {
            string[] names = Enum.GetNames(type);
            return names.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"is '{value}', which is none of {string.Join(", ", names)}";
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : $"is '{value}', which is no whole number of 32 bits",
            TypeCode.Double or TypeCode.Single => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : $"is '{value}', which is no number",
            TypeCode.Boolean => bool.TryParse(value, out _) ? null : $"is '{value}', which is neither true nor false",
            _ => null,
        };
    }
}
