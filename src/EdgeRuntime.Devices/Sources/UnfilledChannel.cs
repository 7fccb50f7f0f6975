namespace EdgeInference.Devices;

/// <summary>What a sample holds before a sensor fills it: a NaN with bits that no sensor computes, so that a channel that was left out can be named.</summary>
internal static class UnfilledChannel
{
    private const uint Bits = 0x7FC0_ED6E;

    internal static void Mark(Span<float> sample) => sample.Fill(BitConverter.UInt32BitsToSingle(Bits));

    internal static bool Is(float value) => BitConverter.SingleToUInt32Bits(value) == Bits;
}
