using System.Runtime.InteropServices;

namespace EdgeDevice;

/// <summary>Whether the system is one that .NET's packages are there for.</summary>
internal sealed class SystemCheck : ICheck
{
    public string Name => "system";

    public IEnumerable<Finding> Run(Examination examination)
    {
        string system = examination.Machine.Read("/etc/os-release")?.Split('\n').FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"') ?? "an unknown system";
        yield return examination.Machine.Architecture is Architecture.Arm or Architecture.Armv6
            ? Finding.Warning($"The program is of 32 bits, on {system}: nothing of it was tested so.", "write the 64-bit Raspberry Pi OS to the card (Pi 3, 4, 5, Zero 2 W).")
            : Finding.Ok($"{examination.Machine.Architecture} program on {system}.");
    }
}
