namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A sensor whose calls end when the test lets them.</summary>
internal sealed class SlowSource(int channels = 1) : ISampleSource
{
    // Only to end a test that would hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim released = new(0);
    private int starts;
    private int reads;
    private int disposals;

    internal Func<int, float> Value { get; set; } = read => read;

    internal Exception? StartError { get; set; }

    internal Exception? ReadError { get; set; }

    internal int Starts => Volatile.Read(ref starts);

    internal int Reads => Volatile.Read(ref reads);

    internal int Disposals => Volatile.Read(ref disposals);

    public int Channels => channels;

    public IReadOnlyList<string> ChannelNames => [];

    public void Start()
    {
        Interlocked.Increment(ref starts);
        Stop(StartError);
    }

    public void Read(Span<float> sample)
    {
        int read = Interlocked.Increment(ref reads);
        Stop(ReadError);
        if (ReadError is null)
        {
            sample[0] = Value(read);
        }
    }

    public void Dispose() => Interlocked.Increment(ref disposals);

    /// <summary>Lets so many calls return.</summary>
    internal void Release(int calls = 1) => released.Release(calls);

    private void Stop(Exception? error)
    {
        Assert.True(released.Wait(Patience), "The test did not let the sensor return.");
        if (error is not null)
        {
            throw error;
        }
    }
}
