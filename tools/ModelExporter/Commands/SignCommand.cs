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
        var anyVersion = new Option<bool>("--any-version") { Description = "Sign a signed model again with the version that it has, or an older one, which no device takes that has seen it." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("sign", "Signs a model with ECDSA P-256.") { model, key, version, output, anyVersion, json };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(model);
            OutputPaths.Check([("--key", result.GetRequiredValue(key))], [("--output", result.GetValue(output) ?? path)]);
            if (result.GetValue(output) is { } signed)
            {
                DefaultOutput.CheckName("sign", signed);
            }

            Terminal.LeaveTo(result.GetValue(output), result.GetValue(json));
            return Run(path, result.GetRequiredValue(key), result.GetRequiredValue(version), result.GetValue(output) ?? path, result.GetValue(anyVersion), result.GetValue(json));
        });
        return command;
    }

    private static int Run(string modelPath, string keyPath, ulong version, string outputPath, bool anyVersion, bool json)
    {
        byte[] signed;
        string keyId;
        using (ECDsa key = KeyFile.Private(keyPath))
        using (EdgeModel model = ModelLoader.Load(modelPath))
        {
            RefuseOlder(model, modelPath, version, anyVersion);
            signed = ModelSignature.Sign(model.File.Bytes.Memory, key, version);
            keyId = Convert.ToHexStringLower(ModelSignature.PublicKeyId(key));
        }

        Write(outputPath, signed, modelPath);
        if (KeyFile.Exposure(keyPath) is { } exposure)
        {
            Terminal.Say($"warning: {exposure}");
        }

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

    private static void RefuseOlder(EdgeModel model, string path, ulong version, bool anyVersion)
    {
        if (!anyVersion && ModelSignature.Of(model.File)?.Version is { } signed && version <= signed)
        {
            throw new InputException($"'{path}' is signed already, with version {signed}, and a device that has it takes only a newer one; give a --model-version above {signed}, or --any-version to sign it with {version} all the same.");
        }
    }

    // A new file is as private as the model that it was made of, from its first byte on.
    private static void Write(string path, byte[] signed, string model)
    {
        bool isNew = !OperatingSystem.IsWindows() && path != "-" && !File.Exists(path) && !Directory.Exists(path) && File.Exists(model) && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)));
        if (!isNew || OperatingSystem.IsWindows())
        {
            AtomicFile.Write(path, signed);
            return;
        }

        try
        {
            UnixFileMode mode = File.GetUnixFileMode(model);
            using (new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite) }))
            {
                File.SetUnixFileMode(path, mode);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {exception.Message}", exception);
        }

        try
        {
            AtomicFile.Write(path, signed);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
