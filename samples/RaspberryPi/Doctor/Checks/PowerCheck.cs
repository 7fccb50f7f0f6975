using System.Globalization;

namespace EdgeDevice;

/// <summary>Whether the board had too little voltage or was too hot, as its firmware counts it.</summary>
internal sealed class PowerCheck : ICheck
{
    private static readonly (int Bit, string Meaning)[] Bits =
    [
        (0, "too little voltage now"), (1, "the processor's clock is capped now"), (2, "throttled now"), (3, "at the soft temperature limit now"),
        (16, "too little voltage since the start"), (17, "the processor's clock was capped since the start"), (18, "throttled since the start"), (19, "at the soft temperature limit since the start"),
    ];

    public string Name => "power";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (!examination.Board.IsRaspberryPi)
        {
            yield return Finding.Ok("Only a Raspberry Pi says how its supply is.");
        }
        else if (Value(examination.Machine) is not { } value)
        {
            yield return Finding.Warning("The firmware did not say how the supply is.", "sudo vcgencmd get_throttled");
        }
        else
        {
            string meanings = string.Join("; ", Bits.Where(bit => (value >> bit.Bit & 1) != 0).Select(bit => bit.Meaning));
            bool voltage = (value & 0x10001) != 0;
            yield return meanings.Length == 0 ? Finding.Ok("Voltage and temperature were good since the start.")
                : Finding.Warning($"Throttling is 0x{value:X}: {meanings}.", voltage ? "use the supply made for this board and a short cable." : "cool the board: a heat sink, a fan, or air around it.");
        }
    }

    private static int? Value(Machine machine)
    {
        string? text = machine.Command("vcgencmd", ["get_throttled"])?.Split('=') is [_, string value] ? value
            : machine.Read("/sys/devices/platform/soc/soc:firmware/get_throttled");
        text = text?.Trim() is { } trimmed && trimmed.StartsWith("0x", StringComparison.Ordinal) ? trimmed[2..] : text?.Trim();
        return int.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits) ? bits : null;
    }
}
