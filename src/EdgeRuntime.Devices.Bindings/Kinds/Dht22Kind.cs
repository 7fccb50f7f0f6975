using System.Runtime.CompilerServices;
using Iot.Device.DHTxx;
using UnitsNet;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Aosong DHT22 (AM2302). Source: Aosong, "Digital-output relative humidity and temperature sensor AM2302": 2 s between measurements at least.</summary>
internal static class Dht22Kind
{
    internal static SensorKind Kind { get; } = new("dht22", "Aosong DHT22 (AM2302): temperature, humidity (one pin)", [nameof(SensorSettings.DataPin)], Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        int pin = Check.Pin(settings.DataPin, nameof(SensorSettings.DataPin), Kind.Name);
        return new SensorPlan(
            [("temperature", "°C"), ("humidity", "%")],
            TimeSpan.FromSeconds(2),
            (buses, names) => new BindingSampleSource<Dht22>(
                2,
                parts => parts.Own(new Dht22(pin, parts.Own(buses.Gpio()), shouldDispose: false)),
                (sensor, sample) => Read(sensor, sample, pin),
                names))
        {
            Waits = true,
        };
    }

    private static void Read(Dht22 sensor, Span<float> sample, int pin)
    {
        // The binding compares the time since start of the machine with that of its last measurement, at first 0, and takes a
        // negative difference for "just now": after 25 days of the machine a new sensor would not be read at all, for 25 days.
        LastMeasurement(sensor) = Environment.TickCount - 10_000;
        if (!sensor.TryReadTemperature(out Temperature temperature) || !sensor.TryReadHumidity(out RelativeHumidity humidity))
        {
            throw new IOException($"The DHT22 on GPIO {pin} gave no answer, or one with a wrong checksum.");
        }

        sample[0] = (float)temperature.DegreesCelsius;
        sample[1] = (float)humidity.Percent;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lastMeasurement")]
    private static extern ref int LastMeasurement(DhtBase sensor);
}
