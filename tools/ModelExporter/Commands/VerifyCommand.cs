using System.CommandLine;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge verify</c>: whether a model is whole, computes what it should on this machine, and is signed by whom it should be.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var keys = new Option<string[]>("--key", "-k") { Description = "P-256 public keys in PEM format; if given, the model must be signed with one of them.", DefaultValueFactory = _ => [] };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Checks a model's checksum, self-test vectors and signature.") { model, keys, json };
        command.SetAction(result => Run(result.GetRequiredValue(model), result.GetRequiredValue(keys), result.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string[] keyPaths, bool json)
    {
        using TrustedKeys keys = KeyFile.Public(keyPaths);
        using EdgeModel model = ModelLoader.Load(modelPath);
        int vectors = SelfTest.Count(model);
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            if (!SelfTest.Run(model, kernels))
            {
                throw new InputException($"'{modelPath}' does not reproduce its self-test vectors with the {kernels.ToString().ToLowerInvariant()} kernels on this machine; export it again.");
            }
        }

        ModelSignature? signature = ModelSignature.Of(model.File);
        if (keys.Count > 0 && keys.Check(model.File) is var status and not SignatureStatus.Valid)
        {
            throw new InputException(status switch
            {
                SignatureStatus.Unsigned => $"'{modelPath}' is not signed; sign it with 'edge sign'.",
                SignatureStatus.UnknownKey => $"'{modelPath}' is signed with key {signature!.KeyId}, which is not one of the given keys.",
                _ => $"'{modelPath}' was changed after it was signed: the signature does not match its bytes.",
            });
        }

        if (json)
        {
            JsonOutput.Print(new { SelfTestVectors = vectors, Version = signature?.Version, Key = signature?.KeyId, SignatureChecked = signature is not null && keys.Count > 0 });
            return EdgeCommand.Done;
        }

        Console.Out.WriteLine("checksum: good");
        Console.Out.WriteLine(vectors == 0 ? "self-test: the model has no vectors" : $"self-test: {vectors} vectors reproduced");
        Console.Out.WriteLine(
            signature is null ? "signature: none"
            : keys.Count == 0 ? $"signature: version {signature.Version}, key {signature.KeyId}, not checked (no --key)"
            : $"signature: good, version {signature.Version}, key {signature.KeyId}");
        return EdgeCommand.Done;
    }
}
