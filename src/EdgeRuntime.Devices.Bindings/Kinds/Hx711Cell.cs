using System.Device.Gpio;
using System.Diagnostics;
using System.Globalization;
using Iot.Device.Hx711;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>The binding with an end to its waiting: it waits for the data pin for ever where no chip is there.</summary>
internal sealed class Hx711Cell
{
    private const int Lowest = -0x80_0000;
    private const int Highest = 0x7F_FFFF;

    private readonly GpioController controller;
    private readonly Hx711 sensor;
    private readonly int data;
    private readonly int clock;
    private readonly TimeSpan patience;

    internal Hx711Cell(GpioController controller, Hx711 sensor, int data, int clock, TimeSpan conversion)
    {
        this.controller = controller;
        this.sensor = sensor;
        this.data = data;
        this.clock = clock;

        // After power the first takes four, and a clock of its own runs 20 % slow at most.
        patience = 6 * conversion;

        // Counts, not grams, which the binding rounds to whole ones; its zero at start would hide a load that lies there already.
        sensor.SetConversionRatio(1);
    }

    /// <summary>Takes the chip through a reset, sets the gain, and leaves out what is not settled.</summary>
    internal void Reset(int settling)
    {
        sensor.PowerDown();
        controller.Write(clock, PinValue.Low);
        for (int i = 0; i < settling; i++)
        {
            Take();
        }
    }

    internal int Read()
    {
        int counts = Take();
        return counts is > Lowest and < Highest ? counts
            : throw new IOException($"The HX711 is at the end of its range ({counts.ToString(CultureInfo.InvariantCulture)}): the load cell is overloaded, or a wire of it is off.");
    }

    private int Take()
    {
        long start = Stopwatch.GetTimestamp();
        while (controller.Read(data) == PinValue.High)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The HX711 has no data for {patience.TotalSeconds:0.###} s: its data pin, GPIO {data}, stays high. Check its power, both pins, and RateHertz."));
            }

            Thread.Sleep(1);
        }

        return (int)sensor.GetWeight(1).Grams;
    }
}
