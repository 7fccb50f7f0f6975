using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;
using EdgeInference.Tool.Tests.Commands.Signals;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>The options of <c>edge train</c> for a recording of samples.</summary>
internal static class SignalRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["train --signals"] = Signals,
        ["train --count-size"] = CountSize,
    };

    private static void Signals(OptionBench bench)
    {
        Assert.Null(Of(bench.TrainWith()));
        string csv = bench.Write("samples.csv", Recording.Csv(1, 1, 100));
        Assert.Equal(["x_rms", "y_rms"], Trained(bench, csv, "--signals", "rms")!.FeatureNames);
        Assert.Equal(["x_peak", "x_mel_power_0", "y_peak", "y_mel_power_0"], Trained(bench, csv, "--signals", "lowpass:20,peak,mel_power:1")!.FeatureNames);
    }

    private static void CountSize(OptionBench bench)
    {
        string csv = bench.Write("samples.csv", Recording.Csv(1, 1, 100));
        Assert.Equal([1f, 1f], Sizes());
        Assert.Equal([0.5f, 0.5f], Sizes("--count-size", "0.5"));
        Assert.Equal([0.5f, 2f], Sizes("--count-size", "0.5,2"));

        float[] Sizes(params string[] options) => [.. Trained(bench, csv, ["--signals", "rms", .. options])!.Channels.Select(channel => channel.CountSize)];
    }

    private static SignalPipeline? Trained(OptionBench bench, string csv, params string[] options)
    {
        string path = bench.New();
        OptionBench.Done(["train", csv, "--label", "label", "-o", path, "--sample-period", "0.01", "--window", "32", "--learner", "logistic", .. options]);
        return Of(File.ReadAllBytes(path));
    }

    private static SignalPipeline? Of(byte[] file)
    {
        using EdgeModel model = EdgeModel.Load(file);
        return SignalPipeline.Of(model.File);
    }
}
