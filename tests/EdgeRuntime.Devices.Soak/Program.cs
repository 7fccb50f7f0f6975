using System.Globalization;
using EdgeInference.Devices.Soak;

return args switch
{
    ["run", string minutes] when double.TryParse(minutes, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e4 => await Soak.RunAsync(TimeSpan.FromMinutes(number)),
    ["control"] => Control.Run(),
    ["device", string folder, .. string[] settings] => SoakDevice.Run(folder, settings),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("run MINUTES");
    return 2;
}
