using System.Security.Cryptography;
using EdgeInference.Devices;
using EdgeInference.Runtime;

namespace EdgeDevice;

/// <summary>Whether a model is there that the service would take. It reads the files and takes no lock.</summary>
internal sealed class ModelCheck : ICheck
{
    public string Name => "model";

    public IEnumerable<Finding> Run(Examination examination)
    {
        Machine machine = examination.Machine;
        EdgeOptions options = examination.Options;
        string[] files = [.. machine.List(options.ModelFolder, "*.edge").Where(file => !Path.GetFileName(file).StartsWith('.')).Select(machine.Path)];
        string factory = Path.IsPathRooted(options.FactoryModel) ? machine.Path(options.FactoryModel) : Path.Combine(machine.ProgramFolder, options.FactoryModel);
        if (options.FactoryModel.Length > 0 && File.Exists(factory))
        {
            files = [.. files, factory];
        }

        if (files.Length == 0)
        {
            yield return Finding.Problem($"No model is there: {options.ModelFolder} has none, and Edge:FactoryModel ('{options.FactoryModel}') is no file.", "copy a signed model to /opt/edge-device/model.edge.");
            yield break;
        }

        var judged = files.Select(file => (File: file, Judgement: Judge(file, options))).ToList();
        foreach ((string file, (_, string reason)) in judged.Where(model => !model.Judgement.Good))
        {
            yield return judged.Any(model => model.Judgement.Good)
                ? Finding.Warning($"'{file}' is passed over: {reason}", "replace it with a model that edge verify accepts, or take it away.")
                : Finding.Problem($"'{file}' cannot be used: {reason}", "copy a model to /opt/edge-device/model.edge that edge verify --key accepts.");
        }

        foreach ((string file, (_, string what)) in judged.Where(model => model.Judgement.Good))
        {
            yield return Finding.Ok($"'{file}' is good: {what}.");
        }
    }

    // By the service's own checks, of this file alone: in a store that is not there no other model is beside it.
    private static (bool Good, string Text) Judge(string file, EdgeOptions options)
    {
        var passedOver = new List<UpdateReport>();
        try
        {
            UpdatePolicy policy = options.Updates.ToPolicy();
            using TrustedKeys keys = policy.Keys;
            using ModelUpdater updater = ModelUpdater.Inspect(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), file, policy, passedOver.Add);
            return (true, $"version {updater.Host.Version}, self-test good");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or CryptographicException)
        {
            return (false, passedOver.Count > 0 ? passedOver[0].Reason : exception.Message);
        }
    }
}
