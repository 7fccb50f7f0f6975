namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A source that does what the test says at each read.</summary>
internal sealed class ScriptedSource(int channels, Action<int, float[]> read) : ISampleSource
{
    private readonly float[] buffer = new float[channels];

    internal int Reads { get; private set; }

    internal int Starts { get; private set; }

    internal bool IsMissing { get; set; }

    public int Channels => channels;

    public void Start()
    {
        Starts++;
        if (IsMissing)
        {
            throw new IOException("No such device.");
        }
    }

    public void Read(Span<float> sample)
    {
        read(Reads++, buffer);
        buffer.CopyTo(sample);
    }

    public void Dispose()
    {
    }
}
