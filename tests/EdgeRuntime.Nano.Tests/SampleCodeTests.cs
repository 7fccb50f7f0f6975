using System.Runtime.CompilerServices;
using EdgeInference.Nano.Tests.Emit;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// samples/Esp32 compiles and uses what nanoFramework has. The device packages have no desktop build, so that the sample is compiled
/// against their outlines here, and the guard holds every member it uses to the lists of the real ones.
/// </summary>
public class SampleCodeTests
{
    private const string Gpio = """
        namespace System.Device.Gpio
        {
            public enum PinMode { Input, Output }
            public struct PinValue { public static PinValue High { get { return default(PinValue); } } public static PinValue Low { get { return default(PinValue); } } }
            public class GpioPin { public void Write(PinValue value) { } }
            public class GpioController { public GpioPin OpenPin(int pin, PinMode mode) { return new GpioPin(); } }
        }
        namespace System
        {
            public readonly struct SpanByte { public static implicit operator SpanByte(byte[] array) { return default(SpanByte); } }
        }
        namespace System.Device.I2c
        {
            public enum I2cBusSpeed { StandardMode, FastMode }
            public enum I2cTransferStatus { UnknownError, FullTransfer }
            public struct I2cTransferResult { public I2cTransferStatus Status { get { return I2cTransferStatus.FullTransfer; } } }
            public class I2cConnectionSettings { public I2cConnectionSettings(int bus, int address, I2cBusSpeed speed) { } }
            public class I2cDevice
            {
                public static I2cDevice Create(I2cConnectionSettings settings) { return new I2cDevice(); }
                public I2cTransferResult Write(SpanByte data) { return default(I2cTransferResult); }
                public I2cTransferResult WriteRead(SpanByte write, SpanByte read) { return default(I2cTransferResult); }
            }
        }
        """;

    // No list of this package is at hand.
    private const string Esp32 = """
        namespace nanoFramework.Hardware.Esp32
        {
            public enum DeviceFunction { I2C1_DATA, I2C1_CLOCK }
            public static class Configuration { public static void SetPinFunction(int pin, DeviceFunction function) { } }
        }
        """;

    [Fact]
    public void The_sample_uses_what_nanoFramework_has()
    {
        string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "Esp32");
        byte[] devices = EmittedCode.CompileText(Gpio, "Devices", []);
        byte[] esp32 = EmittedCode.CompileText(Esp32, "nanoFramework.Hardware.Esp32", []);
        byte[] sample = EmittedCode.Compile(Directory.GetFiles(folder, "*.cs").Select(path => (Path.GetFileName(path), File.ReadAllText(path))), "Esp32", [devices, esp32]);
        Assert.Empty(NanoGuard.Check(sample, "EdgeInference.Nano", "nanoFramework.Hardware.Esp32"));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
