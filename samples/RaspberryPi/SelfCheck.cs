using System.Runtime.InteropServices;
using EdgeRuntime.Devices;
using EdgeRuntime.Signals;

namespace EdgeDevice;

/// <summary><c>edge-device check</c>: whether this machine computes what it should and has a usable model, without touching a sensor or a pin.</summary>
internal static class SelfCheck
{
    internal static int Run(EdgeOptions options)
    {
        bool features = FeatureCheck.Hash() == FeatureCheck.ExpectedHash;
        Console.WriteLine($"processor: {RuntimeInformation.ProcessArchitecture}");
        Console.WriteLine($"features: {(features ? "bit-identical" : "differ from other machines")}");
        using ModelUpdater updater = ModelUpdater.Open(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy(), report => Console.WriteLine($"passed over: {report.Origin}: {report.Reason}"));
        Console.WriteLine($"model: version {updater.Host.Version}, {updater.Host.InputLength} inputs, self-test good");
        return features ? 0 : 1;
    }
}
