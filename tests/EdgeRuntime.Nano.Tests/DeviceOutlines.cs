using EdgeInference.Nano.Tests.Emit;

namespace EdgeInference.Nano.Tests;

/// <summary>Outlines of nanoFramework's device packages, which have no desktop build, to compile programs against.</summary>
internal static class DeviceOutlines
{
    private const string Devices = """
        namespace System.Device.Gpio
        {
            public enum PinMode { Input, Output }
            public struct PinValue { public static PinValue High { get { return default(PinValue); } } public static PinValue Low { get { return default(PinValue); } } }
            public class GpioPin { public void Write(PinValue value) { } }
            public class GpioController { public GpioPin OpenPin(int pin, PinMode mode) { return new GpioPin(); } }
        }
        namespace System.Device.Adc
        {
            public class AdcChannel { public int ReadValue() { return 0; } }
            public class AdcController { public AdcChannel OpenChannel(int channel) { return new AdcChannel(); } }
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

    private static readonly Lazy<byte[][]> compiled = new(() => [EmittedCode.CompileText(Devices, "Devices", []), EmittedCode.CompileText(Esp32, "nanoFramework.Hardware.Esp32", [])]);

    /// <summary>The compiled outlines.</summary>
    internal static byte[][] All() => compiled.Value;
}
