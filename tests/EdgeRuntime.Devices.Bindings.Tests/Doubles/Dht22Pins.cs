using System.Device.Gpio;
using System.Diagnostics;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>A DHT22 by its data sheet: after the start signal 40 bits, of which a one is high for 70 µs and a zero for 26 µs.</summary>
internal sealed class Dht22Pins : PinChip
{
    private static readonly TimeSpan One = TimeSpan.FromMicroseconds(70);

    private int lows;
    private bool isHigh;

    /// <summary>Humidity, temperature, checksum.</summary>
    internal byte[] Bytes { get; set; } = new byte[5];

    internal bool Unplugged { get; set; }

    internal int Measurements { get; private set; }

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        base.SetPinMode(pinNumber, mode);
        if (mode != PinMode.Output)
        {
            (lows, isHigh) = (0, true);
            Measurements++;
        }
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => SetPinMode(pinNumber, mode);

    // Low and high of the answer, then of each bit; each level is seen once, and the high of a one lasts.
    protected override PinValue Read(int pinNumber)
    {
        if (Unplugged)
        {
            return PinValue.High;
        }

        isHigh = !isHigh;
        if (isHigh)
        {
            return PinValue.High;
        }

        int bit = lows++ - 2;
        if (bit is >= 0 and < 40 && ((Bytes[bit / 8] >> (7 - (bit % 8))) & 1) == 1)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < One)
            {
                Thread.SpinWait(10);
            }
        }

        return PinValue.Low;
    }

    protected override void Write(int pinNumber, PinValue value)
    {
    }
}
