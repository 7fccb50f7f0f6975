using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace EdgeInference.Devices;

/// <summary>
/// A file on its way, outside the memory that is collected and given back at once: to clear and to collect megabytes there stops every
/// thread for milliseconds, the deciding one too. Of a file that does not begin as a model no more than the beginning is kept.
/// </summary>
internal sealed unsafe class ReceivedFile : MemoryManager<byte>
{
    private const int EnoughToRefuse = 1024;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int room;
    private byte* start;
    private int length;

    /// <summary>Reserves room; what is not filled costs nothing.</summary>
    /// <param name="room">The largest length, in bytes.</param>
    /// <exception cref="IOException">There is not enough memory.</exception>
    internal ReceivedFile(int room)
    {
        this.room = room;
        file = MemoryMappedFile.CreateNew(null, Math.Max(room, 1));
        view = file.CreateViewAccessor();
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>Whether the rest is worth receiving: what came so far is the beginning of a model, or too short to tell.</summary>
    internal bool MayBeModel => MayBe(GetSpan());

    private static ReadOnlySpan<byte> Magic => "EDGE"u8;

    public override Span<byte> GetSpan() => new(start, length);

    // Nothing moves it.
    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Whether the first bytes of a file are those of a model, or too few to tell.</summary>
    internal static bool MayBe(ReadOnlySpan<byte> start) => start.Length < Magic.Length || start.StartsWith(Magic);

    /// <summary>Of a file that is no model what a reader needs to say so; of any other the whole.</summary>
    internal static ReadOnlyMemory<byte> Needed(ReadOnlyMemory<byte> file) => MayBe(file.Span) ? file : file[..Math.Min(file.Length, EnoughToRefuse)];

    /// <summary>Adds bytes at the end, unless it is no model.</summary>
    /// <returns>Whether there was room.</returns>
    internal bool Add(ReadOnlySpan<byte> bytes)
    {
        if (!MayBeModel)
        {
            return true;
        }

        if (!bytes.TryCopyTo(new Span<byte>(start + length, room - length)))
        {
            return false;
        }

        length += bytes.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (start is not null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            start = null;
            length = 0;
        }

        view.Dispose();
        file.Dispose();
    }
}
