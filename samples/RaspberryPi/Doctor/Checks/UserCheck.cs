namespace EdgeDevice;

/// <summary>Whether what this user may open is what the service may open.</summary>
internal sealed class UserCheck : ICheck
{
    public string Name => "user";

    public IEnumerable<Finding> Run(Examination examination)
    {
        string service = UnitFile.Find(examination.Machine).Unit?.Last("User") ?? "edge-device";
        string user = examination.Machine.User;
        yield return user == service ? Finding.Ok($"This runs as {user}, as the service does.")
            : user == "root" ? Finding.Warning("This runs as root, which may open everything; the service may not.", $"sudo -u {service} /opt/edge-device/edge-device doctor")
            : Finding.Warning($"This runs as {user} and the service as {service}: they may open different devices.", $"sudo -u {service} /opt/edge-device/edge-device doctor");
    }
}
