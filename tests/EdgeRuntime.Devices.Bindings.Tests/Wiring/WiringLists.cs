namespace EdgeInference.Devices.Bindings.Tests.Wiring;

/// <summary>How each part is wired: the pictures are drawn from it, and the lists of docs/wiring.md are held to it.</summary>
internal static class WiringLists
{
    private static readonly Wire Power = new("VCC", "3.3 V", 1);
    private static readonly Wire Ground = new("GND", "ground", 6);
    private static readonly Wire Data = new("SDA", "GPIO 2, SDA", 3);
    private static readonly Wire Clock = new("SCL", "GPIO 3, SCL", 5);

    internal static (string Part, string Title, Wire[] Wires, string Note)[] All { get; } =
    [
        ("bme280", "BME280", [Power with { Sensor = "VIN" }, Ground, Data, Clock, new("SDO", "ground", 9)], "SDO to ground: address 0x76. SDO to 3.3 V: 0x77."),
        ("mpu6050", "MPU-6050", [Power, Ground, Data, Clock, new("AD0", "ground", 9)], "AD0 to ground: address 0x68. AD0 to 3.3 V: 0x69."),
        ("ads1115", "ADS1115", [Power with { Sensor = "VDD" }, Ground, Data, Clock, new("ADDR", "ground", 9)], "No input above 3.3 V. ADDR to ground: 0x48."),
        ("hx711", "HX711", [Power, Ground, new("DT", "GPIO 5", 29), new("SCK", "GPIO 6", 31)], "3.3 V, not 5 V: DT would carry 5 V to the Pi."),
        ("mcp3008", "MCP3008", [Power with { Sensor = "VDD (16)" }, new("VREF (15)", "3.3 V", 17), Ground with { Sensor = "AGND (14)" }, new("CLK (13)", "GPIO 11, SCLK", 23), new("DOUT (12)", "GPIO 9, MISO", 21), new("DIN (11)", "GPIO 10, MOSI", 19), new("CS (10)", "GPIO 8, CE0", 24), new("DGND (9)", "ground", 9)], "No input above 3.3 V."),
        ("dht22", "DHT22", [Power with { Sensor = "VCC (1)" }, new("DATA (2)", "GPIO 4", 7), Ground with { Sensor = "GND (4)" }], "10 kΩ from DATA to 3.3 V; boards with three pins have it."),
    ];
}
