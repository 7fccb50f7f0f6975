using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;

namespace EdgeInference.Runtime.Signals;

/// <summary>
/// Turns samples of a sensor into the features that a model takes: filters, a sliding window, then statistics and spectrum, all in
/// integers, so that a PC, a Raspberry Pi, EdgeInference.Nano and code of <c>edge emit</c> give the same bits. docs/numerics.md says how far
/// each feature can be from its exact value. Allocates nothing after it is made; serves one thread at a time.
/// </summary>
public sealed class SignalPipeline
{
    private readonly SignalCore core;
    private readonly int[] filters;
    private readonly short[] counts;
    private readonly float[] values;

    private SignalPipeline(SignalsRecord record)
    {
        core = new SignalCore(record.Channels, record.Length, record.Hop, record.Filters, record.Plan);
        counts = new short[record.Channels];
        values = new float[core.Count];
        filters = record.Filters;
        SamplePeriod = record.Period;
        Length = record.Length;
        Hop = record.Hop;
        Channels = Array.AsReadOnly(Enumerable.Range(0, record.Channels).Select(i => new SignalChannel(record.ChannelName(i), record.CountSize(i))).ToArray());
        FeatureNames = Array.AsReadOnly(record.FeatureNames());
    }

    /// <summary>Makes a pipeline, for instance to prepare training data.</summary>
    /// <param name="settings">What it is made of.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or two contradict one another.</exception>
    public SignalPipeline(SignalSettings settings)
        : this(Record(settings))
    {
    }

    /// <summary>The channels, in the order of a sample's values.</summary>
    public IReadOnlyList<SignalChannel> Channels { get; }

    /// <summary>Seconds from one sample to the next.</summary>
    public float SamplePeriod { get; }

    /// <summary>Samples of a window.</summary>
    public int Length { get; }

    /// <summary>Samples from the start of one window to that of the next.</summary>
    public int Hop { get; }

    /// <summary>Names of the features, those of the first channel first: <c>x_mean</c>, <c>x_band_power_0</c>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Number of features of a window.</summary>
    public int FeatureCount => core.Count;

    /// <summary>Bytes of RAM that its arrays take on a device.</summary>
    public int RamBytes => core.RamBytes;

    /// <summary>
    /// Counts by which a filtered sample can differ from the same filters in exact arithmetic where nothing saturates, the rounding to
    /// a whole count included: from their impulse responses, added up at each call. 0 without filters.
    /// </summary>
    public double FilterError => FilterBound.Error(filters);

    /// <summary>The most that the filters' outputs can be of the largest count; where it is above 1, the largest counts may saturate.</summary>
    public double FilterGain => FilterBound.Gain(filters);

    /// <summary>The pipeline whose features a model takes.</summary>
    /// <returns>Null where the model has none: it takes values as they are.</returns>
    public static SignalPipeline? Of(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        SignalsRecord? record = SignalsRecord.Read(file.Bytes, file.Metadata);
        return record is null ? null : new SignalPipeline(record);
    }

    /// <summary>Adds a sample in counts, as a sensor's registers have them.</summary>
    /// <param name="sample">One count a channel.</param>
    /// <returns>Whether a window is due: the first when <see cref="Length"/> samples are there, then every <see cref="Hop"/> samples.</returns>
    /// <exception cref="ArgumentException">The sample has another number of values.</exception>
    public bool Add(ReadOnlySpan<short> sample)
    {
        Check(sample.Length);
        sample.CopyTo(counts);
        return core.Add(counts, 0);
    }

    /// <summary>Adds a sample in the sensor's unit: each value is rounded to the nearest count of its channel, halves to the even one, and saturated to int16.</summary>
    /// <param name="sample">One value a channel.</param>
    /// <returns>Whether a window is due, as for counts.</returns>
    /// <exception cref="ArgumentException">The sample has another number of values, or one is NaN; then it was not added.</exception>
    public bool Add(ReadOnlySpan<float> sample)
    {
        Check(sample.Length);
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = SampleCounts.Of(sample[i], Channels[i].CountSize);
        }

        return core.Add(counts, 0);
    }

    /// <summary>The features of the window that ends with the last sample; ask when <see cref="Add(ReadOnlySpan{short})"/> says that one is due.</summary>
    /// <param name="features">Room for <see cref="FeatureCount"/> values: in counts, counts² for powers and the variance, log₂ for <see cref="SignalFeature.LogMelPower"/>.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public void Features(Span<float> features)
    {
        if (features.Length < values.Length)
        {
            throw new ArgumentException($"The pipeline makes {values.Length} features but there is room for {features.Length}.", nameof(features));
        }

        core.Features(values);
        values.CopyTo(features);
    }

    /// <summary>Forgets all samples, as after a gap that no window may span; the filters begin anew, as if all before were 0.</summary>
    public void Reset() => core.Reset();

    private void Check(int length)
    {
        if (length != counts.Length)
        {
            throw new ArgumentException($"A sample of this pipeline has {counts.Length} values, not {length}.");
        }
    }

    // Settings are read back as from a file, so that there is one reader and one set of checks.
    internal static SignalsRecord Record(SignalSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        byte[] record = settings.Record();
        byte[] contract = new byte[(2 * FormatLayout.ContractHeaderBytes) + 12 + record.Length];
        Span<byte> rest = contract;
        BinaryPrimitives.WriteInt32LittleEndian(rest, (int)MetadataKey.Window | (12 << 8));
        BinaryPrimitives.WriteSingleLittleEndian(rest[4..], settings.SamplePeriod);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], settings.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest[12..], settings.Hop);
        BinaryPrimitives.WriteInt32LittleEndian(rest[16..], (int)MetadataKey.Signals | (record.Length << 8));
        record.CopyTo(rest[20..]);
        var bytes = new ModelBytes(contract);
        return SignalsRecord.Read(bytes, new ModelMetadata(bytes, 0, contract.Length))!;
    }
}
