using CsCheck;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>Seeds of random models: half of them the same in every run, so that a fault is caught in every run or in none, half new.</summary>
internal static class Seeds
{
    /// <summary>Times as many models as an ordinary run draws: EDGE_ROUNDS in the environment, for a soak; 1 otherwise.</summary>
    internal static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("EDGE_ROUNDS"), out int rounds) && rounds > 0 ? rounds : 1;

    /// <summary>Tries a property on as many seeds, several at a time; the seed that it fails for is in the message.</summary>
    /// <param name="count">Seeds of four rounds: an ordinary run takes a quarter of them.</param>
    /// <param name="holds">The property.</param>
    internal static void Each(int count, Func<int, bool> holds)
    {
        count = count * Rounds / 4;
        Parallel.For(0, count / 2, seed => Assert.True(holds(seed), $"It does not hold for seed {seed}."));
        Gen.Int.Sample(holds, iter: count - (count / 2));
    }

    /// <summary>The first seeds of as many batches of a size.</summary>
    internal static int[] Batches(int count, int size) =>
        [.. Enumerable.Range(0, count).Select(batch => batch < (count + 1) / 2 ? batch * size : Random.Shared.Next(int.MaxValue / 2))];
}
