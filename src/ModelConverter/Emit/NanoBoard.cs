namespace EdgeInference.ModelConverter.Emit;

/// <summary>A board that runs nanoFramework.</summary>
/// <param name="Name">Its chip.</param>
/// <param name="Megahertz">Its clock.</param>
internal sealed record NanoBoard(string Name, int Megahertz)
{
    /// <summary>
    /// Cycles of an instruction: an assumption, not a measurement. The interpreter runs from flash through a cache on an in-order core.
    /// </summary>
    internal const double CyclesPerInstruction = 1.8;

    /// <summary>The one that times are given for where there is room for one only.</summary>
    internal static NanoBoard Esp32 { get; } = new("ESP32", 240);

    /// <summary>The boards of docs/esp32.md.</summary>
    internal static IReadOnlyList<NanoBoard> All { get; } = [Esp32, new("ESP32-S3", 240), new("ESP32-C3", 160)];

    /// <summary>Time of so many machine instructions.</summary>
    internal double Milliseconds(long instructions) => instructions * CyclesPerInstruction / (Megahertz * 1e3);
}
