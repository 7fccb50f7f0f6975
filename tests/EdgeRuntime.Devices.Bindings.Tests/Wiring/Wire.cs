namespace EdgeInference.Devices.Bindings.Tests.Wiring;

/// <summary>A wire from a sensor to the 40-pin header of a Raspberry Pi.</summary>
/// <param name="Sensor">What the sensor's board calls its end.</param>
/// <param name="Signal">What the header's pin is.</param>
/// <param name="Pin">Its number on the header, 1 to 40.</param>
internal sealed record Wire(string Sensor, string Signal, int Pin);
