using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining;

/// <summary>Splits rows so that both parts hold the classes in the same proportion.</summary>
internal static class StratifiedSplit
{
    /// <summary>Row indices of both parts; of each class, a random <paramref name="fraction"/> rounded down goes to the second.</summary>
    internal static (int[] First, int[] Second) Of(ReadOnlySpan<int> labels, int classes, double fraction, Xoshiro256 random)
    {
        var first = new List<int>();
        var second = new List<int>();
        foreach (int[] members in ClassMembers.Shuffled(labels, classes, random))
        {
            int kept = (int)(members.Length * fraction);
            second.AddRange(members[..kept]);
            first.AddRange(members[kept..]);
        }

        return ([.. first], [.. second]);
    }
}
