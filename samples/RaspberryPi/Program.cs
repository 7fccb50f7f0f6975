using EdgeDevice;
using Microsoft.Extensions.Hosting;

return EdgeDeviceProgram.Run(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = [.. args.Where(CommandWords.IsSetting)],
        ContentRootPath = AppContext.BaseDirectory,
    });
    string[] verb = [.. args.Where(argument => !CommandWords.IsSetting(argument))];
    Func<EdgeOptions, int>? command = verb switch
    {
        [] => options => DeviceHost.Build(builder, options).RunEdgeDevice(),
        ["check"] => SelfCheck.Run,
        ["doctor"] => Doctor.Run,
        ["record", string path, string label, string seconds] => options => Recording.Run(options, path, label, seconds),
        ["replay", string path, .. string[] rest] => options => Replay.Run(options, path, rest),
        _ => null,
    };
    if (command is null)
    {
        Console.Error.WriteLine("edge-device [check | doctor | record FILE.csv LABEL SECONDS | replay FILE.csv] [--Edge:NAME=VALUE ...]");
        return 2;
    }

    return command(EdgeOptions.Read(builder.Configuration));
});
