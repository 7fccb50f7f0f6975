using System.Device.Gpio;
using System.Security.Cryptography;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = [.. args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal))],
    ContentRootPath = AppContext.BaseDirectory,
});
var options = new EdgeOptions();
builder.Configuration.GetSection("Edge").Bind(options);
string[] verb = [.. args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
try
{
    switch (verb)
    {
        case []:
            break;
        case ["check"]:
            return SelfCheck.Run(options);
        case ["record", string path, string label, string seconds]:
            return Recording.Run(options, path, label, seconds);
        case ["replay", string path, .. string[] rest]:
            return Replay.Run(options, path, rest);
        case ["doctor"]:
            return Doctor.Run(options);
        default:
            Console.Error.WriteLine("edge-device [check | doctor | record FILE.csv LABEL SECONDS | replay FILE.csv] [--Edge:NAME=VALUE ...]");
            return 2;
    }

    ModelUpdater updater = ModelUpdater.Open(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy(), report => Console.Error.WriteLine(report.Outcome == UpdateOutcome.Applied ? $"New model from {report.Origin}. {report.Reason}" : $"No new model ({report.Outcome}) from {report.Origin}: {report.Reason}"));
    using var device = new Device(options, updater, () => new GpioController());
    foreach (string note in device.Notes)
    {
        Console.Error.WriteLine(note);
    }

    builder.Services.AddSystemd();
    if (!SystemdHelpers.IsSystemdService())
    {
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();

        // Behind a wrapper systemd is not the parent, and still waits to be told.
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            builder.Services.AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }

    builder.Services.AddSingleton(device);
    builder.Services.AddSingleton(options);
    builder.Services.AddHostedService<DecisionService>();
    builder.Services.AddSingleton(updater);
    new EdgeDeviceBuilder(builder.Services).AddModelUpdates(builder.Configuration.GetSection("Edge:Updates"));
    builder.Services.AddHostedService<StatusService>();
    using IHost host = builder.Build();
    host.Run();
    return Environment.ExitCode;
}
catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or Microsoft.Extensions.Options.OptionsValidationException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
