using System.Device.Gpio;
using System.Diagnostics;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>An HX711 by its data sheet: 24 bits, and one to three pulses more for the gain of the next conversion.</summary>
internal sealed class Hx711Pins(int data, int clock) : PinChip
{
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(1);

    private long convertingSince = Stopwatch.GetTimestamp();
    private int pulses;
    private int gain = 128;
    private bool looked;
    private bool isHigh;

    /// <summary>The counts for a gain.</summary>
    internal Func<int, int> Counts { get; set; } = _ => 0;

    internal bool Unplugged { get; set; }

    internal int PowerDowns { get; private set; }

    protected override PinValue Read(int pinNumber)
    {
        Assert.Equal(data, pinNumber);
        looked = true;
        if (Unplugged)
        {
            return PinValue.High;
        }

        if (pulses is > 0 and <= 24)
        {
            return (Counts(gain) >> (24 - pulses)) & 1;
        }

        if (pulses > 24)
        {
            // The pulses after the bits have set the gain of the conversion that runs now.
            gain = pulses switch { 25 => 128, 26 => 32, _ => 64 };
            if (Stopwatch.GetElapsedTime(convertingSince) < Conversion)
            {
                return PinValue.High;
            }

            pulses = 0;
        }

        return PinValue.Low;
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        Assert.Equal(clock, pinNumber);
        bool before = isHigh;
        isHigh = value == PinValue.High;
        if (!isHigh)
        {
            looked &= before;
        }
        else if (looked)
        {
            pulses++;
            convertingSince = Stopwatch.GetTimestamp();
            looked = false;
        }
        else
        {
            // Nobody looks at a bit: the clock is held high to turn the chip off.
            PowerDowns++;
            (pulses, gain) = (0, 128);
        }
    }
}
