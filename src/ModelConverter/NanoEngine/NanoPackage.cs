namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>A package of nanoFramework and the assembly that it has.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Assembly">Its assembly.</param>
internal sealed record NanoPackage(string Id, string Version, string Assembly)
{
    internal static NanoPackage CoreLibrary { get; } = new("nanoFramework.CoreLibrary", "1.17.11", "mscorlib");

    internal static NanoPackage RuntimeEvents { get; } = new("nanoFramework.Runtime.Events", "1.11.37", "nanoFramework.Runtime.Events");

    internal static NanoPackage HardwareEsp32 { get; } = new("nanoFramework.Hardware.Esp32", "1.6.40", "nanoFramework.Hardware.Esp32");

    internal static NanoPackage Adc { get; } = new("nanoFramework.System.Device.Adc", "1.1.24", "System.Device.Adc");

    internal static NanoPackage I2c { get; } = new("nanoFramework.System.Device.I2c", "1.1.29", "System.Device.I2c");

    /// <summary>The engine's own, of this version of the tool.</summary>
    internal static NanoPackage Engine { get; } = new("EdgeInference.Nano", ToolVersion.Text.Split(' ')[^1], "EdgeInference.Nano");
}
