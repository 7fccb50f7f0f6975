namespace EdgeInference.Runtime;

/// <summary>Bytes that the kernels of a session take.</summary>
/// <param name="Kept">What kernels keep between runs, all of them together.</param>
/// <param name="Scratch">What a kernel works in while it runs: the largest need of any.</param>
internal readonly record struct KernelBytes(int Kept, int Scratch);

/// <summary>
/// What the kernels of a session have besides the arena: a block for what they keep between runs, and one block of scratch for
/// all, since they run one after another.
/// </summary>
/// <remarks>
/// Sizes are known when all kernels are bound. A first binding therefore measures, in a room whose scratch has addresses and no memory:
/// a kernel touches its scratch when it runs, never when it is bound. Weights that runs alone read have addresses only too.
/// </remarks>
internal sealed unsafe class KernelRoom : IDisposable
{
    private readonly List<nint> blocks = [];
    private readonly List<(nint Block, int Bytes)> scratchBlocks = [];
    private readonly Dictionary<PackKey, nint> measured = [];
    private readonly byte* kept;
    private readonly byte* scratch;
    private readonly bool isMeasuring;
    private readonly bool isApart;

    private int keptBytes;
    private long operatorBytes;
    private long largestBytes;
    private long tableBytes;
    private long sharedAddress = NativeBlocks.Alignment;

    /// <summary>Room for kernels that are bound to be measured.</summary>
    internal KernelRoom(long maxBytes)
    {
        MaxBytes = maxBytes;
        isMeasuring = true;
    }

    /// <summary>Room for kernels that run.</summary>
    /// <param name="maxBytes">Most bytes of scratch and tables.</param>
    /// <param name="bytes">What was measured; in a checked run nothing, since every piece has a block of its own there.</param>
    internal KernelRoom(long maxBytes, KernelBytes bytes)
    {
        MaxBytes = maxBytes;
        isApart = NativeBlocks.IsChecked;
        if (!isApart)
        {
            kept = Allocate(bytes.Kept);
            scratch = Allocate(bytes.Scratch);
            scratchBlocks.Add(((nint)scratch, bytes.Scratch));
        }
    }

    internal long MaxBytes { get; }

    /// <summary>What the kernels that were bound take.</summary>
    internal KernelBytes Bytes => new(keptBytes, (int)largestBytes);

    /// <summary>Where it measures: what the model keeps for all sessions of these kernels.</summary>
    internal long SharedBytes { get; private set; }

    /// <summary>The next operator is bound: scratch begins anew.</summary>
    internal void NextOperator() => operatorBytes = 0;

    /// <summary>Zeroed memory that nobody else writes.</summary>
    internal byte* Keep(int bytes)
    {
        int offset = keptBytes;
        keptBytes = checked(keptBytes + Aligned(bytes));
        return isMeasuring || isApart ? Allocate(bytes) : kept + offset;
    }

    /// <summary>Memory for as long as the operator runs, in which anything may be when it begins; null where that would pass the limit.</summary>
    internal byte* Scratch(int bytes)
    {
        long offset = operatorBytes;
        operatorBytes += Aligned(bytes);
        largestBytes = Math.Max(largestBytes, operatorBytes);
        if (largestBytes > int.MaxValue || largestBytes + tableBytes > MaxBytes)
        {
            return null;
        }

        if (!isApart)
        {
            // Not null where it measures: null says that there is none.
            return (isMeasuring ? (byte*)NativeBlocks.Alignment : scratch) + offset;
        }

        byte* block = Allocate(bytes);
        scratchBlocks.Add(((nint)block, bytes));
        return block;
    }

    /// <summary>Counts a table, which all sessions of the model share. False where that passes the limit.</summary>
    internal bool TryCountTable(long bytes)
    {
        tableBytes += bytes;
        return largestBytes + tableBytes <= MaxBytes;
    }

    /// <summary>Where it measures: counts shared memory, once for each key, and gives it an address of its own. Else null.</summary>
    internal byte* CountShared(PackKey key, int bytes)
    {
        if (!isMeasuring)
        {
            return null;
        }

        if (!measured.TryGetValue(key, out nint address))
        {
            // Of its own, because what is packed next may tell two layers apart by it.
            address = (nint)sharedAddress;
            sharedAddress += Aligned(bytes) + NativeBlocks.Alignment;
            SharedBytes += bytes;
            measured.Add(key, address);
        }

        return (byte*)address;
    }

    /// <summary>For tests: overwrites the scratch, as another operator may.</summary>
    internal void FillScratch(byte value)
    {
        foreach ((nint block, int bytes) in scratchBlocks)
        {
            new Span<byte>((void*)block, bytes).Fill(value);
        }
    }

    public void Dispose()
    {
        foreach (nint block in blocks)
        {
            NativeBlocks.Free(block);
        }

        blocks.Clear();
    }

    private static int Aligned(int bytes) => checked(bytes + NativeBlocks.Alignment - 1) & -NativeBlocks.Alignment;

    private byte* Allocate(int bytes)
    {
        nint block = NativeBlocks.Allocate(bytes);
        blocks.Add(block);
        return (byte*)block;
    }
}
