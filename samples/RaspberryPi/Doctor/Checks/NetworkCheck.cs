namespace EdgeDevice;

/// <summary>Whether the servers of updates can be reached; only where that was asked for.</summary>
internal sealed class NetworkCheck : ICheck
{
    public string Name => "network";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (!examination.Network)
        {
            yield return Finding.Ok("No server was asked; --network connects to each once.");
            yield break;
        }

        (string Setting, string Host, int Port)[] servers = [.. Servers(examination.Options)];
        if (servers.Length == 0)
        {
            yield return Finding.Ok("No server is set.");
        }

        foreach ((string setting, string host, int port) in servers)
        {
            yield return examination.Machine.Connecting(host, port) is { } reason
                ? Finding.Problem($"{host} port {port} ({setting}) cannot be reached: {reason}.", $"check the network, and the name with: getent hosts {host}")
                : Finding.Ok($"{host} port {port} ({setting}) can be reached.");
        }
    }

    private static IEnumerable<(string Setting, string Host, int Port)> Servers(EdgeOptions options)
    {
        if (Uri.TryCreate(options.Updates.Address, UriKind.Absolute, out Uri? address))
        {
            yield return ("Edge:Updates:Address", address.IdnHost, address.Port);
        }

        if (options.Updates.Mqtt.Server.Length > 0)
        {
            yield return ("Edge:Updates:Mqtt:Server", options.Updates.Mqtt.Server, options.Updates.Mqtt.Port);
        }
    }
}
