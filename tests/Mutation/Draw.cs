namespace EdgeInference.Mutation;

/// <summary>Draws automatic mutants: first a kind, then one of its places, so that numbers do not crowd out lost checks.</summary>
internal static class Draw
{
    internal static List<Mutant> From(IReadOnlyList<Mutant> all, int count, Random random)
    {
        List<(string Kind, List<Mutant> Left)> kinds =
            [.. all.GroupBy(mutant => mutant.Name).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.ToList()))];
        var drawn = new List<Mutant>();
        var places = new HashSet<(string, Microsoft.CodeAnalysis.Text.TextSpan)>();
        while (drawn.Count < count && kinds.Count > 0)
        {
            int kind = random.Next(kinds.Count);
            List<Mutant> left = kinds[kind].Left;
            int index = random.Next(left.Count);
            Mutant mutant = left[index];
            left.RemoveAt(index);
            if (left.Count == 0)
            {
                kinds.RemoveAt(kind);
            }

            // One fault a place: the second would tell little that the first does not.
            if (places.Add((mutant.File, mutant.Forms[0].Span)))
            {
                drawn.Add(mutant);
            }
        }

        return drawn;
    }
}
