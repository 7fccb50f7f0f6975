namespace EdgeInference.ModelConverter.Emit;

/// <summary>A board that runs nanoFramework, in its usual variant.</summary>
/// <param name="Name">What options and tables call it.</param>
/// <param name="Target">The firmware's target, as <c>nanoff --target</c> spells it.</param>
/// <param name="Megahertz">Its clock as the firmware sets it.</param>
/// <param name="RamKilobytes">RAM of the chip.</param>
/// <param name="HeapBytes">The managed heap without PSRAM: a figure of the sources where <paramref name="IsHeapAssumed"/> is false.</param>
/// <param name="PsramBytes">The managed heap where the variant has PSRAM; 0 where there is none.</param>
/// <param name="FlashKilobytes">Flash of the variant that the deployment region is of.</param>
/// <param name="DeploymentBytes">The region of flash for programs.</param>
/// <param name="IsHeapAssumed">Whether the heap is assumed; 'nanoff --devicedetails' shows that of a board.</param>
internal sealed record NanoBoard(
    string Name, string Target, int Megahertz, int RamKilobytes, int HeapBytes, int PsramBytes, int FlashKilobytes, int DeploymentBytes, bool IsHeapAssumed = true)
{
    /// <summary>
    /// Cycles of an instruction: an assumption, not a measurement. The interpreter runs from flash through a cache on an in-order core.
    /// </summary>
    internal const double CyclesPerInstruction = 1.8;

    private const int K = 1024;

    /// <summary>The one that times are given for where there is room for one only.</summary>
    internal static NanoBoard Esp32 { get; } = new("ESP32", "ESP32_REV3", 240, 520, 100_000, (4096 - 256) * K, 4096, 1792 * K);

    private static NanoBoard S3 { get; } = new("ESP32-S3", "ESP32_S3_OCTAL", 240, 512, 100_000, (8192 - 1024) * K, 16384, 2944 * K);

    private static NanoBoard C3 { get; } = new("ESP32-C3", "ESP32_C3", 160, 400, 54_472, 0, 4096, 1984 * K, IsHeapAssumed: false);

    /// <summary>Those of the short tables.</summary>
    internal static IReadOnlyList<NanoBoard> Usual { get; } = [Esp32, S3, C3];

    /// <summary>
    /// All of them. Sources: nanoframework/nf-interpreter, commit a3e8139a (firmware 1.17). README.md lists the targets. ESP32: deployment
    /// regions from targets/ESP32/_IDF/*/partitions_nanoclr_*mb.csv, clocks from sdkconfig.default*, where they set one, else ESP-IDF's
    /// default for the chip, bytes of PSRAM that ESP-IDF keeps from targets/ESP32/defconfig. STM32: regions of RAM and flash from the linker
    /// scripts in targets/ChibiOS/*/nanoCLR, clocks from mcuconf.h beside them and the board's crystal. RAM of ESP32 chips: Espressif's data
    /// sheets. The heap of ESP32-C3 is what a board with firmware 1.17.0.257 reports (nanoframework/Home, issue 1824); firmware with
    /// Bluetooth. Boards with external SDRAM have their heap there.
    /// </summary>
    internal static IReadOnlyList<NanoBoard> All { get; } =
    [
        Esp32,
        new("ESP32-S2", "ESP32_S2", 240, 320, 54_000, (2048 - 1024) * K, 4096, 1984 * K),
        S3,
        C3,
        new("ESP32-C6", "ESP32_C6_THREAD", 160, 512, 100_000, 0, 4096, 1472 * K),
        new("ESP32-H2", "ESP32_H2_THREAD", 96, 320, 54_000, 0, 4096, 1920 * K),
        new("ESP32-P4", "ESP32_P4", 360, 768, 100_000, 32 * K * K, 16384, 2944 * K),
        new("STM32F429I-DISCOVERY", "ST_STM32F429I_DISCOVERY", 168, 256, 8 * K * K, 0, 2048, 1408 * K, IsHeapAssumed: false),
        new("STM32F769I-DISCOVERY", "ST_STM32F769I_DISCOVERY", 216, 512, 13_631_488, 0, 2048, 1280 * K, IsHeapAssumed: false),
        new("NUCLEO-F091RC", "ST_NUCLEO64_F091RC", 48, 32, 12_000, 0, 256, 68 * K),
        new("PALTHREE", "ORGPAL_PALTHREE", 216, 512, 8 * K * K, 0, 2048, 1280 * K, IsHeapAssumed: false),
        new("PALX", "ORGPAL_PALX", 216, 512, 8 * K * K, 0, 2048, 1280 * K, IsHeapAssumed: false),
        new("AZ3166", "MXCHIP_AZ3166", 96, 256, 100_000, 0, 1024, 768 * K),
    ];

    /// <summary>The names, for a message.</summary>
    internal static string Names => string.Join(", ", All.Select(board => board.Name.ToLowerInvariant()));

    /// <summary>The name with its flash.</summary>
    internal string Title => $"{Name}, {FlashText} flash";

    /// <summary>The flash with its unit.</summary>
    internal string FlashText => FlashKilobytes < K ? $"{FlashKilobytes} KB" : $"{FlashKilobytes / K} MB";

    /// <summary>The name in a sentence.</summary>
    internal string WithArticle => (Name[0] is 'A' or 'E' or 'S' ? "an " : "a ") + Name;

    /// <summary>What is not known of it, as a sentence.</summary>
    internal string Assumptions => FormattableString.Invariant($"Assumed, not measured: {CyclesPerInstruction} cycles an instruction{(IsHeapAssumed ? $", {HeapBytes:N0} bytes of heap" : "")}.");

    /// <summary>The board of a name, or of a target, whatever the case; null where there is none.</summary>
    internal static NanoBoard? Find(string name) =>
        All.FirstOrDefault(board => string.Equals(board.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(board.Target, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Time of so many machine instructions.</summary>
    internal double Milliseconds(long instructions) => instructions * CyclesPerInstruction / (Megahertz * 1e3);

    /// <summary>Whether a form of a model fits, in a few words that begin with yes, no or with.</summary>
    internal string Fit(NanoForm form) =>
        form.FlashBytes > DeploymentBytes ? "no: flash"
        : form.RamBytes > Math.Max(HeapBytes, PsramBytes) ? "no: heap"
        : form.RamBytes > HeapBytes ? "with PSRAM only"
        : form.Assemblies > 1 ? FormattableString.Invariant($"yes, in {form.Assemblies} assemblies")
        : "yes";
}
