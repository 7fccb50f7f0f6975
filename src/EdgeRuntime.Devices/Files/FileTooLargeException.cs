namespace EdgeInference.Devices;

/// <summary>A file has more bytes than its reader takes.</summary>
internal sealed class FileTooLargeException(string path, long length, int maxBytes)
    : IOException($"'{path}' has {length} bytes, more than the {maxBytes} allowed.")
{
    /// <summary>Its length in bytes, as far as it was known.</summary>
    internal long Length { get; } = length;
}
