using EdgeInference.Devices.Hosting;
using EdgePi;
using Microsoft.Extensions.Hosting;

// dotnet run                              decide; as set, a simulated machine, and a pin that is said
// dotnet run -- record rows.csv still 60  record a class; Ctrl-C ends it early and keeps the rows
// dotnet run -- replay rows.csv           the recording through the model, to the said pin
// Each setting of appsettings.json can be given behind them too: --Edge:Sensor:Kind=mpu6050 --Edge:Output:Simulated=false
return EdgeDeviceProgram.Run(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = [.. args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal))],
        ContentRootPath = AppContext.BaseDirectory,
    });
    var settings = DeviceSettings.Read(builder.Configuration.GetSection("Edge"));
    switch (args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray())
    {
        case []:
            return Device.Build(builder, settings).RunEdgeDevice();
        case ["record", string path, string label, string seconds]:
            return Recordings.Record(settings, path, label, seconds);
        case ["replay", string path]:
            return Recordings.Replay(settings, path);
        default:
            Console.Error.WriteLine("dotnet run [-- [record FILE.csv LABEL SECONDS | replay FILE.csv] [--Edge:NAME=VALUE ...]]");
            return 2;
    }
});
