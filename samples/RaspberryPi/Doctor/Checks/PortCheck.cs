namespace EdgeDevice;

/// <summary>Whether the port of /health and /metrics is free.</summary>
internal sealed class PortCheck : ICheck
{
    public string Name => "port";

    public IEnumerable<Finding> Run(Examination examination)
    {
        int port = examination.Options.StatusPort;
        bool running = ProcessCheck.Others(examination.Machine).Count > 0;
        yield return port <= 0 ? Finding.Ok("No port for /health and /metrics is set.")
            : port > 65535 ? Finding.Problem($"Port {port} does not exist.", "set Edge:StatusPort to a number from 1 to 65535.")
            : examination.Machine.PortIsFree(port) ? Finding.Ok($"Port {port} is free.")
            : running ? Finding.Ok($"Port {port} is in use while edge-device runs.")
            : Finding.Problem($"Port {port} is in use by another program.", $"set Edge:StatusPort to another port, or look who has it: sudo ss -ltnp 'sport = :{port}'");
    }
}
