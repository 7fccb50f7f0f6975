using System.Device.Gpio;
using System.Device.I2c;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeInference.Devices;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;
using EdgePi;
using Iot.Device.Imu;

// dotnet run                              decide; without a board: a simulated machine, and a pin that is said
// dotnet run -- record rows.csv still 60  record a class; Ctrl-C ends it early and keeps the rows
// dotnet run -- replay rows.csv           the recording through the model, to the said pin
// Add mpu6050 to read an MPU-6050 on I2C bus 1 and to drive the board's pin.
const int Pin = 18;
const string Class = "shaking";
string[] channels = ["x", "y", "z"];

// What the model was trained on; record, replay and decide with the same numbers.
var options = new DecisionLoopOptions
{
    Period = TimeSpan.FromMilliseconds(8),
    WindowLength = 64,
    Hop = 32,
    Features = [Feature.Mean, Feature.Variance, Feature.Rms, Feature.Peak],
    Filter = new DecisionFilterOptions { Hysteresis = 0.1f, Votes = 3 },
};
bool board = args is [.., "mpu6050"];
string[] words = board ? args[..^1] : args;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    switch (words)
    {
        case []:
            Decide();
            return 0;
        case ["record", string path, string label, string seconds] when double.TryParse(seconds, CultureInfo.InvariantCulture, out double duration):
            return Record(path, label, TimeSpan.FromSeconds(duration));
        case ["replay", string path] when !board:
            Replay(path);
            return 0;
        default:
            Console.Error.WriteLine("dotnet run [-- [record FILE.csv LABEL SECONDS | replay FILE.csv] [mpu6050]]");
            return 2;
    }
}
catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or OverflowException or UnauthorizedAccessException)
{
    // A table, a model or a pin that does not fit; the message says what and what to do.
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

SensorMonitor Sensor(string? simulated) => new(board
    ? new BindingSampleSource<Mpu6050>(3, parts => parts.Own(Sensors.CreateMpu6050(parts.Own(I2cDevice.Create(new I2cConnectionSettings(1, 0x68))))), Sensors.Read, channels)
    : new DelegateSampleSource(3, sample => SimulatedMachine.Read(simulated, sample), channelNames: channels));

PinOutput OpenPin()
{
    try
    {
        return new PinOutput(board ? new GpioController() : new GpioController(new SimulatedGpioDriver(Console.WriteLine)), Pin, Class);
    }
    catch (Exception exception) when (exception is IOException or PlatformNotSupportedException or UnauthorizedAccessException or DllNotFoundException)
    {
        throw new IOException($"GPIO {Pin} cannot be opened: {exception.Message.TrimEnd('.')}. On a board, install libgpiod and join the group gpio; elsewhere leave out mpu6050 for a pin that is said.");
    }
}

void Decide()
{
    using var host = new ModelHost(EdgeModel.Load(Path.Combine(AppContext.BaseDirectory, "model.edge")), version: 1);
    using ModelSlot slot = host.CreateSlot();
    using PinOutput pin = OpenPin();
    using SensorMonitor sensor = Sensor(null);
    using var loop = new DecisionLoop(sensor, slot, options, [new ClassTextOutput(text => Console.WriteLine(text ?? "not known")), pin]);
    Console.WriteLine(pin.Description);
    loop.Run(stop.Token);
}

int Record(string path, string label, TimeSpan duration)
{
    using SensorMonitor sensor = Sensor(label);
    var recorder = new LoopRecorder(sensor, options);
    long rows = recorder.Record(path, label, duration, stop.Token);
    Console.WriteLine($"{rows} rows in {path}");
    foreach (string note in recorder.Notes)
    {
        Console.Error.WriteLine(note);
    }

    return rows > 0 ? 0 : 1;
}

void Replay(string path)
{
    using var replay = new LoopReplay(path, channels, options);
    using var host = new ModelHost(EdgeModel.Load(Path.Combine(AppContext.BaseDirectory, "model.edge")), version: 1);
    using ModelSlot slot = host.CreateSlot();
    using PinOutput pin = OpenPin();
    ReplaySummary summary = replay.Run(slot, [pin], change => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.Time.TotalSeconds:0.000} s: {change.ClassText ?? "not known"}")), cancellation: stop.Token);
    Console.WriteLine($"{summary.Loop.Decisions} decisions; {summary.Agreeing} of {summary.Labelled} agree with their label");
    foreach (string note in summary.Notes)
    {
        Console.Error.WriteLine(note);
    }
}
