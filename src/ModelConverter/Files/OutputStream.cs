using Microsoft.Win32.SafeHandles;

namespace EdgeInference.ModelConverter.Files;

/// <summary>Writes to outputs that are not ordinary files: descriptors of this process, devices, FIFOs.</summary>
internal static class OutputStream
{
    /// <summary>Writes bytes.</summary>
    internal static void Write(OutputTarget target, ReadOnlySpan<byte> bytes)
    {
        switch (target.Descriptor)
        {
            case 1:
                using (Stream stream = StandardStreams.Output())
                {
                    stream.Write(bytes);
                }

                return;
            case 2:
                using (Stream stream = StandardStreams.Error())
                {
                    stream.Write(bytes);
                }

                return;
            case > 2 or 0:
                WriteDescriptor(target.Descriptor, bytes);
                return;
            default:
                using (var stream = new FileStream(target.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
                {
                    stream.Write(bytes);
                }

                return;
        }
    }

    private static void WriteDescriptor(int descriptor, ReadOnlySpan<byte> bytes)
    {
        using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        stream.Write(bytes);

        // Asked for the handle, the stream moves the descriptor's own position on, where the next writer goes on.
        _ = stream.SafeFileHandle;
    }
}
