using System.Globalization;
using System.Security.Cryptography;
using EdgeInference.Runtime;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Says of each wrong setting of updates which it is and what it must be, when the host starts.</summary>
internal sealed class ModelUpdateValidator(string path, Func<string, bool>? isFile = null, TimeSpan? patience = null) : IValidateOptions<ModelUpdateOptions>
{
    private const int MostBytes = 256_000_000;

    public ValidateOptionsResult Validate(string? name, ModelUpdateOptions options)
    {
        List<string> faults =
        [
            .. new SettingsFaults(path)
                .Range(nameof(options.IntervalSeconds), options.IntervalSeconds, 0.05, 2_592_000)
                .Range(nameof(options.DownloadSeconds), options.DownloadSeconds, 0.1, 86_400)
                .Range(nameof(options.MaxBytes), options.MaxBytes, 1024, MostBytes)
                .Sentences,
            .. Keys(options.TrustedKeys ?? []),
            .. Folder(options.Folder ?? ""),
            .. Address(options.Address ?? ""),
            .. Authorities(options.CaFile ?? "", options.Address ?? ""),
            .. options.Mqtt is null ? [] : new MqttUpdateValidator(Key("Mqtt")).Faults(options.Mqtt),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Says why a file of the settings cannot be used.</summary>
    internal static IEnumerable<string> Usable(string key, string file, Action use, TimeSpan? patience = null)
    {
        try
        {
            return SettingsFile.Answers(use, patience ?? SettingsFile.Patience) ? [] : [$"{key} names '{file}', which cannot be used: its disk or network does not answer."];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            string reason = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : exception.Message;
            return [$"{key} names '{file}', which cannot be used: {(reason.EndsWith('.') ? reason : reason + ".")}"];
        }
    }

    private string Key(string name) => path.Length == 0 ? name : $"{path}:{name}";

    private IEnumerable<string> Keys(string[] files) => files.SelectMany((file, index) => Usable(Key(string.Create(CultureInfo.InvariantCulture, $"TrustedKeys:{index}")), file, () =>
    {
        using var keys = new TrustedKeys();
        keys.AddPem(SettingsFile.Text(file));
    }));

    private IEnumerable<string> Folder(string folder)
    {
        if (folder.Contains('\0', StringComparison.Ordinal))
        {
            return [$"{Key("Folder")} holds a character that no path may have."];
        }

        // On a mount that is dead for now it is no fault of the settings; the service that looks into it says so.
        bool found = false;
        return SettingsFile.Answers(() => found = (isFile ?? File.Exists)(folder), patience ?? SettingsFile.Patience) && found ? [$"{Key("Folder")} is '{folder}', which is a file; it must be a folder, which need not exist yet."] : [];
    }

    private IEnumerable<string> Authorities(string file, string address)
    {
        if (file.Length > 0 && !address.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase))
        {
            return [$"{Key("CaFile")} is set and {Key("Address")} is {(address.Length == 0 ? "empty" : "no https address")}: nothing would use it. The broker's is {Key("Mqtt:CaFile")}."];
        }

        return Usable(Key("CaFile"), file, () => AuthorityFile.Free(AuthorityFile.Read(file)));
    }

    private IEnumerable<string> Address(string address)
    {
        if (address.Length == 0)
        {
            return [];
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            return [$"{Key("Address")} is '{address}', which is no whole address; it must be one such as https://models.example/m.edge."];
        }

        // Not shown: the sentence goes into the log.
        return uri.UserInfo.Length > 0 ? [$"{Key("Address")} holds a user or a password, which would not be sent and would stand in the log; leave it out."]
            : HttpUpdateSource.IsAllowed(uri) ? []
            : [$"{Key("Address")} is '{address}'; models are only fetched over https, or over http from this machine."];
    }
}
