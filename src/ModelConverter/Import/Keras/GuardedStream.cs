using System.Runtime.CompilerServices;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// A file in memory for a reader that trusts it. Links of an HDF5 file can refer to themselves, which ends in a stack overflow
/// that nothing can catch, or in a loop: both go through here, and end in an exception. So do heaps and attributes that declare
/// gigabytes, before the reader asks for that memory.
/// </summary>
internal sealed class GuardedStream(byte[] bytes) : Stream
{
    // A reader looks at groups again and again, but not without end.
    private const int MaxTimes = 32;
    private const long AlwaysAllowed = 1 << 20;

    private long position;

    // Those read again counted again.
    private long bytesRead;
    private int lastCount;

    // Of reads one after the other.
    private ulong lastLengths;

    /// <summary>What was read last.</summary>
    internal ReadOnlySpan<byte> LastRead => bytes.AsSpan((int)position - lastCount, lastCount);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position
    {
        get => position;
        set
        {
            position = value >= 0 && value <= bytes.Length ? value : throw new InvalidDataException($"it refers to byte {value} of {bytes.Length}");
            lastLengths = 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack() || bytesRead > AlwaysAllowed + (MaxTimes * (long)bytes.Length))
        {
            throw new InvalidDataException("it contains a reference cycle");
        }

        int count = (int)Math.Min(buffer.Length, bytes.Length - position);
        bytes.AsSpan((int)position, count).CopyTo(buffer);
        position += count;
        lastCount = count;
        bytesRead += count;
        lastLengths = (lastLengths << 4) | (uint)Math.Min(count, 15);
        if (count == buffer.Length)
        {
            bytesRead += Hdf5SizeGuard.Check(bytes, (int)position - count, buffer, lastLengths);
        }

        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => bytes.Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
