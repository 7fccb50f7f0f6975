using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeDevice;

/// <summary>Whether a model is there that the service would take. It reads the files and takes no lock.</summary>
internal sealed class ModelCheck : ICheck
{
    private const long MaxBytes = 64L * 1024 * 1024;

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

    private static (bool Good, string Text) Judge(string file, EdgeOptions options)
    {
        try
        {
            if (new FileInfo(file).Length is var length and > MaxBytes)
            {
                return (false, $"It has {length} bytes, more than the {MaxBytes} allowed.");
            }

            using EdgeModel model = EdgeModel.Load(File.ReadAllBytes(file));
            var policy = options.Updates.ToPolicy();
            return policy.Keys.Check(model.File) switch
            {
                SignatureStatus.UnknownKey => (false, "It is signed with a key that is not among Edge:Updates:TrustedKeys."),
                SignatureStatus.Invalid => (false, "It was changed after it was signed."),
                SignatureStatus.Unsigned when policy.RequireSignature => (false, "It is not signed."),
                _ when SelfTest.Count(model) == 0 && policy.RequireSelfTest => (false, "It has no self-test vectors."),
                _ when !SelfTest.Run(model) => (false, "It does not reproduce its self-test vectors on this machine."),
                _ => (true, $"version {ModelSignature.Of(model.File)?.Version ?? 0}, self-test good"),
            };
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            return (false, exception.Message);
        }
    }
}
