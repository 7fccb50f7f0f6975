namespace ModelExporter.Emit;

/// <summary>What nanoFramework's interpreter takes, by the IL instruction.</summary>
public static class NanoCost
{
    private const double Esp32NanosecondsPerInstruction = 600;

    /// <summary>Milliseconds on an ESP32 at 240 MHz: an estimate.</summary>
    public static double Milliseconds(long instructions) => instructions * Esp32NanosecondsPerInstruction / 1e6;
}
