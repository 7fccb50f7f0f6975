using System.Security.Cryptography;
using System.Text;

namespace EdgeInference.Devices.Hosting;

/// <summary>A name of this device that stays and that no other device has: its host name may be "raspberrypi" as that of all others.</summary>
internal static class DeviceIdentity
{
    /// <summary>Makes a name from the machine's number, which itself is nobody's business (man machine-id); null where it has none.</summary>
    internal static string? ClientId(string path = "/etc/machine-id")
    {
        try
        {
            string number = File.ReadAllText(path).Trim();
            return number.Length == 32 ? "edge-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("EdgeInference.Devices " + number)).AsSpan(0, 8)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
