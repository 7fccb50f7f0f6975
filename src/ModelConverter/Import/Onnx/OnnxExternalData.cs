using System.Globalization;
using EdgeInference.ModelConverter.Files;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Reads elements that a model keeps in a file beside it (docs/ExternalData.md of the ONNX specification).</summary>
internal static class OnnxExternalData
{
    /// <summary>The bytes of a tensor. The file must lie in the model's folder or below it, links resolved.</summary>
    /// <exception cref="InputException">The location is missing, outside the folder, too short, or named by too many tensors.</exception>
    internal static ReadOnlyMemory<byte> Read(OnnxTensor tensor, string path)
    {
        if (!tensor.External.TryGetValue("location", out string? location) || location.Length == 0)
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' has external data but no location.");
        }

        if (location.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' has the location '{location}', which is not a path; export the model again.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        string file = Path.GetFullPath(Path.Combine(folder, location));
        if (!Inside(folder, file))
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' refers to the file '{location}', which is outside the model's folder; this is not allowed.");
        }

        if (!File.Exists(file))
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' is in the file '{location}', which is not next to the model; copy it there.");
        }

        string real = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        string realFolder = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        if (!Inside(realFolder, real) && !Inside(folder, real))
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' refers to the file '{location}', which links outside the model's folder; this is not allowed.");
        }

        // A FIFO would be waited for without end.
        if (FileStatus.Of(real) is { IsOrdinary: false })
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' refers to '{location}', which is not an ordinary file; copy the data into one.");
        }

        long size = new FileInfo(real).Length;
        long offset = Number(tensor, path, "offset") ?? 0;
        long length = Number(tensor, path, "length") ?? size - offset;
        if (offset < 0 || length < 0 || offset > size || length > size - offset || length > int.MaxValue)
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' needs {length} bytes at {offset} of '{location}', which has {size}; copy both files again.");
        }

        if (!tensor.Files.Allows(real, size, length))
        {
            throw new InputException($"'{path}': tensor '{tensor.Name}' and those before it name more than twice the {size} bytes of '{location}'; store each tensor once, or export the model again.");
        }

        try
        {
            return tensor.Files.Read(real, offset, (int)length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}': the file '{location}' of tensor '{tensor.Name}' cannot be read: {exception.Message}", exception);
        }
    }

    private static bool Inside(string folder, string file) =>
        file.StartsWith(folder.EndsWith(Path.DirectorySeparatorChar) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static long? Number(OnnxTensor tensor, string path, string key)
    {
        if (!tensor.External.TryGetValue(key, out string? text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InputException($"'{path}': tensor '{tensor.Name}' has the external {key} '{text}', which is not a number.");
    }
}
