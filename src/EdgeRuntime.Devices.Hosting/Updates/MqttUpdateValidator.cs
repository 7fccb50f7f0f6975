using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeInference.Devices.Hosting;

/// <summary>Says of each wrong setting of the broker which it is and what it must be.</summary>
internal sealed class MqttUpdateValidator(string path)
{
    internal IEnumerable<string> Faults(MqttUpdateOptions options)
    {
        IReadOnlyList<string> numbers = new SettingsFaults(path)
            .Range(nameof(options.Port), options.Port, 1, 65_535)
            .Range(nameof(options.SessionExpirySeconds), options.SessionExpirySeconds, 0, uint.MaxValue)
            .Range(nameof(options.KeepAliveSeconds), options.KeepAliveSeconds, 1, ushort.MaxValue)
            .Sentences;
        return options.Server.Length == 0 ? numbers : [.. numbers, .. Names(options), .. Topics(options), .. Files(options)];
    }

    private string Key(string name) => $"{path}:{name}";

    private IEnumerable<string> Names(MqttUpdateOptions options)
    {
        if (Uri.CheckHostName(options.Server) == UriHostNameType.Unknown)
        {
            yield return $"{Key("Server")} is '{options.Server}', which is no name of a host; give the name alone, and the port as {Key("Port")}.";
        }

        if (options.User.Length == 0 && options.Password.Length > 0)
        {
            yield return $"{Key("Password")} is set and {Key("User")} is empty; set both or none.";
        }

        if (options.ClientId.Any(char.IsControl) || Encoding.UTF8.GetByteCount(options.ClientId) > ushort.MaxValue)
        {
            yield return $"{Key("ClientId")} holds a control character or is longer than {ushort.MaxValue} bytes.";
        }
    }

    private IEnumerable<string> Topics(MqttUpdateOptions options)
    {
        string? topic = Refusal(() => MqttTopicValidator.ThrowIfInvalidSubscribe(options.Topic));
        string? status = options.StatusTopic.Length == 0 ? null : Refusal(() => MqttTopicValidator.ThrowIfInvalid(options.StatusTopic));
        if (topic is not null)
        {
            yield return $"{Key("Topic")} is '{options.Topic}', which is no topic: {topic}";
        }

        if (status is not null)
        {
            yield return $"{Key("StatusTopic")} is '{options.StatusTopic}', which is no topic to publish to: {status}";
        }

        if (topic is null && status is null && MqttTopicFilterComparer.Compare(options.StatusTopic, options.Topic) == MqttTopicFilterCompareResult.IsMatch)
        {
            yield return $"{Key("StatusTopic")} is '{options.StatusTopic}', which {Key("Topic")} '{options.Topic}' holds too: the device would take its own words for models.";
        }
    }

    private IEnumerable<string> Files(MqttUpdateOptions options)
    {
        if (!options.Tls)
        {
            foreach ((string name, string file) in (ReadOnlySpan<(string, string)>)[("CaFile", options.CaFile), ("ClientCertificateFile", options.ClientCertificateFile), ("ClientKeyFile", options.ClientKeyFile)])
            {
                if (file.Length > 0)
                {
                    return [$"{Key(name)} is set and {Key("Tls")} is false: nothing would use it."];
                }
            }

            return [];
        }

        if (options.ClientKeyFile.Length > 0 && options.ClientCertificateFile.Length == 0)
        {
            return [$"{Key("ClientKeyFile")} is set and {Key("ClientCertificateFile")} is empty; set both, or the certificate alone where its file holds the key."];
        }

        string own = options.ClientKeyFile.Length > 0 ? $"{options.ClientCertificateFile}' with the key '{options.ClientKeyFile}" : options.ClientCertificateFile;
        return
        [
            .. ModelUpdateValidator.Usable(Key("CaFile"), options.CaFile, () => AuthorityFile.Free(MqttSettings.Authorities(options))),
            .. ModelUpdateValidator.Usable(Key("ClientCertificateFile"), own, () => AuthorityFile.Free(MqttSettings.Own(options))),
        ];
    }

    private static string? Refusal(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (MqttProtocolViolationException exception)
        {
            return exception.Message.EndsWith('.') ? exception.Message : exception.Message + ".";
        }
    }
}
