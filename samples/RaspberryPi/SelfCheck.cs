using System.Runtime.InteropServices;
using EdgeInference.Devices;
using EdgeInference.Runtime.Signals;

namespace EdgeDevice;

/// <summary><c>edge-device check</c>: whether this machine computes what it should and has a usable model, without touching a sensor or a pin.</summary>
internal static class SelfCheck
{
    internal static int Run(EdgeOptions options)
    {
        bool features = FeatureCheck.Hash() == FeatureCheck.ExpectedHash;
        Console.WriteLine($"processor: {RuntimeInformation.ProcessArchitecture}");
        Console.WriteLine($"features: {(features ? "bit-identical" : "differ from other machines")}");
        using ModelUpdater updater = ModelUpdater.Inspect(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy(), report => Console.WriteLine($"passed over: {report.Origin}: {report.Reason}"));
        Console.WriteLine($"model: version {updater.Host.Version}, {updater.Host.InputLength} inputs, self-test good");
        CheckSettings(options, updater.Host);
        Console.WriteLine("settings: fit the model");
        return features ? 0 : 1;
    }

    // By the rules of the service's own start, on a source that is never read.
    private static void CheckSettings(EdgeOptions options, ModelHost host)
    {
        using ModelSlot slot = host.CreateSlot();
        if (options.Output.Refusal(EdgeOptions.OutputPath, slot.ClassTexts, slot.Classes) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        string[] channels = Wiring.ChannelNames(options.Sensor);
        using var sensor = new SensorMonitor(new DelegateSampleSource(channels.Length, _ => { }, channelNames: channels));
        using var loop = new DecisionLoop(sensor, slot, options.Loop.ToLoop(slot), []);
    }
}
