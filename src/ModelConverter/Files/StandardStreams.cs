using Microsoft.Win32.SafeHandles;

namespace EdgeInference.ModelConverter.Files;

/// <summary>
/// The standard streams of this process. A program with a console hands its own in, so that what it printed goes first; without
/// them the open descriptors are used.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Opens standard input.</summary>
    internal static Func<Stream> Input { get; set; } = () => Descriptor(0, FileAccess.Read);

    /// <summary>Opens standard output.</summary>
    internal static Func<Stream> Output { get; set; } = () => Descriptor(1, FileAccess.Write);

    /// <summary>Opens standard error.</summary>
    internal static Func<Stream> Error { get; set; } = () => Descriptor(2, FileAccess.Write);

    private static FileStream Descriptor(int number, FileAccess access) => new(new SafeFileHandle(number, ownsHandle: false), access, bufferSize: 0);
}
