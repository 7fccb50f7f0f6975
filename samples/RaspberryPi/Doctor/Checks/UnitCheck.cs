namespace EdgeDevice;

/// <summary>Whether systemd has the unit that came with this program.</summary>
internal sealed class UnitCheck : ICheck
{
    private const string Copy = "sudo cp /opt/edge-device/edge-device.service /etc/systemd/system/ && sudo systemctl daemon-reload && sudo systemctl restart edge-device";

    public string Name => "unit";

    public IEnumerable<Finding> Run(Examination examination)
    {
        UnitFile? shipped = UnitFile.Shipped(examination.Machine);
        (UnitFile? installed, string path) = UnitFile.Find(examination.Machine);
        if (installed is null)
        {
            yield return Finding.Warning("systemd has no unit edge-device.service.", "sudo cp /opt/edge-device/edge-device.service /etc/systemd/system/ && sudo systemctl enable --now edge-device");
            yield break;
        }

        string[] devices = [.. shipped?.Lines.Where(line => line.StartsWith("DeviceAllow=", StringComparison.Ordinal)).Except(installed.Lines) ?? []];
        string[] others = [.. shipped?.Lines.Except(installed.Lines).Except(devices) ?? []];
        if (devices.Length > 0 && installed.Last("DevicePolicy") is not null)
        {
            yield return Finding.Problem($"{path} lacks {string.Join(", ", devices)}: the service is denied these devices.", Copy);
        }
        else if (others.Length > 0)
        {
            yield return Finding.Warning($"{path} is not as shipped: it lacks {string.Join(", ", others)}.", Copy);
        }
        else
        {
            yield return Finding.Ok($"{path} is as shipped.");
        }
    }
}
