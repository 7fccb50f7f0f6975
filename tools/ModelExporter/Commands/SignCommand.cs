using System.CommandLine;
using System.Security.Cryptography;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge sign</c>: puts a signature and a version on a model.</summary>
internal static class SignCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var key = new Option<string>("--key", "-k") { Description = "A P-256 private key in PEM format.", Required = true };
        var version = new Option<ulong>("--model-version") { Description = "The model's version; a device accepts it only if it is newer than the model in use.", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "Where the signed model goes; the model itself by default." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("sign", "Signs a model with ECDSA P-256.") { model, key, version, output, json };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(model);
            OutputPaths.Check([("--key", result.GetRequiredValue(key))], [("--output", result.GetValue(output) ?? path)]);
            Terminal.LeaveTo(result.GetValue(output), result.GetValue(json));
            return Run(path, result.GetRequiredValue(key), result.GetRequiredValue(version), result.GetValue(output) ?? path, result.GetValue(json));
        });
        return command;
    }

    private static int Run(string modelPath, string keyPath, ulong version, string outputPath, bool json)
    {
        byte[] signed;
        string keyId;
        using (ECDsa key = KeyFile.Private(keyPath))
        using (EdgeModel model = ModelLoader.Load(modelPath))
        {
            signed = ModelSignature.Sign(model.File.Bytes.Memory, key, version);
            keyId = Convert.ToHexStringLower(ModelSignature.PublicKeyId(key));
        }

        AtomicFile.Write(outputPath, signed);
        if (json)
        {
            JsonOutput.Print(new { Output = outputPath, Version = version, Key = keyId });
        }
        else
        {
            Terminal.Notes.WriteLine($"{outputPath}: version {version}, key {keyId}");
        }

        return EdgeCommand.Done;
    }
}
