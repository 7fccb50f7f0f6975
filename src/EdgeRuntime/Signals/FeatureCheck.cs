using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeInference.Runtime.Signals;

/// <summary>Shows that this machine computes features to the same bits as every other: a hash over features of a fixed signal.</summary>
public static class FeatureCheck
{
    /// <summary>The hash that every machine must give, lower-case hexadecimal.</summary>
    public const string ExpectedHash = "20ee4ae2180084900aa406d885db8ccd42eaf423a993aa5b7ccb68cdc04aff57";

    /// <summary>SHA-256 over the bits of all features of 64 windows of a fixed pseudo-random signal, lower-case hexadecimal.</summary>
    public static string Hash()
    {
        var window = new SlidingWindow(3, 100, 7);
        var extractor = new FeatureExtractor(3, 100, Enum.GetValues<Feature>());
        float[] samples = new float[300];
        float[] values = new float[extractor.Count];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        uint state = 1;
        for (int windows = 0; windows < 64;)
        {
            if (window.Add([Next(ref state), Next(ref state), Next(ref state)]))
            {
                window.CopyTo(samples);
                extractor.Extract(samples, values);
                hash.AppendData(MemoryMarshal.AsBytes<float>(values));
                windows++;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Numerical Recipes' linear congruential generator; its top 24 bits make an exact float32 in [−1, 1).
    private static float Next(ref uint state)
    {
        state = (state * 1664525u) + 1013904223u;
        return ((state >> 8) * (1f / 8388608f)) - 1f;
    }
}
