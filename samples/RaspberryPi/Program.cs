using EdgeDevice;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

return EdgeDeviceProgram.Run(() =>
{
    SettingsFiles.Require(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production, Console.Error);

    // Settings are read once: a watch of their file would fail the start where the machine has no more watches.
    var settings = new ConfigurationManager();
    settings.AddInMemoryCollection([new("hostBuilder:reloadConfigOnChange", "false")]);
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = CommandWords.Settings(args),
        Configuration = settings,
        ContentRootPath = AppContext.BaseDirectory,
    });
    string[] verb = [.. args.Where(argument => !CommandWords.IsSetting(argument))];
    Func<EdgeOptions, int>? command = verb switch
    {
        [] => options => DeviceHost.Build(builder, options).RunEdgeDevice(),
        ["check"] => SelfCheck.Run,
        ["doctor", .. string[] flags] when flags.All(Doctor.Flags.Contains) => options => Doctor.Run(options, flags),
        ["record", string path, string label, string seconds] => options => Recording.Run(options, path, label, seconds),
        ["record", string path, string label, string seconds, "--samples"] => options => Recording.Run(options, path, label, seconds, samples: true),
        ["replay", string path, .. string[] rest] => options => Replay.Run(options, path, rest),
        _ => null,
    };
    if (command is null)
    {
        Console.Error.WriteLine("edge-device [check | doctor [--touch] [--network] [--json] | record FILE.csv LABEL SECONDS [--samples] | replay FILE.csv [--model FILE] [--label COLUMN] [--real-time] [--json]] [--Edge:NAME=VALUE ...]");
        return 2;
    }

    return command(EdgeOptions.Read(builder.Configuration));
});
