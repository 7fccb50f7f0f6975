using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime;

/// <summary>Scores inputs by a file's statistics, which read arrays as the shared source for nanoFramework must.</summary>
internal readonly struct InputScore(InputStatistics? statistics, int inputLength)
{
    private readonly float[] copy = statistics is null ? [] : new float[inputLength];

    internal float Of(ReadOnlySpan<float> input)
    {
        if (statistics is null)
        {
            return 0f;
        }

        input.CopyTo(copy);
        return statistics.OutlierScore(copy);
    }
}
