using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Binds a section whose keys and values fit, and leaves what does not to the validation.</summary>
internal static class SettingsBinding
{
    internal static void Bind(SettingsFaults faults, Action bind)
    {
        // The binder throws at the first value that it cannot take; the validation has a sentence for each.
        if (faults.Sentences.Count == 0)
        {
            bind();
        }
    }
}

/// <summary>Holds options to their section and their ranges.</summary>
internal sealed class SettingsValidator<T>(string path, Action<SettingsFaults>? section, Func<T, string, IReadOnlyList<string>> values) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var faults = new SettingsFaults(path);
        section?.Invoke(faults);
        IReadOnlyList<string> sentences = faults.Sentences.Count > 0 ? faults.Sentences : values(options, path);
        return sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(sentences);
    }
}
