using System.Security.Cryptography;
using EdgeDevice;
using EdgeInference.Devices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = [.. args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Except(Doctor.Flags)],
    ContentRootPath = AppContext.BaseDirectory,
});
var options = new EdgeOptions();
builder.Configuration.GetSection("Edge").Bind(options);
string[] verb = [.. args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal) || Doctor.Flags.Contains(argument))];
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
        case ["doctor", .. string[] flags] when flags.All(Doctor.Flags.Contains):
            return Doctor.Run(options, flags);
        default:
            Console.Error.WriteLine("edge-device [check | doctor [--touch] [--network] [--json] | record FILE.csv LABEL SECONDS | replay FILE.csv] [--Edge:NAME=VALUE ...]");
            return 2;
    }

    ModelUpdater updater = ModelUpdater.Open(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy(), report => Console.Error.WriteLine($"{report.Origin}: {report.Reason}"));
    using var device = new Device(options, updater, BoardPins.Open);
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
    builder.Services.AddSingleton(options.Updates);
    builder.Services.AddHostedService<DecisionService>();
    builder.Services.AddHostedService<UpdateService>();
    builder.Services.AddHostedService<StatusService>();
    using IHost host = builder.Build();
    host.Run();
    return Environment.ExitCode;
}
catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
