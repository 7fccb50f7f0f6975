namespace EdgeInference.ModelConverter.Data;

/// <summary>The rows of each class, from which parts with the classes in the same proportion are dealt.</summary>
internal static class ClassMembers
{
    /// <summary>Row indices by class, ascending.</summary>
    /// <param name="labels">The class of each row, 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes.</param>
    internal static int[][] Of(ReadOnlySpan<int> labels, int classes)
    {
        int[] sizes = new int[classes];
        foreach (int label in labels)
        {
            sizes[label]++;
        }

        int[][] members = Array.ConvertAll(sizes, size => new int[size]);
        int[] filled = new int[classes];
        for (int row = 0; row < labels.Length; row++)
        {
            int label = labels[row];
            members[label][filled[label]++] = row;
        }

        return members;
    }

    /// <summary>Row indices by class, each class in a random order.</summary>
    /// <param name="labels">The class of each row, 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="random">Gives the order, one class after the other.</param>
    internal static int[][] Shuffled(ReadOnlySpan<int> labels, int classes, Xoshiro256 random)
    {
        int[][] members = Of(labels, classes);
        foreach (int[] rows in members)
        {
            random.Shuffle(rows);
        }

        return members;
    }

    /// <summary>The part of each row, 0 to <paramref name="parts"/> − 1; parts differ by one row at most.</summary>
    /// <param name="members">The rows of each class.</param>
    /// <param name="parts">Number of parts.</param>
    internal static int[] Deal(int[][] members, int parts)
    {
        int[] part = new int[members.Sum(rows => rows.Length)];

        // Each class goes on where the one before ended.
        int next = 0;
        foreach (int row in members.SelectMany(rows => rows))
        {
            part[row] = next++ % parts;
        }

        return part;
    }
}
