using System.Device.Gpio;
using System.Device.I2c;
using System.Globalization;
using EdgeInference.Devices;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;
using EdgePi;
using Iot.Device.Imu;

// dotnet run                    a simulated sensor, decisions on the terminal
// dotnet run -- mpu6050         an MPU-6050 on I2C bus 1
// dotnet run -- mpu6050 18      the same, and GPIO 18 follows the decision
// dotnet run -- record rest.csv still 60 [mpu6050]
bool record = args is ["record", _, _, _, ..];
string[] wiring = record ? args[4..] : args;
string[] channels = ["x", "y", "z"];
ISampleSource source = wiring is ["mpu6050", ..]
    ? new BindingSampleSource<Mpu6050>(3, parts => parts.Own(Sensors.CreateMpu6050(parts.Own(I2cDevice.Create(new I2cConnectionSettings(1, 0x68))))), Sensors.Read, channels)
    : new DelegateSampleSource(3, SimulatedMachine.Read, channelNames: channels);
using var sensor = new SensorMonitor(source);

// What the model was trained on; record and decide with the same numbers.
var options = new DecisionLoopOptions
{
    Period = TimeSpan.FromMilliseconds(8),
    WindowLength = 64,
    Hop = 32,
    Features = [Feature.Mean, Feature.Variance, Feature.Rms, Feature.Peak],
    Filter = new DecisionFilterOptions { Hysteresis = 0.1f, Votes = 3 },
};
if (record)
{
    try
    {
        long rows = new LoopRecorder(sensor, options).Record(args[1], args[2], TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)));
        Console.WriteLine($"{rows} rows in {args[1]}");
        return rows > 0 ? 0 : 1;
    }
    catch (Exception exception) when (exception is IOException or ArgumentException or FormatException or OverflowException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

EdgeModel model = EdgeModel.Load(Path.Combine(AppContext.BaseDirectory, "model.edge"));
using var host = new ModelHost(model, version: 1);
using ModelSlot slot = host.CreateSlot();
using GpioController? gpio = wiring.Length > 1 ? new GpioController() : null;
List<IDecisionOutput> outputs = [new ClassTextOutput(text => Console.WriteLine(text ?? "not known"))];
if (gpio is not null)
{
    var pin = new PinOutput(gpio, int.Parse(wiring[1], CultureInfo.InvariantCulture), "shaking");
    Console.WriteLine(pin.Description);
    outputs.Add(pin);
}

DecisionLoop loop;
try
{
    loop = new DecisionLoop(sensor, slot, options, outputs);
}
catch (ArgumentException exception)
{
    // The model was trained on something else than the loop gives, or has no such class.
    Console.Error.WriteLine(exception.Message);
    return 1;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
loop.Run(stop.Token);
loop.Dispose();
return 0;
