using System.Numerics;

namespace EdgeInference.ModelConverter.Data;

/// <summary>
/// Random numbers that are the same on every machine and version of .NET: xoshiro256** of Blackman and Vigna ("Scrambled
/// linear pseudorandom number generators", ACM TOMS 47, 2021), its state filled from the seed by SplitMix64 as they advise.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    internal Xoshiro256(ulong seed)
    {
        s0 = SplitMix64(ref seed);
        s1 = SplitMix64(ref seed);
        s2 = SplitMix64(ref seed);
        s3 = SplitMix64(ref seed);
    }

    /// <summary>The next 64 random bits.</summary>
    internal ulong Next()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A multiple of 2⁻⁵³ from 0 to below 1, each equally likely.</summary>
    internal double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to below <paramref name="limit"/>, each equally likely.</summary>
    internal int Next(int limit)
    {
        // Numbers from the uneven rest at the top would favour the low results, so they are drawn again.
        ulong range = (ulong)limit;
        ulong even = ulong.MaxValue - (ulong.MaxValue % range);
        ulong bits;
        do
        {
            bits = Next();
        }
        while (bits >= even);

        return (int)(bits % range);
    }

    /// <summary>Puts elements into a random order, each equally likely (Fisher and Yates, in Durstenfeld's form).</summary>
    internal void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
