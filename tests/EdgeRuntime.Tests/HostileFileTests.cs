using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Tests;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests;

/// <summary>Damaged files are refused by name or harmless. The checksum is mended first, so that it is the validator that must refuse.</summary>
public class HostileFileTests
{
    public static TheoryData<string> Samples => ["float32", "int8"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_flipped_byte_is_refused_or_harmless(string sample)
    {
        byte[] good = Sample(sample);
        int refused = 0;
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF, 0x10 })
            {
                byte[] bad = (byte[])good.Clone();
                bad[i] ^= mask;
                Assert.True(i is >= FormatLayout.CrcOffset and < FormatLayout.CrcOffset + 4 || RefusedOrHarmless(bad), "a wrong checksum was accepted");
                if (i >= FormatLayout.LengthOffset + 4)
                {
                    ModelBuilder.WriteCrc(bad);
                }

                refused += RefusedOrHarmless(bad) ? 1 : 0;
            }
        }

        // Weights, names and reserved bytes may hold anything; structure may not.
        Assert.InRange(refused, good.Length / 2, good.Length * 4);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_truncation_is_refused(string sample)
    {
        byte[] good = Sample(sample);
        for (int length = 0; length < good.Length; length++)
        {
            byte[] bad = good[..length];
            Assert.True(RefusedOrHarmless(bad), $"{length} bytes were accepted");
            if (length >= FormatLayout.HeaderBytes)
            {
                BitConverter.TryWriteBytes(bad.AsSpan(FormatLayout.LengthOffset), length);
                ModelBuilder.WriteCrc(bad);
                Assert.True(RefusedOrHarmless(bad), $"{length} bytes were accepted with their length and checksum");
            }
        }
    }

    // Loads, and runs where it loads. True when refused; any exception but ModelFormatException fails the test.
    private static bool RefusedOrHarmless(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool refused = false;

        // The arena is an array of the heap, so that spans over it outlive the session.
        long arena = 0;
        try
        {
            using EdgeModel model = EdgeModel.Load(file);
            arena = model.File.ArenaBytes;
            using Session session = model.CreateSession();
            Assert.InRange(session.InputLength, 1, 64);
            session.Run(new float[session.InputLength], new float[session.OutputLength]);
        }
        catch (ModelFormatException exception)
        {
            Assert.NotEmpty(exception.Section);
            Assert.InRange(exception.Offset, 0, file.Length);
            refused = true;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, arena + (64 * 1024));
        return refused;
    }

    private static byte[] Sample(string name) => name == "int8" ? SampleModel.Int8() : SampleModel.Float32();
}
