namespace EdgeDevice;

/// <summary>Whether the settings are good, apart from the model.</summary>
internal sealed class SettingsCheck : ICheck
{
    public string Name => "settings";

    public IEnumerable<Finding> Run(Examination examination)
    {
        EdgeOptions options = examination.Options;
        string? reason = null;
        try
        {
            _ = Wiring.ChannelNames(options.Sensor);
            _ = options.Sensor.ToMonitor();
            _ = options.Loop.ToLoop();
            _ = options.Updates.ToPolicy();
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException or OverflowException or System.Security.Cryptography.CryptographicException)
        {
            reason = exception.Message;
        }

        yield return reason is null ? Finding.Ok("The settings can be used.") : Finding.Problem(reason, "correct it in appsettings.json, then sudo systemctl restart edge-device.");
    }
}
